import { describe, expect, test } from '@jest/globals';
import { type ProviderClass, SDKS } from '@nanometer/testing';
import { MeterProvider } from '@nanometer/metrics';
import type { RiskMethod } from '@nanometer/risk';
import { independenceRatio, kupiecRatio } from '@nanometer/quant';
import { CONTRACT, desk, fill, INVERSE, mark } from './desk.ts';

const BTC = { exchange: 'venue', symbol: 'BTCUSDT' };
const COIN = { exchange: 'venue', symbol: 'BTCUSD' };
/** Losses of 1 % to 20 %, in no order. */
const RETURNS = Array.from({ length: 20 }, (_, at) => -(((at * 7) % 20) + 1) / 100);
const HISTORICAL = { riskMethods: ['historical'], scenarioCount: 20 } as const;

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
    expect(await recording.series('risk.value_at_risk', 'risk.expected_shortfall')).toMatchObject({
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
    expect.objectContaining({ ...BTC, exposure: 1000, expectedShortfall: expect.closeTo(200, 9) }),
    expect.objectContaining({ ...COIN, exposure: -300, expectedShortfall: expect.closeTo(-60, 9) }),
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
    const { risk } = desk({ riskMethods: [method], scenarioCount: 60 });
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
    'risk.value_at_risk.period.count{0.95,historical}': 2,
    'risk.value_at_risk.exception.count{0.95,historical}': 1,
  });
  expect(series['risk.value_at_risk.kupiec{0.95,historical}']).toBeGreaterThan(0);
});

test('refuses returns and options that cannot be used, saying which', () => {
  const { risk } = desk(HISTORICAL);
  expect(() => risk.defineReturns({ ...BTC, returns: [0.1] })).toThrow('1 periods; scenarioCount needs 20');
  const broken = RETURNS.with(3, Number.NaN);
  expect(() => risk.defineReturns({ ...BTC, returns: broken })).toThrow('period 3 is NaN');
  expect(() => desk({ confidences: [95] })).toThrow('confidences has 95');
  expect(() => desk({ scenarioCount: 0 })).toThrow('scenarioCount is 0');
  expect(() => desk({ riskMethods: ['magic' as 'historical'] })).toThrow('riskMethods has magic');
  expect(() => desk({ riskMethods: [] })).toThrow('riskMethods is empty');
  expect(() => desk({ volatilityLambda: 1 })).toThrow('volatilityLambda is 1');
  expect([risk.tailRisk(0.3), risk.tailRisk(Number.NaN)]).toEqual([undefined, undefined]);
});

const METHODS: readonly RiskMethod[] = ['filtered_historical', 'historical', 'parametric', 'cornish_fisher', 'ewma'];

/** Returns with fat tails and little skew, in no order. */
function returnsOf(count: number, seed: number): number[] {
  return Array.from({ length: count }, (_, t) => {
    const u = (((t * 37 + seed * 11) % 101) - 50) / 50;
    return 0.01 * (u + 3 * u ** 9);
  });
}

test('every method gives its own tail on the same positions, the first unless one is named', async () => {
  const { risk, recording } = desk({ riskMethods: METHODS, scenarioCount: 200, confidences: [0.95] });
  risk.defineReturns({ ...BTC, returns: returnsOf(200, 1) });
  risk.onFill(fill(10, 100));
  expect({ ...risk.tailRisk(0.95) }).toEqual({ ...risk.tailRisk(0.95, 'filtered_historical') });
  const values = METHODS.map((method) => risk.tailRisk(0.95, method)!.valueAtRisk);
  expect(new Set(values).size).toBe(METHODS.length);
  for (const value of values) expect(value).toBeGreaterThan(5);
  const series = await recording.series('risk.value_at_risk');
  for (const [at, method] of METHODS.entries()) {
    expect(series[`risk.value_at_risk{0.95,${method},USD}`]).toBeCloseTo(values[at]!, 9);
  }
  expect(desk(HISTORICAL).risk.tailRisk(0.95, 'ewma')).toBeUndefined();
});

