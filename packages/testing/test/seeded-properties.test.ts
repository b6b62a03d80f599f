import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';

test('properties have the seed of FAST_CHECK_SEED, or one of their own', () => {
  const seed = process.env['FAST_CHECK_SEED'];
  expect(fc.readConfigureGlobal().seed).toBe(seed === undefined ? undefined : Number(seed));
});
