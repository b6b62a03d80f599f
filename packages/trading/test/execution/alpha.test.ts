import { describe, expect, test } from '@jest/globals';
import { unitValue } from '@nanometer/quant';
import type { Fill, QuoteEvent } from '@nanometer/trading';
import * as fc from 'fast-check';
import { desk } from '../desk.ts';
import { CONTRACT, fill, INVERSE } from '../events.ts';
import { expectClose, quote } from './quotes.ts';

const EXECUTION = { execution: { horizonsSeconds: [0, 1], holdingSeconds: 1, alphaWindowSeconds: 60 } };

describe('alpha generation rate', () => {
  const event = fc.record({
    gapMs: fc.integer({ min: 1, max: 900 }),
    kind: fc.constantFrom('quote', 'fill'),
    mid: fc.integer({ min: 90, max: 110 }),
    quantity: fc.integer({ min: 1, max: 50 }),
    buys: fc.boolean(),
    fee: fc.integer({ min: -3, max: 10 }).map((cents) => cents / 100),
    arrivalMid: fc.option(fc.integer({ min: 90, max: 110 }), { nil: undefined }),
  });

  test('alpha rate and its parts equal their recomputation on random streams', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 150, maxLength: 250 }), fc.boolean(), async (events, isInverse) => {
        const { trading, recording } = desk(EXECUTION);
        const contract = isInverse ? INVERSE : CONTRACT;
        const { symbol, currency } = contract;
        const quotes: QuoteEvent[] = [quote(100, 1000, { symbol })];
        const fills: Fill[] = [];
        trading.onQuote(quotes[0]!);
        let timeMs = 1000;
        for (const each of events) {
          timeMs += each.gapMs;
          if (each.kind === 'quote') {
            quotes.push(quote(each.mid, timeMs, { symbol }));
            trading.onQuote(quotes.at(-1)!);
            continue;
          }
          const { fee, arrivalMid } = each;
          const rest = { symbol, fee, timeMs, ...(arrivalMid === undefined ? {} : { arrivalMid }) };
          fills.push(fill(each.buys ? each.quantity : -each.quantity, each.mid, rest));
          trading.onFill(fills.at(-1)!);
        }
        const nowMs = quotes.at(-1)!.timeMs;
        const mid = ({ bid, ask }: QuoteEvent): number => (bid + ask) / 2;
        const settled = fills.flatMap((each) => {
          const due = each.timeMs + 1000;
          if (due >= nowMs) return [];
          const value = (price: number): number => unitValue(contract, price);
          const arrival = each.arrivalMid ?? mid(quotes.findLast((one) => one.timeMs < each.timeMs)!);
          const later = mid(quotes.findLast((one) => one.timeMs <= due)!);
          const quantity = each.side === 'buy' ? each.quantity : -each.quantity;
          const signal = quantity * (value(later) - value(arrival));
          return [{ due, signal, slippage: quantity * (value(each.price) - value(arrival)), fees: each.fee }];
        });
        const series = await recording.series('trading.alpha');
        const total = (part: 'signal' | 'slippage' | 'fees', from = 0): number =>
          settled.reduce((sum, each) => (each.due >= from ? sum + each[part] : sum), 0);
        if (settled.length === 0) return;
        expectClose(series[`trading.alpha.captured{venue,signal,${currency},maker}`], total('signal'), 1e4);
        expectClose(series[`trading.alpha.captured{venue,slippage,${currency},maker}`], -total('slippage'), 1e4);
        expectClose(series[`trading.alpha.captured{venue,fees,${currency},maker}`], -total('fees'), 1e4);
        const beginMs = (Math.floor(nowMs / 1000) - 59) * 1000;
        const count = settled.filter(({ due }) => due >= beginMs).length;
        const hours = (nowMs - Math.max(beginMs, Math.min(...settled.map(({ due }) => due)))) / 3_600_000;
        const rate = series[`trading.alpha.rate{venue,${currency},maker}`];
        if (count < 30 || hours < 1 / 3600) expect(rate).toBeUndefined();
        else
          expectClose(
            (rate as number) * hours,
            total('signal', beginMs) - total('slippage', beginMs) - total('fees', beginMs),
            1e4,
          );
      }),
      { numRuns: 20 },
    );
  });
});

describe('Jensen attribution', () => {
  const attribution = { benchmarks: ['BTC', 'SPX'], periodSeconds: 3600, periodsPerYear: 8760 };

  test('Jensen alpha, betas and money per hour of returns made from them', async () => {
    const { trading, recording } = desk({ execution: { attribution } });
    for (let hour = 0; hour < 60; hour++) {
      const [btc, spx] = [Math.sin(hour) / 50, Math.cos(hour * 1.7) / 100];
      const value = 0.0001 + 0.8 * btc - 0.25 * spx;
      const event = { strategy: 'maker', value, benchmarks: [btc, spx], capital: 1_000_000 };
      expect(trading.onReturn(event)).toBe('applied');
      if (hour === 28) expect(await recording.series('trading.alpha')).toEqual({});
    }
    expect(await recording.series('trading.alpha')).toEqual({
      'trading.alpha.jensen{maker}': expect.closeTo(0.876, 9),
      'trading.alpha.jensen.rate{USD,maker}': expect.closeTo(100, 6),
      'trading.alpha.beta{BTC,maker}': expect.closeTo(0.8, 9),
      'trading.alpha.beta{SPX,maker}': expect.closeTo(-0.25, 9),
      'trading.alpha.determination{maker}': expect.closeTo(1, 12),
    });
  });

  test('returns without the option, of no strategy, or that are no numbers are refused; strategies are bounded', async () => {
    const { trading: bare } = desk();
    const event = { strategy: 'maker', value: 0, benchmarks: [0, 0] };
    expect(bare.onReturn(event)).toBe('no_attribution');
    const { trading, recording } = desk({ execution: { attribution } });
    const wrong = [
      null,
      { ...event, benchmarks: undefined },
      { ...event, strategy: '' },
      { ...event, value: Number.NaN },
      { ...event, value: '1' },
      { ...event, benchmarks: [0] },
      { ...event, benchmarks: [0, Infinity] },
      { ...event, capital: -1 },
    ];
    for (const each of wrong) trading.onReturn(each as never);
    for (let at = 0; at < 1030; at++) trading.onReturn({ ...event, strategy: `s${at}` });
    expect(await recording.series('trading.event')).toEqual({
      'trading.event.dropped{invalid_event}': 2,
      'trading.event.dropped{invalid_strategy}': 1,
      'trading.event.dropped{invalid_return}': 5,
      'trading.event.dropped{series_limit}': 6,
    });
  });

  test('how many strategies are attributed is set by an option, which bounds what is taken back too', async () => {
    const event = { strategy: 'maker', value: 0, benchmarks: [0, 0] };
    const { trading } = desk({ execution: { attribution: { ...attribution, strategyLimit: 2 } } });
    expect(['a', 'b', 'c', 'a'].map((strategy) => trading.onReturn({ ...event, strategy }))).toEqual([
      'applied',
      'applied',
      'series_limit',
      'applied',
    ]);
    const { trading: next } = desk({ execution: { attribution: { ...attribution, strategyLimit: 1 } } });
    next.restoreExecution(trading.snapshotExecution());
    expect(['b', 'a'].map((strategy) => next.onReturn({ ...event, strategy }))).toEqual(['series_limit', 'applied']);
  });
});
