import { describe, expect, test } from '@jest/globals';
import { MeterProvider } from '@nanometer/metrics';
import { ATTR_TRADING_ACCOUNT, METRICS } from '@nanometer/semconv';
import {
  type Fill,
  type Mark,
  RiskInstrumentation,
  type RiskInstrumentationOptions,
  type RiskLimits,
} from '@nanometer/risk';
import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { VERSION } from '../src/version.ts';
import { CONTRACT, desk, fill, mark } from './desk.ts';
import { Recording, SDKS } from '@nanometer/testing';

describe.each(SDKS)('with %s', (_, Provider) => {
  test('positions, marks and rates become exposure, equity and drawdown', async () => {
    const { risk, recording } = desk({ limits: { grossExposure: 1000, drawdown: 100 } }, Provider);
    risk.onRate({ currency: 'BTC', rate: 100, timeMs: 0 });
    risk.onFill(fill(5, 100, { fee: 1 }));
    risk.onFill(fill(-2, 100, { strategy: 'taker', account: 'hedge' }));
    risk.onFill(fill(-2, 100, { symbol: 'BTCUSD' }));
    risk.onMark(mark(80));
    const collected = Object.entries(await recording.series('risk.'));
    expect(Object.fromEntries(collected.filter(([key]) => !/group|concentration/.test(key)))).toEqual({
      'risk.exposure.notional{venue,USD,maker,BTCUSDT}': 400,
      'risk.exposure.notional{venue,hedge,USD,taker,BTCUSDT}': -160,
      'risk.exposure.notional{venue,USD,maker,BTCUSD}': -200,
      'risk.exposure.net{USD}': 40,
      'risk.exposure.gross{USD}': 760,
      'risk.exposure.long{USD}': 400,
      'risk.exposure.short{USD}': 360,
      'risk.leverage{USD}': expect.closeTo(760 / 9939, 12),
      'risk.kill_switch.active{}': 0,
      'risk.equity{USD}': 10_000 - 100 + 40 - 1,
      'risk.drawdown{USD}': 61,
      'risk.drawdown.max{USD}': 61,
      'risk.drawdown.ratio{USD}': 0.0061,
      'risk.limit.utilization{gross_exposure}': 0.76,
      'risk.limit.utilization{drawdown}': 0.61,
    });
    risk.onMark(mark(130));
    expect(await recording.series('risk.drawdown', 'risk.equity')).toEqual({
      'risk.equity{USD}': 10_000 + 150 - 60 - 1,
      'risk.drawdown{USD}': 0,
      'risk.drawdown.max{USD}': 61,
      'risk.drawdown.ratio{USD}': 0,
    });
  });
});

test('every dimension is collected with net, gross, long and short', async () => {
  const { risk, recording } = desk({ groupLimit: 2 });
  risk.onFill(fill(5, 100));
  risk.onFill(fill(-2, 100, { strategy: 'taker', account: 'hedge' }));
  risk.onFill(fill(-1, 100, { strategy: 'third' }));
  const series = await recording.series('risk.exposure.group', 'risk.concentration');
  expect(series).toMatchObject({
    'risk.exposure.group.net{strategy,maker,USD}': 500,
    'risk.exposure.group.net{strategy,taker,USD}': -200,
    'risk.exposure.group.short{strategy,taker,USD}': 200,
    'risk.exposure.group.gross{symbol,BTCUSDT,USD}': 800,
    'risk.exposure.group.long{exchange,venue,USD}': 500,
    'risk.exposure.group.net{account,,USD}': 400,
    'risk.exposure.group.net{account,hedge,USD}': -200,
    'risk.exposure.group.gross{currency,USDT,USD}': 800,
    'risk.concentration{exchange}': 1,
    'risk.concentration{account}': 0.625,
  });
  expect(series['risk.concentration{strategy}']).toBeCloseTo((25 + 4 + 1) / 64, 12);
  // A third strategy is beyond the limit: not exported, but known.
  expect(series['risk.exposure.group.net{strategy,third,USD}']).toBeUndefined();
  expect(risk.exposure().byStrategy('third')?.net).toBe(-100);
  expect(risk.exposure().byAccount('hedge')?.gross).toBe(200);
  expect([...risk.exposure().groups('currency').keys()]).toEqual(['USDT']);
});