test('components add up to the whole by every method, and name what one more unit adds', async () => {
  const { risk, recording } = desk({
    riskMethods: METHODS,
    scenarioCount: 200,
    confidences: [0.95],
    componentLimit: 1,
  });
  risk.onRate({ currency: 'BTC', rate: 100, timeMs: 0 });
  risk.defineReturns({ ...BTC, returns: returnsOf(200, 1) });
  risk.defineReturns({ ...COIN, returns: returnsOf(200, 5) });
  expect(risk.tailComponents(0.95)).toHaveLength(2);
  risk.onFill(fill(10, 100));
  risk.onFill(fill(-3, 100, { symbol: INVERSE.symbol }));
  const collected = await recording.series('risk.value_at_risk.component', 'risk.value_at_risk.marginal');
  for (const method of METHODS) {
    const whole = { ...risk.tailRisk(0.95, method)! };
    const parts = risk.tailComponents(0.95, method);
    expect(parts.reduce((sum, { valueAtRisk }) => sum + valueAtRisk, 0)).toBeCloseTo(whole.valueAtRisk, 8);
    if (!Number.isNaN(whole.expectedShortfall)) {
      expect(parts.reduce((sum, { expectedShortfall }) => sum + expectedShortfall, 0)).toBeCloseTo(
        whole.expectedShortfall,
        8,
      );
    }
    // Only the largest is exported.
    const [largest] = parts;
    const key = `{venue,0.95,${method},USD,BTCUSDT}`;
    expect(collected[`risk.value_at_risk.component${key}`]).toBeCloseTo(largest!.valueAtRisk, 8);
    expect(collected[`risk.value_at_risk.marginal${key}`]).toBeCloseTo(largest!.marginalValueAtRisk, 8);
    expect(collected[`risk.value_at_risk.component{venue,0.95,${method},USD,BTCUSD}`]).toBeUndefined();
  }
});

test('live backtests equal the formulas on their own counters, by method', async () => {
  const { risk, recording } = desk({ riskMethods: ['historical', 'ewma'], scenarioCount: 20, confidences: [0.9] });
  risk.defineReturns({ ...BTC, returns: RETURNS.map((each, at) => (at % 2 === 0 ? each : -each)) });
  risk.onFill(fill(10, 100));
  let price = 100;
  risk.onMark(mark(price));
  for (let period = 0; period < 60; period++) {
    risk.closePeriod();
    price *= period % 7 < 2 ? 0.8 : 1.11;
    risk.onMark(mark(price));
  }
  const series = await recording.series('risk.value_at_risk');
  expect(risk.backtests().map(({ method }) => method)).toEqual(['historical', 'ewma']);
  for (const { method, confidence, backtest } of risk.backtests()) {
    const { exceptions, count, transitions } = backtest;
    expect(exceptions).toBeGreaterThan(2);
    expect(count).toBe(59);
    const kupiec = kupiecRatio(exceptions, count, 0.1)!;
    const independence = independenceRatio(transitions)!;
    const key = `{${confidence},${method}}`;
    expect(series[`risk.value_at_risk.exception.count${key}`]).toBe(exceptions);
    expect(series[`risk.value_at_risk.kupiec${key}`]).toBeCloseTo(kupiec, 9);
    expect(series[`risk.value_at_risk.independence${key}`]).toBeCloseTo(independence, 9);
    expect(series[`risk.value_at_risk.conditional_coverage${key}`]).toBeCloseTo(kupiec + independence, 9);
  }
});

test('the Basel zone of each closed period is counted once there are 250', async () => {
  const { risk, recording } = desk({ ...HISTORICAL, confidences: [0.99] });
  risk.defineReturns({ ...BTC, returns: RETURNS });
  risk.onFill(fill(10, 100));
  risk.onMark(mark(100));
  risk.closePeriod();
  for (let period = 0; period < 252; period++) {
    // Six periods lose half of the price, and win it back.
    risk.onMark(mark(period % 42 === 0 ? 50 : 100));
    risk.closePeriod();
  }
  expect(await recording.series('risk.value_at_risk.basel')).toEqual({
    'risk.value_at_risk.basel.exceptions{historical}': 5,
    'risk.value_at_risk.basel.zone.count{yellow,historical}': 3,
  });
});

test('collected returns become scenarios in place of the oldest, and give a contract its first ones', () => {
  const { risk } = desk({ ...HISTORICAL, collectReturns: true, confidences: [0.95] });
  const closes = Array.from({ length: 21 }, (_, at) => 100 * 1.02 ** (at % 2) * (at === 15 ? 0.7 : 1));
  risk.onFill(fill(10, 100));
  risk.onMark(mark(closes[0]!));
  risk.closePeriod();
  for (const close of closes.slice(1, 21)) {
    expect(risk.tailRisk()).toBeUndefined();
    risk.onMark(mark(close));
    risk.closePeriod();
  }
  const returns = closes.slice(1, 21).map((close, at) => close / closes[at]! - 1);
  const exposure = 10 * closes[20]!;
  expect(risk.tailRisk()?.valueAtRisk).toBeCloseTo(-exposure * Math.min(...returns), 6);
  // Twenty quiet periods later nothing of it is left.
  for (let period = 0; period < 20; period++) risk.closePeriod();
  expect(risk.tailRisk()?.valueAtRisk).toBeCloseTo(0, 9);
  risk.defineReturns({ ...BTC, returns: RETURNS });
  expect(risk.tailRisk()?.valueAtRisk).toBeCloseTo(0.2 * exposure, 6);
  risk.onMark(mark(closes[20]! * 0.5));
  risk.closePeriod();
  expect(risk.tailRisk()?.valueAtRisk).toBeCloseTo(0.5 * 0.5 * exposure, 6);
});

