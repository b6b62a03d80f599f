import { describe, expect, test } from '@jest/globals';
import { QuantError } from '@nanometer/quant';
import type { Payment } from '@nanometer/trading';
import { desk } from '../desk.ts';
import { fill, mark } from '../events.ts';

const KEY = { strategy: 'maker', exchange: 'venue', symbol: 'BTCUSDT' };
const payment = (paymentId: string, amount: number, rest: Partial<Payment> = {}): Payment => ({
  paymentId,
  ...KEY,
  amount,
  timeMs: 1,
  ...rest,
});

describe('money', () => {
  test('net P&L is realized and unrealized P&L less every cost', async () => {
    const { trading, recording } = desk();
    trading.onFill(fill(2, 100, { fee: 0.5 }));
    expect(await recording.series('trading.pnl.net')).toEqual({});
    trading.onMark(mark(103));
    trading.onFunding(payment('f1', 1));
    trading.onBorrow(payment('b1', 0.25));
    expect(trading.onFunding(payment('f1', 1))).toBe('duplicate');
    expect(await recording.series('trading.pnl', 'trading.funding', 'trading.borrow')).toEqual({
      'trading.pnl.realized{venue,USDT,maker,BTCUSDT}': 0,
      'trading.pnl.unrealized{venue,USDT,maker,BTCUSDT}': 6,
      'trading.pnl.net{venue,USDT,maker,BTCUSDT}': 4.25,
      'trading.funding{venue,USDT,maker,BTCUSDT}': 1,
      'trading.borrow{venue,USDT,maker,BTCUSDT}': 0.25,
    });
    expect(trading.dropped).toBe(1);
  });

  test('of a flat position needs no mark', async () => {
    const { trading, recording } = desk();
    trading.onFill(fill(1, 100, { fee: 0.5 }));
    trading.onFill(fill(-1, 102));
    expect(await recording.series('trading.pnl.net')).toEqual({ 'trading.pnl.net{venue,USDT,maker,BTCUSDT}': 1.5 });
  });

  test('a quote values a position until there is a mark price: a long one at the bid', async () => {
    const { trading, recording } = desk();
    trading.onFill(fill(1, 100));
    trading.onQuote({ exchange: 'venue', symbol: 'BTCUSDT', bid: 104, ask: 106, timeMs: 2000 });
    expect(trading.ledger.position(KEY)).toMatchObject({ unrealizedPnl: 4, markSource: 'touch' });
    trading.onMark(mark(105, 2001));
    trading.onQuote({ exchange: 'venue', symbol: 'BTCUSDT', bid: 90, ask: 91, timeMs: 2002 });
    expect(await recording.series('trading.pnl.unrealized')).toEqual({
      'trading.pnl.unrealized{venue,USDT,maker,BTCUSDT}': 5,
    });
  });

  test('the age of the mark is that of the price in use, and absent without an open position', async () => {
    const { trading, recording } = desk({ ledger: { now: () => 61_000 } });
    trading.onMark(mark(100, 1000));
    expect(await recording.series('trading.mark')).toEqual({});
    trading.onFill(fill(1, 100));
    trading.onFill(fill(1, 100, { strategy: 'other' }));
    expect(await recording.series('trading.mark')).toEqual({ 'trading.mark.age{venue,mark,BTCUSDT}': 60 });
  });
});

describe('closed trades', () => {
  const trip = (pnl: number, holdMs: number, rest = {}): ReturnType<typeof fill>[] => [
    fill(1, 100, { timeMs: 0, ...rest }),
    fill(-1, 100 + pnl, { timeMs: holdMs, ...rest }),
  ];

  test('ratios of the closed trades per strategy and currency, absent where they have no value', async () => {
    const { trading, recording } = desk();
    const ratios = (): Promise<Record<string, unknown>> =>
      recording.series(
        ...['win_rate', 'profit_factor', 'expectancy', 'payoff', 'quality', 'holding'].map(
          (ratio) => `trading.trade.${ratio}`,
        ),
      );
    expect(await ratios()).toEqual({});
    for (const one of trip(4, 1000)) trading.onFill(one);
    expect(await ratios()).toEqual({
      'trading.trade.win_rate{USDT,maker}': 1,
      'trading.trade.expectancy{USDT,maker}': 4,
      'trading.trade.holding.duration{USDT,maker}': 1,
    });
    for (const one of [...trip(2, 3000), ...trip(-2, 2000), ...trip(0, 2000)]) trading.onFill(one);
    const deviation = Math.sqrt((9 + 1 + 9 + 1) / 3);
    expect(await ratios()).toEqual({
      'trading.trade.win_rate{USDT,maker}': expect.closeTo(2 / 3, 12),
      'trading.trade.profit_factor{USDT,maker}': 3,
      'trading.trade.expectancy{USDT,maker}': 1,
      'trading.trade.payoff{USDT,maker}': 1.5,
      'trading.trade.quality{USDT,maker}': expect.closeTo((2 * 1) / deviation, 12),
      'trading.trade.holding.duration{USDT,maker}': 2,
    });
  });

  test('excursions are in basis points of the largest cost', async () => {
    const { trading, recording } = desk();
    trading.onFill(fill(2, 100));
    trading.onMark(mark(99, 1));
    trading.onMark(mark(105, 2));
    trading.onFill(fill(-2, 103));
    expect(await recording.series('trading.trade.excursion')).toEqual({
      'trading.trade.excursion{venue,adverse,maker}': [1, 100],
      'trading.trade.excursion{venue,favorable,maker}': [1, 500],
    });
  });

  test('with the options fifo and fill-to-fill every matched lot is a trade', async () => {
    const { trading, recording } = desk({ ledger: { costMethod: 'fifo', tradeGrouping: 'fill-to-fill' } });
    trading.onFill(fill(1, 100));
    trading.onFill(fill(1, 110));
    trading.onFill(fill(-2, 105));
    expect(await recording.series('trading.trade.count', 'trading.trade.gain', 'trading.trade.loss')).toEqual({
      'trading.trade.count{venue,maker,BTCUSDT,win}': 1,
      'trading.trade.count{venue,maker,BTCUSDT,loss}': 1,
      'trading.trade.gain{venue,USDT,maker,BTCUSDT}': 5,
      'trading.trade.loss{venue,USDT,maker,BTCUSDT}': 5,
    });
  });

  test('lots that had to be merged are counted', async () => {
    const { trading, recording } = desk({ ledger: { costMethod: 'fifo', lotLimit: 1 } });
    for (let at = 0; at < 3; at++) trading.onFill(fill(1, 100 + at));
    expect(await recording.series('trading.event')).toEqual({ 'trading.event.dropped{lots_merged}': 2 });
  });
});

