import { describe, expect, test } from '@jest/globals';
import {
  MARKOUT_CELLS,
  MARKOUT_DUE,
  MARKOUT_LATER_MID,
  MARKOUT_PRICE,
  MARKOUT_TIME,
  MarkoutQueue,
  type MarkoutSink,
  QuoteHistory,
} from '@nanometer/quant';
import * as fc from 'fast-check';

/** Remembers what was settled, as `tag/horizonIndex`; a fill's tag travels in its price. */
class Settled implements MarkoutSink {
  readonly mids = new Map<string, number>();
  readonly dues: number[] = [];

  settled(horizonIndex: number, fill: Float64Array): void {
    const key = `${fill[MARKOUT_PRICE]}/${horizonIndex}`;
    expect(this.mids.has(key)).toBe(false);
    this.mids.set(key, fill[MARKOUT_LATER_MID]!);
    this.dues.push(fill[MARKOUT_DUE]!);
  }
}

function fillAt(time: number, tag = 0): Float64Array {
  const cells = new Float64Array(MARKOUT_CELLS);
  cells[MARKOUT_TIME] = time;
  cells[MARKOUT_PRICE] = tag;
  return cells;
}

interface Event {
  readonly kind: 'fill' | 'quote';
  readonly time: number;
  readonly mid: number;
}

const HORIZONS = [0, 2, 5];
const event = fc.record({
  gap: fc.integer({ min: 0, max: 3 }),
  kind: fc.constantFrom('fill' as const, 'quote' as const),
  mid: fc.integer({ min: 1, max: 1000 }),
});
const stream = fc.array(event, { maxLength: 60 }).map((events): Event[] => {
  let time = 0;
  return events.map(({ gap, kind, mid }) => ({ kind, time: (time += gap), mid }));
});

/** Every answer by search through all quotes. */
function expected(fills: readonly number[], quotes: readonly Event[]): Map<string, number> {
  const answers = new Map<string, number>();
  fills.forEach((time, tag) => {
    HORIZONS.forEach((horizon, at) => {
      const due = time + horizon;
      const stood = quotes.findLast((quote) => quote.time <= due);
      if (stood !== undefined && quotes.some((quote) => quote.time > due)) answers.set(`${tag}/${at}`, stood.mid);
    });
  });
  return answers;
}

function sorted(answers: ReadonlyMap<string, number>): unknown {
  return [...answers].sort(([a], [b]) => (a < b ? -1 : 1));
}