test('a market that was closed for long has the scenarios that its history gives, and new ones once it moves again', () => {
  const options = {
    riskMethods: ['historical', 'filtered_historical'],
    scenarioCount: 20,
    confidences: [0.95],
  } as const;
  const { risk } = desk({ ...options, collectReturns: true });
  risk.onFill(fill(10, 100));
  const returns: number[] = [];
  let before = 100;
  const close = (price: number): void => {
    risk.onMark(mark(price));
    risk.closePeriod();
    if (returns.length > 0 || price !== 100) returns.push(price / before - 1);
    before = price;
  };
  const expectSame = (): void => {
    const { risk: told } = desk(options);
    told.onFill(fill(10, 100));
    told.onMark(mark(before));
    // It remembers 250 more than it has scenarios.
    told.defineReturns({ ...BTC, returns: returns.slice(-270) });
    for (const method of options.riskMethods) {
      const expected = told.tailRisk(0.95, method);
      expect(risk.tailRisk(0.95, method)?.valueAtRisk).toBeCloseTo(expected?.valueAtRisk as number, 9);
      expect(risk.tailRisk(0.95, method)?.expectedShortfall).toBeCloseTo(expected?.expectedShortfall as number, 9);
    }
  };
  close(100);
  for (let period = 0; period < 30; period++) close(before * (period % 2 === 0 ? 1.03 : 0.95));
  expectSame();
  for (let period = 0; period < 320; period++) {
    close(before);
    if (period > 260) expectSame();
  }
  for (let period = 0; period < 10; period++) {
    close(before * 0.98);
    expectSame();
  }
});

test('ten thousand symbols stay within their bounds', () => {
  const contracts = Array.from({ length: 10_000 }, (_, at) => ({ ...CONTRACT, symbol: `S${at}USDT` }));
  const limits = { positionLimit: 9000, fillIdLimit: 100, scenarioCount: 10 };
  const { risk } = desk({ contracts, ...limits, riskMethods: ['historical'] }, MeterProvider);
  for (const { symbol } of contracts.slice(0, 50)) risk.defineReturns({ ...BTC, symbol, returns: RETURNS });
  const results = contracts.map(({ symbol }) => risk.onFill(fill(1, 100, { symbol })));
  expect(results.filter((result) => result === 'applied')).toHaveLength(9000);
  expect(results.filter((result) => result === 'position_limit')).toHaveLength(1000);
  expect(risk.exposure().total.gross).toBeCloseTo(900_000, 6);
  expect(risk.exposure().concentration('symbol')).toBeCloseTo(1 / 9000, 12);
  expect(risk.tailRisk(0.9)?.valueAtRisk).toBeCloseTo(50 * 100 * 0.2, 6);
});

test('cornish_fisher is absent outside its domain, and back inside it', async () => {
  const options = { riskMethods: ['cornish_fisher'], scenarioCount: 200, confidences: [0.95] } as const;
  // The stock SDK cannot forget a series.
  const { risk, recording } = desk(options, MeterProvider as ProviderClass);
  // One crash in two hundred days: a skewness at which the expansion orders losses no more.
  const crash = returnsOf(200, 1).map((value, day) => (day === 7 ? -0.9 : value / 10));
  risk.defineReturns({ ...BTC, returns: returnsOf(200, 1) });
  risk.defineReturns({ exchange: 'venue', symbol: 'BTCUSD', returns: crash });
  risk.onRate({ currency: 'BTC', rate: 100, timeMs: 0 });
  risk.onFill(fill(1, 100));
  const key = 'risk.value_at_risk{0.95,cornish_fisher,USD}';
  expect(Object.keys(await recording.series('risk.value_at_risk'))).toContain(key);
  risk.onFill(fill(1000, 100, { symbol: 'BTCUSD' }));
  expect(risk.tailRisk()?.valueAtRisk).toBeNaN();
  // A series that is forgotten is reported once more.
  await recording.series('risk.value_at_risk');
  expect(Object.keys(await recording.series('risk.value_at_risk'))).not.toContain(key);
  risk.onFill(fill(-1000, 100, { symbol: 'BTCUSD' }));
  expect((await recording.series('risk.value_at_risk'))[key]).toBeCloseTo(risk.tailRisk()!.valueAtRisk, 12);
});
