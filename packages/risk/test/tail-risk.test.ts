import { describe, expect, test } from '@jest/globals';
import { SDKS } from '@nanometer/testing';
import { desk, fill, INVERSE, mark } from './desk.ts';

const BTC = { exchange: 'venue', symbol: 'BTCUSDT' };
const COIN = { exchange: 'venue', symbol: 'BTCUSD' };
/** Losses of 1 % to 20 %, in no order. */
const RETURNS = Array.from({ length: 20 }, (_, at) => -(((at * 7) % 20) + 1) / 100);
const HISTORICAL = { scenarioMethod: 'historical', scenarioCount: 20 } as const;

describe.each(SDKS)('with %s', (_, Provider) => {
  test('value at risk and expected shortfall are current when onFill returns, and in the gauges', async () => {
    const { risk, recording } = desk(HISTORICAL, Provider);
    expect(risk.tailRisk()).toBeUndefined();
    risk.onFill(fill(10, 100));
    risk.defineReturns({ ...BTC, returns: RETURNS });
    expect(risk.tailRisk(0.95)).toMatchObject({ valueAtRisk: 200, expectedShortfall: 200, tailCount: 1 });
    risk.onFill(fill(-5, 100, { strategy: 'taker' }));
    expect(risk.tailRisk(0.9)).toMatchObject({ valueAtRisk: 95, tailCount: 2 });
    expect(risk.tailRisk(0.9)?.expectedShortfall).toBeCloseTo(97.5, 9);
    risk.onMark(mark(200));
    expect(risk.tailRisk(0.95)?.valueAtRisk).toBeCloseTo(200, 9);
    expect(await recording.series('risk.value_at_risk', 'risk.expected_shortfall')).toEqual({
      'risk.expected_shortfall{0.95,historical,USD}': expect.closeTo(200, 9),
      'risk.expected_shortfall{0.99,historical,USD}': expect.closeTo(200, 9),
      'risk.value_at_risk{0.95,historical,USD}': expect.closeTo(200, 9),
      'risk.value_at_risk{0.99,historical,USD}': expect.closeTo(200, 9),
      'risk.value_at_risk.uncovered{USD}': 0,
    });
  });
});

test('a position without returns, or without a rate, is left out and counted', async () => {
  const { risk, recording } = desk(HISTORICAL);
  risk.defineReturns({ ...BTC, returns: RETURNS });
  risk.onFill(fill(10, 100));
  risk.onFill(fill(-3, 100, { symbol: INVERSE.symbol }));
  expect(risk.tailRisk()?.valueAtRisk).toBeCloseTo(200, 9);
  const uncovered = async (): Promise<unknown> =>
    (await recording.series('risk.value_at_risk.uncovered'))['risk.value_at_risk.uncovered{USD}'];
  // An inverse contract of 100 USD: three of them are 300.
  expect(await uncovered()).toBe(300);
  risk.defineReturns({ ...COIN, returns: RETURNS });
  expect(await uncovered()).toBe(0);
  expect(risk.tailRisk()?.valueAtRisk).toBeCloseTo(200 - 60, 9);
  expect(risk.tailComponents(0.95)).toEqual([
    { ...BTC, amount: expect.closeTo(200, 9) },
    { ...COIN, amount: expect.closeTo(-60, 9) },
  ]);
});

test('a closed position bears no risk, however it came about', () => {
  const { risk } = desk(HISTORICAL);
  risk.defineReturns({ ...BTC, returns: RETURNS });
  for (const quantity of [0.1, 0.2, 0.7, -0.4, -0.6]) risk.onFill(fill(quantity, 100));
  expect(Math.abs(risk.tailRisk()?.valueAtRisk ?? Number.NaN)).toBeLessThan(1e-9);
});

test('filtered returns grow with the volatility of today', () => {
  const calm = Array.from({ length: 40 }, (_, at) => (at % 2 === 0 ? -0.01 : 0.01));
  const wild = Array.from({ length: 20 }, (_, at) => (at % 2 === 0 ? -0.05 : 0.05));
  const of = (method: 'filtered_historical' | 'historical', returns: readonly number[]): number => {
    const { risk } = desk({ scenarioMethod: method, scenarioCount: 60 });
    risk.defineReturns({ ...BTC, returns });
    risk.onFill(fill(10, 100));
    return risk.tailRisk(0.8)?.valueAtRisk ?? Number.NaN;
  };
  expect(of('historical', [...calm, ...wild])).toBeCloseTo(of('historical', [...wild, ...calm]), 9);
  expect(of('filtered_historical', [...calm, ...wild])).toBeGreaterThan(
    2 * of('filtered_historical', [...wild, ...calm]),
  );
});

test('each closed period is held against the value at risk when it began', async () => {
  const { risk, recording } = desk({ ...HISTORICAL, confidences: [0.95] });
  risk.closePeriod();
  risk.defineReturns({ ...BTC, returns: RETURNS });
  risk.onFill(fill(10, 100));
  risk.onMark(mark(100));
  risk.closePeriod();
  // The value at risk is 200: a loss of 200 is within it, one of 201 is not.
  risk.onMark(mark(80));
  risk.closePeriod();
  risk.onMark(mark(63));
  risk.closePeriod();
  const series = await recording.series('risk.value_at_risk');
  expect(series).toMatchObject({
    'risk.value_at_risk.period.count{0.95}': 2,
    'risk.value_at_risk.exception.count{0.95}': 1,
  });
  expect(series['risk.value_at_risk.kupiec{0.95}']).toBeGreaterThan(0);
});

test('refuses returns and options that cannot be used, saying which', () => {
  const { risk } = desk(HISTORICAL);
  expect(() => risk.defineReturns({ ...BTC, returns: [0.1] })).toThrow('1 periods; scenarioCount needs 20');
  const broken = RETURNS.with(3, Number.NaN);
  expect(() => risk.defineReturns({ ...BTC, returns: broken })).toThrow('period 3 is NaN');
  expect(() => desk({ confidences: [95] })).toThrow('confidences has 95');
  expect(() => desk({ scenarioCount: 0 })).toThrow('scenarioCount is 0');
  expect(() => desk({ scenarioMethod: 'magic' as 'historical' })).toThrow('scenarioMethod is magic');
  expect([risk.tailRisk(0.3), risk.tailRisk(Number.NaN)]).toEqual([undefined, undefined]);
});