test('leverage is gross exposure over equity, and absent once equity is not positive', async () => {
  // The stock SDK goes on giving the last value of a series that is observed no more.
  const { risk, recording } = desk({ limits: { leverage: 5 } }, MeterProvider);
  risk.onFill(fill(100, 100));
  expect(risk.leverage()).toBe(1);
  risk.onMark(mark(20));
  expect(risk.leverage()).toBe(1);
  expect(await recording.series('risk.leverage')).toEqual({ 'risk.leverage{USD}': 1 });
  risk.onFill(fill(100, 20));
  risk.onMark(mark(10));
  expect([risk.equity(), risk.leverage()]).toEqual([0, undefined]);
  expect(await recording.series('risk.leverage')).toEqual({});
  // Exposure without equity is beyond any limit.
  expect(risk.limits()[0]).toMatchObject({ breached: true, breachCount: 1 });
});

describe('getters', () => {
  test('show capital and no drawdown before the first event', () => {
    const { risk } = desk();
    expect(risk.equity()).toBe(10_000);
    expect(risk.drawdown()).toMatchObject({ money: 0, ratio: 0, max: 0, peak: 10_000 });
    expect(risk.exposure().total).toMatchObject({ net: 0, gross: 0 });
  });

  test('are new when onFill and onMark return, by every dimension', () => {
    const { risk } = desk();
    risk.onFill(fill(5, 100));
    expect(risk.exposure().total.gross).toBe(500);
    risk.onFill(fill(-1, 100, { strategy: 'taker' }));
    expect(risk.exposure().byStrategy('taker')?.net).toBe(-100);
    risk.onMark(mark(110));
    expect(risk.exposure().bySymbol('BTCUSDT')?.net).toBe(440);
    expect(risk.exposure().byExchange('venue')?.gross).toBe(660);
    expect(risk.equity()).toBe(10_040);
    expect(risk.ledger.positions()).toHaveLength(2);
  });

  test('agree with the gauges after any events', async () => {
    const event = fc.record({
      quantity: fc.integer({ min: -50, max: 50 }).filter((quantity) => quantity !== 0),
      price: fc.integer({ min: 1, max: 1000 }),
      strategy: fc.constantFrom('a', 'b'),
      marks: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 40 }), async (events) => {
        const { risk, recording } = desk();
        for (const { quantity, price, strategy, marks } of events) {
          if (marks) risk.onMark(mark(price));
          else risk.onFill(fill(quantity, price, { strategy }));
        }
        const collected = await recording.series('risk.');
        const { net, gross } = risk.exposure().total;
        expect(collected).toMatchObject({
          'risk.exposure.net{USD}': net,
          'risk.exposure.gross{USD}': gross,
          'risk.equity{USD}': risk.equity(),
          'risk.drawdown{USD}': risk.drawdown().money,
          'risk.drawdown.max{USD}': risk.drawdown().max,
        });
        const notionals = Object.entries(collected).filter(([key]) => key.startsWith('risk.exposure.notional'));
        const sum = notionals.reduce((total, [, value]) => total + (value as number), 0);
        expect(sum).toBeCloseTo(net, 6);
      }),
      { numRuns: 30 },
    );
  });
});

describe('what cannot be counted', () => {
  test('is refused by reason and changes nothing', async () => {
    const { risk, recording } = desk();
    const first = fill(5, 100, { fillId: 'known' });
    risk.onFill(first);
    const results = [
      risk.onFill(first),
      risk.onFill(fill(0, 100)),
      risk.onFill(fill(1, Number.NaN)),
      risk.onMark(mark(0)),
      risk.onMark(mark(1, 'NOPE')),
      risk.onMark(null as unknown as Mark),
      risk.onRate({ currency: 'USDT', rate: Number.NaN, timeMs: 0 }),
      risk.onFill(undefined as unknown as Fill),
    ];
    expect(results).not.toContain('applied');
    expect(await recording.series('risk.event', 'risk.exposure.gross')).toEqual({
      'risk.event.dropped{duplicate}': 1,
      'risk.event.dropped{invalid_quantity}': 1,
      'risk.event.dropped{invalid_price}': 2,
      'risk.event.dropped{unknown_contract}': 1,
      'risk.event.dropped{invalid_event}': 2,
      'risk.event.dropped{invalid_rate}': 1,
      'risk.exposure.gross{USD}': 500,
    });
    expect(risk.dropped).toBe(8);
  });

  test('an amount without a rate stays out of the totals, counted, until the rate comes', async () => {
    const recording = new Recording();
    const { meterProvider } = recording;
    const risk = new RiskInstrumentation({ meterProvider, initialCapital: 1000, contracts: [CONTRACT] });
    expect(risk.onFill(fill(5, 100))).toBe('applied');
    risk.onMark(mark(90));
    expect(risk.exposure().total).toMatchObject({ gross: 0, missingRates: 1 });
    expect(await recording.series('risk.event', 'risk.exposure.n', 'risk.equity')).toEqual({
      'risk.event.dropped{missing_rate}': 2,
      'risk.exposure.net{USD}': 0,
      'risk.equity{USD}': 1000,
    });
    risk.onRate({ currency: 'USDT', rate: 2, timeMs: 0 });
    expect(await recording.series('risk.event', 'risk.exposure.n', 'risk.equity')).toEqual({
      'risk.event.dropped{missing_rate}': 2,
      'risk.exposure.notional{venue,USD,maker,BTCUSDT}': 900,
      'risk.exposure.net{USD}': 900,
      'risk.equity{USD}': 900,
    });
  });

  test('a drawdown ratio without capital', async () => {
    const { risk, recording } = desk({ initialCapital: 0, limits: { drawdownRatio: 0.5 } });
    risk.onFill(fill(1, 100));
    risk.onMark(mark(90));
    expect(await recording.series('risk.drawdown', 'risk.limit')).toEqual({
      'risk.drawdown{USD}': 10,
      'risk.drawdown.max{USD}': 10,
    });
    expect(risk.limits()[0]).toMatchObject({ utilization: undefined, breached: false });
  });
});