describe('corrections and restarts', () => {
  test('a correction moves every sum to what it should have been', async () => {
    const { trading, recording } = desk();
    trading.onFill(fill(1, 100, { fillId: 'in', fee: 0.5 }));
    trading.onFill(fill(-1, 104, { fillId: 'out', fee: 0.5 }));
    expect(trading.onCorrection({ kind: 'correct', fillId: 'out', ...KEY, price: 98, fee: 0.25 })).toBe('applied');
    expect(trading.onCorrection({ kind: 'correct', fillId: 'out', ...KEY, price: 98, fee: 0.25 })).toBe('duplicate');
    expect(trading.onCorrection({ kind: 'bust', fillId: 'nobody', ...KEY })).toBe('unknown_fill');
    expect(
      await recording.series(
        'trading.trade.count',
        'trading.trade.retracted',
        'trading.trade.gain',
        'trading.trade.loss',
      ),
    ).toEqual({
      'trading.trade.count{venue,maker,BTCUSDT,win}': 1,
      'trading.trade.count{venue,maker,BTCUSDT,loss}': 1,
      'trading.trade.retracted{venue,maker,BTCUSDT,win}': 1,
      'trading.trade.gain{venue,USDT,maker,BTCUSDT}': 3,
      'trading.trade.gain.retracted{venue,USDT,maker,BTCUSDT}': 3,
      'trading.trade.loss{venue,USDT,maker,BTCUSDT}': 2.75,
    });
    trading.onCorrection({ kind: 'bust', fillId: 'out', ...KEY });
    trading.onMark(mark(101));
    expect(await recording.series('trading.fill', 'trading.fee', 'trading.pnl', 'trading.position')).toMatchObject({
      'trading.fill.notional{venue,USDT,maker,BTCUSDT}': 204,
      'trading.fill.notional.retracted{venue,USDT,maker,BTCUSDT}': 6 + 98,
      'trading.fill.corrected{venue,correct,maker,BTCUSDT}': 1,
      'trading.fill.corrected{venue,bust,maker,BTCUSDT}': 1,
      'trading.fee{venue,USDT,maker,BTCUSDT}': 0.5,
      'trading.pnl.realized{venue,USDT,maker,BTCUSDT}': 0,
      'trading.pnl.net{venue,USDT,maker,BTCUSDT}': 0.5,
      'trading.position.quantity{venue,maker,BTCUSDT}': 1,
    });
    expect(await recording.series('trading.trade.loss', 'trading.ledger')).toEqual({
      'trading.trade.loss{venue,USDT,maker,BTCUSDT}': 2.75,
      'trading.trade.loss.retracted{venue,USDT,maker,BTCUSDT}': 2.75,
      'trading.ledger.error{}': 0,
    });
  });

  test('a desk that goes on from a snapshot has its positions, sums and duplicates', async () => {
    const first = desk();
    first.trading.onFill(fill(2, 100, { fillId: 'a', fee: 0.5 }));
    first.trading.onFill(fill(-1, 104, { fillId: 'b', fee: 0.01, feeCurrency: 'BNB' }));
    first.trading.onFunding(payment('f', 0.75));
    first.trading.onMark(mark(103));
    const series = ['trading.pnl', 'trading.fee', 'trading.funding', 'trading.position'];
    const { trading, recording } = desk({ ledger: { state: first.trading.ledger.snapshot() } });
    expect(await recording.series(...series)).toEqual(await first.recording.series(...series));
    expect(trading.onFill(fill(2, 100, { fillId: 'a' }))).toBe('duplicate');
    expect(() => desk({ ledger: { state: new Uint8Array(100) } })).toThrow(QuantError);
    expect(() => desk({ ledger: { state: trading.ledger.snapshot(), costMethod: 'lifo' } })).toThrow(/set costMethod/);
  });
});
