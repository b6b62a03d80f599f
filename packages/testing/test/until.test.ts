import { expect, test } from '@jest/globals';
import { until } from '@nanometer/testing';

test('resolves with the value that made the condition true', async () => {
  let turns = 0;
  await expect(until('third turn', () => (++turns === 3 ? turns : 0))).resolves.toBe(3);
});

test('names the condition that never came true', async () => {
  await expect(until('the moon is blue', () => false, 5)).rejects.toThrow('until the moon is blue');
});
