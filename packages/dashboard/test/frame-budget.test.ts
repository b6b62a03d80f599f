import { describe, expect, test } from '@jest/globals';
import { FrameBudget } from '../src/page/view/frame-budget.ts';

describe('the budget of a frame', () => {
  test('leaves room for what the browser does with what panels wrote', () => {
    const budget = new FrameBudget(12);
    for (let frame = 0; frame < 60; frame++) budget.learn(2, 8);
    expect(budget.panelsMs).toBeCloseTo(3, 3);
    for (let frame = 0; frame < 60; frame++) budget.learn(2, 2.4);
    expect(budget.panelsMs).toBeCloseTo(10, 3);
  });

  test('learns nothing from a frame in which nothing was done, and little from a tab that stood still', () => {
    const budget = new FrameBudget(12);
    const before = budget.panelsMs;
    for (const panelsMs of [0, 0.1, NaN, -1]) budget.learn(panelsMs, 1000);
    for (const wholeMs of [NaN, 1]) budget.learn(2, wholeMs);
    expect(budget.panelsMs).toBe(before);
    for (let frame = 0; frame < 200; frame++) budget.learn(1, 1e9);
    expect(budget.panelsMs).toBeCloseTo(0.6, 6);
    budget.learn(1, Infinity);
    expect(budget.panelsMs).toBeGreaterThan(0.5);
  });
});