describe('markout queue', () => {
  test('settles each fill with the last mid at or before its horizon', () => {
    fc.assert(
      fc.property(stream, (events) => {
        const queue = new MarkoutQueue(HORIZONS);
        const sink = new Settled();
        const quotes: Event[] = [{ kind: 'quote', time: -1, mid: 7 }];
        const fills: number[] = [];
        queue.quote(7, 7, -1);
        for (const each of events) {
          if (each.kind === 'quote') {
            expect(queue.quote(each.mid - 0.5, each.mid + 0.5, each.time)).toBe(true);
            quotes.push(each);
          } else {
            expect(queue.filled(sink, fillAt(each.time, fills.length))).toBe('queued');
            fills.push(each.time);
          }
        }
        expect(sorted(sink.mids)).toEqual(sorted(expected(fills, quotes)));
        expect(queue.pending).toBe(fills.filter((time) => !quotes.some((quote) => quote.time > time + 5)).length);
      }),
    );
  });

  test('a fill that comes late, and out of order, gets the answers it would have had in time', () => {
    fc.assert(
      fc.property(stream, fc.array(fc.nat({ max: 8 }), { minLength: 60, maxLength: 60 }), (events, delays) => {
        // Each fill is handed over some events after its own place in time.
        const order = events
          .map((each, at) => ({ each, place: each.kind === 'fill' ? at + (delays[at] as number) + 0.5 : at }))
          .sort((a, b) => a.place - b.place)
          .map(({ each }) => each);
        const queue = new MarkoutQueue(HORIZONS);
        const sink = new Settled();
        const quotes: Event[] = [{ kind: 'quote', time: -1, mid: 7 }];
        const fills: number[] = [];
        queue.quote(7, 7, -1);
        for (const each of order) {
          if (each.kind === 'quote') {
            queue.quote(each.mid, each.mid, each.time);
            quotes.push(each);
          } else {
            queue.filled(sink, fillAt(each.time, fills.length));
            fills.push(each.time);
          }
        }
        expect(sorted(sink.mids)).toEqual(sorted(expected(fills, quotes)));
      }),
    );
  });

  test('memory is bounded: a fill that finds the queue full is refused, and those that wait are settled all the same', () => {
    const queue = new MarkoutQueue([1], 20);
    const sink = new Settled();
    queue.quote(10, 12, 0);
    const results = Array.from({ length: 25 }, (_, tag) => queue.filled(sink, fillAt(5, tag)));
    expect(results.filter((result) => result === 'full')).toHaveLength(5);
    expect(queue.pending).toBe(20);
    queue.quote(20, 22, 6);
    expect(sink.mids.size).toBe(0);
    queue.quote(30, 32, 7);
    expect([...new Set(sink.mids.values())]).toEqual([21]);
    expect([...new Set(sink.dues)]).toEqual([6]);
    expect(queue.pending).toBe(0);
  });

  test('a fill without a quote before it is refused: there is nothing to compare it with', () => {
    const queue = new MarkoutQueue(HORIZONS, 10, new QuoteHistory(4));
    const sink = new Settled();
    expect(queue.filled(sink, fillAt(1))).toBe('unquoted');
    for (let time = 0; time < 10; time++) queue.quote(1, 1, time);
    expect(queue.filled(sink, fillAt(6))).toBe('unquoted');
    expect(queue.filled(sink, fillAt(7))).toBe('queued');
  });

  test.each([
    [Number.NaN, 1, 1],
    [1, Number.NaN, 1],
    [0, 1, 1],
    [-1, 1, 1],
    [1, Infinity, 1],
    [1, 1, Number.NaN],
    [1, 1, Infinity],
    [1, 1, -Infinity],
    [1, 1, -1],
  ])('refuses a quote of %p, %p at %p', (bid, ask, time) => {
    const queue = new MarkoutQueue([0]);
    queue.quote(5, 5, 0);
    expect(queue.quote(bid, ask, time)).toBe(false);
    expect(queue.history.size).toBe(1);
  });

  test('gives up what waits when the clock steps, and starts anew', () => {
    const queue = new MarkoutQueue([1], 20);
    const sink = new Settled();
    queue.quote(1, 1, 1000);
    queue.filled(sink, fillAt(1000.5));
    expect(queue.clear()).toBe(1);
    expect(queue.quote(2, 2, 0)).toBe(true);
    queue.filled(sink, fillAt(0.5, 1));
    queue.quote(3, 3, 9);
    expect([...sink.mids]).toEqual([['1/0', 2]]);
  });

  test('refuses horizons and limits that are none', () => {
    expect(() => new MarkoutQueue([-1])).toThrow('a horizon of -1');
    expect(() => new MarkoutQueue([Number.NaN])).toThrow('a horizon of NaN');
    expect(() => new MarkoutQueue([1], 0)).toThrow('pendingFillLimit is 0');
    expect(() => new QuoteHistory(0)).toThrow('quoteHistoryLimit is 0');
  });
});

describe('quote history', () => {
  test('joins strictly before and at or before like a search through the quotes it remembers', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 2 }), { minLength: 1, maxLength: 30 }), fc.nat({ max: 40 }), (gaps, asked) => {
        const history = new QuoteHistory(8);
        let time = 0;
        const all: { time: number; bid: number }[] = [];
        gaps.forEach((gap, at) => {
          time += gap;
          history.add(at + 1, at + 3, time);
          if (all.at(-1)?.time === time) all.pop();
          all.push({ time, bid: at + 1 });
        });
        const known = all.slice(-8);
        const slot = history.before(asked);
        expect(slot < 0 ? undefined : history.bid(slot)).toBe(known.findLast((quote) => quote.time < asked)?.bid);
        const at = history.at(asked);
        expect(at < 0 ? undefined : history.bid(at)).toBe(known.findLast((quote) => quote.time <= asked)?.bid);
        expect(history.mid(at)).toBe(at < 0 ? Number.NaN : history.bid(at) + 1);
        expect(history.size).toBe(known.length);
      }),
    );
  });
});