describe('the self-measured update duration', () => {
  test('is taken on every nth fill, the first included, from the clock given', async () => {
    let nowMs = 0;
    const clock = { now: () => (nowMs += 0.002) };
    const { risk, recording } = desk({ durationSampling: 4, clock });
    for (let at = 0; at < 9; at++) risk.onFill(fill(1, 100));
    expect(await recording.series('risk.update')).toEqual({
      'risk.update.duration{}': [3, expect.closeTo(0.000_006, 12)],
    });
  });

  test('leaves refused fills and a clock that goes back out', async () => {
    let nowMs = 0;
    const { risk, recording } = desk({ durationSampling: 1, clock: { now: () => nowMs-- } });
    risk.onFill(fill(1, 100));
    nowMs = Number.NaN;
    risk.onFill(fill(1, 100));
    risk.onFill(fill(0, 100));
    expect(await recording.series('risk.update')).toEqual({});
  });
});

describe('construction', () => {
  test.each<[Partial<RiskInstrumentationOptions>, RegExp]>([
    [{ initialCapital: Number.NaN }, /initialCapital is NaN/],
    [{ reportingCurrency: '' }, /reportingCurrency/],
    [{ limits: { grossExposure: 0 } }, /limits.grossExposure is 0.*above 0/],
    [{ limits: { drawdown: Number.POSITIVE_INFINITY } }, /limits.drawdown is Infinity/],
    [{ limits: { gross: 5 } as RiskLimits }, /limits.gross is unknown; there are grossExposure, netExposure/],
    [{ durationSampling: -1 }, /durationSampling is -1.*at least 0/],
    [{ positionLimit: 0 }, /positionLimit is 0/],
    [{ scenarioCount: 100_001 }, /scenarioCount is 100001; it must be 100000 at most, or scenarioCountMax be raised/],
    [{ scenarioCount: 500, scenarioCountMax: 499 }, /scenarioCount is 500; it must be 499 at most/],
    [{ scenarioCountMax: 0 }, /scenarioCountMax is 0.*at least 1/],
    [{ scenarioCountMax: Number.NaN }, /scenarioCountMax is NaN/],
    [{ scenarioCountMax: 2 ** 24 + 1 }, /scenarioCountMax is 16777217; it must be 16777216 at most/],
    [{ fillIdLimit: 0.5 }, /fillIdLimit is 0.5/],
    [{ contracts: [{ ...CONTRACT, kind: 'x' as 'linear' }] }, /kind is "x"/],
  ])('an option that cannot be used is an error: %p', (options, message) => {
    expect(() => desk(options)).toThrow(message);
  });

  test('more scenarios than usual are taken once their maximum is raised', () => {
    const { exchange, symbol } = CONTRACT;
    const { risk } = desk({ scenarioCount: 100_001, scenarioCountMax: 100_001, riskMethods: ['historical'] });
    // The losses of the scenarios are 0, 1, 2, … 100,000 thousandths of a basis point of the exposure.
    risk.defineReturns({ exchange, symbol, returns: Float64Array.from({ length: 100_001 }, (_, at) => -at / 1e7) });
    risk.onFill(fill(1, 100));
    expect(risk.tailRisk(0.99)?.valueAtRisk).toBeCloseTo(100 * 0.99 * 0.01, 5);
  });

  test('the scope version is that of the package', () => {
    const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
    expect(VERSION).toBe((JSON.parse(manifest) as { version: string }).version);
  });
});

