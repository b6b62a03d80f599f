import { MeterProvider } from '@nanometer/metrics';
import { describe, expect, test } from '@jest/globals';
import { hostileStream, unsoundSeries } from '@nanometer/testing';
import * as fc from 'fast-check';
import { CONTRACT, desk, type Desk, fill, INVERSE } from './desk.ts';

const id = fc.integer({ min: 0, max: 12 }).map(String);
const price = fc.integer({ min: 1, max: 200 });
const quantity = fc.integer({ min: 1, max: 9 });
const strategy = fc.constantFrom('maker', 'taker');
const market = fc.constantFrom(
  { exchange: CONTRACT.exchange, symbol: CONTRACT.symbol },
  { exchange: INVERSE.exchange, symbol: INVERSE.symbol },
  { exchange: CONTRACT.exchange, symbol: 'UNKNOWN' },
);
/** Mostly forward, sometimes far back or ahead. */
const timeMs = fc.oneof({ arbitrary: fc.nat(60_000), weight: 9 }, { arbitrary: fc.constantFrom(-1e9, 1e9), weight: 1 });
const side = fc.constantFrom('buy', 'sell');

function event(fields: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<object> {
  return fc.tuple(market, fc.record(fields)).map(([where, rest]) => Object.assign({}, where, rest));
}

const EVENTS = {
  onFill: event({
    fillId: id,
    strategy,
    side,
    liquidity: fc.constant('maker'),
    quantity,
    price,
    fee: fc.constantFrom(0, 0.1, -0.1),
    // BNB has no rate.
    feeCurrency: fc.constantFrom('USDT', 'BTC', 'BNB'),
    timeMs,
  }),
  onMark: event({ price, timeMs }),
  onRate: fc.record({ currency: fc.constantFrom('USDT', 'BTC'), rate: price, timeMs }),
  onCorrection: event({ kind: fc.constantFrom('bust', 'correct'), fillId: id, strategy, price }),
  onFunding: event({ paymentId: id, strategy, amount: fc.constantFrom(1, -1), timeMs }),
  onBorrow: event({ paymentId: id, strategy, amount: quantity, currency: fc.constantFrom('USDT', 'EUR'), timeMs }),
  onStop: event({ stopId: id, strategy, side, price, timeMs }),
  onStopTriggered: fc.record({ stopId: id, timeMs }),
  onStopFilled: fc.record({ stopId: id, price, timeMs }),
  onAverageTrueRange: event({ value: price }),
  onVeto: fc.record({ strategy, reason: fc.constant('fat_finger') }),
} as const;

function give({ risk }: Desk, method: string, given: unknown): string {
  return (risk[method as 'onVeto'] as (event: never) => string).call(risk, given as never);
}

describe('a hostile stream', () => {
  test('throws nothing, is counted by cause, and leaves every number finite and the totals those of the positions', async () => {
    await fc.assert(
      fc.asyncProperty(hostileStream(EVENTS, 80), async (stream) => {
        const limits = { grossExposure: { hard: 1e6 }, drawdownRatio: { soft: 0.1, hard: 0.5 } };
        const made = desk({ limits, stopLimit: 8, scenarioCount: 4, riskMethods: ['historical', 'parametric'] });
        const { exchange, symbol } = CONTRACT;
        made.risk.defineReturns({ exchange, symbol, returns: [0.1, -0.1, 0.05, -0.2] });
        const refused = new Map<string, number>();
        for (const [method, given] of stream) {
          const result = give(made, method, given);
          if (result !== 'applied') refused.set(result, (refused.get(result) ?? 0) + 1);
        }
        made.risk.closePeriod();
        const series = await made.recording.series('risk.');
        for (const [cause, times] of refused) {
          expect([cause, series[`risk.event.dropped{${cause}}`]]).toEqual([cause, times]);
        }
        expect(unsoundSeries(series)).toEqual([]);
        const { total } = made.risk.exposure();
        const scale = Math.max(1, total.gross);
        expect(Math.abs(total.gross - (total.long + total.short)) / scale).toBeLessThan(1e-9);
        expect(Math.abs(total.net - (total.long - total.short)) / scale).toBeLessThan(1e-9);
        expect(made.risk.stopCount).toBeLessThanOrEqual(8);
        expect(made.risk.ledger.cashIdentityError()).toBeLessThan(1e-9);
        await made.risk.close();
      }),
      { numRuns: 25 },
    );
  });

  test('an amount without a rate is out of every total and counted, and in them once there is a rate', async () => {
    const { risk, recording } = desk({ reportingCurrency: 'EUR' });
    const { exchange, symbol } = INVERSE;
    risk.onFill(fill(2, 100, { exchange, symbol }));
    expect([risk.exposure().total.gross, risk.equity()]).toEqual([0, 10_000]);
    expect(await recording.series('risk.event.dropped')).toEqual({ 'risk.event.dropped{missing_rate}': 1 });
    risk.onRate({ currency: 'USD', rate: 1, timeMs: 1 });
    expect(risk.exposure().total.gross).toBe(200);
  });
});

describe('ten thousand symbols', () => {
  test('keep to every limit, each event beyond it under its cause', async () => {
    const contracts = Array.from({ length: 10_000 }, (_, at) => ({ ...CONTRACT, symbol: `S${at}` }));
    const options = { contracts, positionLimit: 500, fillIdLimit: 100, stopLimit: 100, groupLimit: 10 };
    const { risk, recording } = desk(options, MeterProvider);
    for (const { symbol } of contracts) {
      risk.onFill(fill(1, 100, { symbol }));
      risk.onMark({ exchange: 'venue', symbol, price: 90, timeMs: 1000 });
      const stop = {
        stopId: symbol,
        strategy: 'maker',
        exchange: 'venue',
        symbol,
        side: 'sell',
        price: 80,
        timeMs: 1,
      } as const;
      risk.onStop(stop);
      risk.onVeto({ strategy: symbol, reason: 'limit' });
    }
    expect([risk.ledger.positions().length, risk.stopCount]).toEqual([500, 100]);
    expect(risk.exposure().total.gross).toBeCloseTo(500 * 90, 6);
    const series = await recording.series('risk.event.dropped', 'risk.exposure.group.gross');
    expect(series).toMatchObject({
      'risk.event.dropped{position_limit}': 9500,
      'risk.event.dropped{stop_limit}': 9900,
      'risk.event.dropped{series_limit}': 10_000 - 1024,
    });
    const groups = Object.keys(series).filter((key) => key.startsWith('risk.exposure.group.gross{symbol'));
    expect(groups.length).toBeLessThanOrEqual(11);
  });
});