test('metrics are recorded with the attributes they declare, and no id is among them', async () => {
  const { risk, recording } = desk({
    limits: { grossExposure: { hard: 1, soft: 0.5, kill: true } },
    durationSampling: 1,
    scenarioCount: 2,
    correlation: { minimumSteps: 1, gridStepMs: 1 },
  });
  risk.defineReturns({ exchange: 'venue', symbol: 'BTCUSDT', returns: [0.01, -0.01] });
  risk.onFill(fill(5, 100));
  risk.onFill(fill(5, -1));
  risk.onVeto({ strategy: 'maker', reason: 'fat_finger' });
  risk.onAverageTrueRange({ exchange: 'venue', symbol: 'BTCUSDT', value: 2 });
  for (const stopId of ['fill-a', 'fill-b', 'fill-c']) {
    risk.onStop({
      stopId,
      strategy: 'maker',
      exchange: 'venue',
      symbol: 'BTCUSDT',
      side: 'sell',
      price: 95,
      timeMs: 0,
    });
  }
  risk.onMark({ ...mark(90), timeMs: 1000 });
  risk.onMark({ ...mark(91), timeMs: 9000 });
  risk.onStopTriggered({ stopId: 'fill-a', timeMs: 9000 });
  risk.onStopFilled({ stopId: 'fill-a', price: 94, timeMs: 9001 });
  for (let period = 0; period < 252; period++) risk.closePeriod();
  const declared = METRICS.filter(({ name }) => name.startsWith('risk.'));
  const { names, points } = await recording.collect();
  await risk.close();
  // Correlations come from a worker, and a test of their own.
  const expected = declared.map(({ name }) => name).filter((name) => !name.startsWith('risk.correlation.'));
  expect(names.filter((name) => !name.startsWith('risk.correlation.')).sort()).toEqual(expected.sort());
  for (const [name, attributes] of points) {
    const keys = declared.find((metric) => metric.name === name)?.attributes ?? [];
    expect(Object.keys(attributes).sort()).toEqual(keys.filter((key) => key !== ATTR_TRADING_ACCOUNT).sort());
    for (const value of Object.values(attributes)) expect(value).not.toMatch(/^fill-/);
  }
});

test('exports exactly these values', async () => {
  expect(Object.keys(await import('@nanometer/risk')).sort()).toEqual([
    'QuantError',
    'RiskInstrumentation',
    'RiskOptionError',
  ]);
});

describe('corrections and payments', () => {
  test('after a bust exposure, equity, drawdown, tail risk and their gauges are current', async () => {
    const { risk, recording } = desk({ scenarioCount: 4, confidences: [0.75], riskMethods: ['historical'] });
    const { exchange, symbol } = CONTRACT;
    risk.defineReturns({ exchange, symbol, returns: [-0.1, 0.05, 0.02, -0.02] });
    risk.onFill(fill(1, 1000));
    const wrong = fill(4, 1000, { fee: 20 });
    risk.onFill(wrong);
    expect(risk.tailRisk(0.75)?.valueAtRisk).toBeCloseTo(500, 9);
    expect(risk.onCorrection({ kind: 'bust', fillId: wrong.fillId, exchange, symbol })).toBe('applied');
    expect(risk.exposure().total.net).toBe(1000);
    expect(risk.equity()).toBe(10_000);
    expect(risk.drawdown()).toMatchObject({ money: 0, max: 20 });
    expect(risk.tailRisk(0.75)?.valueAtRisk).toBeCloseTo(100, 9);
    expect(await recording.series('risk.exposure.net', 'risk.equity')).toMatchObject({
      'risk.exposure.net{USD}': 1000,
      'risk.equity{USD}': 10_000,
    });
  });

  test('funding and borrow reduce equity at once, and what is refused is counted', () => {
    const { risk } = desk();
    const { exchange, symbol } = CONTRACT;
    const payment = { paymentId: 'p1', strategy: 'maker', exchange, symbol, amount: 30, timeMs: 1 };
    risk.onFill(fill(1, 1000));
    expect(risk.onFunding(payment)).toBe('applied');
    expect(risk.onBorrow({ ...payment, paymentId: 'p2', amount: 5 })).toBe('applied');
    expect(risk.equity()).toBe(9965);
    expect(risk.drawdown().money).toBe(35);
    expect(risk.onFunding(payment)).toBe('duplicate');
    expect(risk.onBorrow({ ...payment, paymentId: 'p3', amount: Infinity })).toBe('invalid_amount');
    expect(risk.onCorrection({ kind: 'bust', fillId: 'none', exchange, symbol })).toBe('unknown_fill');
    expect(risk.equity()).toBe(9965);
    expect(risk.dropped).toBe(3);
  });
});
