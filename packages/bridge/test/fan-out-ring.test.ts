import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { until } from '@nanometer/testing';
import { RingFeed } from '../src/fan-out/feed/ring-feed.ts';
import {
  RECORD_EVENT,
  RECORD_SERIES,
  RING_BYTES_LEAST,
  ringMemory,
  WANTS_EVERY_ROW,
} from '../src/fan-out/ring/ring-memory.ts';
import { RingReader } from '../src/fan-out/ring/ring-reader.ts';
import { RingWriter } from '../src/fan-out/ring/ring-writer.ts';

type Seen = readonly ['row', number, number, number] | readonly ['series' | 'event', string] | readonly ['synced'];

/** The smallest ring, both ends in this thread, and what the reader has seen. */
function ring(startAt = 0) {
  const memory = ringMemory(RING_BYTES_LEAST);
  const seen: Seen[] = [];
  const writer = new RingWriter(memory);
  const reader = new RingReader(memory, {
    row: (id, timeMs, value) => void seen.push(['row', id, timeMs, value]),
    series: (text) => void seen.push(['series', text]),
    event: (text) => void seen.push(['event', text]),
    synced: () => void seen.push(['synced']),
  });
  // Both ends go to a place of the ring, so that a record has to go round it.
  for (let word = 0; word < startAt; word++) {
    writer.synced();
    writer.publish();
    reader.read();
  }
  seen.length = 0;
  return { memory, writer, reader, seen };
}

const number = fc.oneof(
  fc.double(),
  fc.constantFrom(NaN, Infinity, -Infinity, -0, 5e-324, 2 ** 53 - 1, 2 ** 53 + 1, Number.MAX_VALUE),
);
const rowsOf = fc.record({
  kind: fc.constant('rows' as const),
  count: fc.integer({ min: 1, max: 9000 }),
  id: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  timeMs: fc.double({ noNaN: true, noDefaultInfinity: true }),
  value: number,
});
const step = fc.oneof(
  { weight: 4, arbitrary: rowsOf },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom('series' as const, 'event' as const),
      text: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
      times: fc.integer({ min: 1, max: 6000 }),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'synced' as const }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('read' as const), words: fc.integer({ min: 1, max: 60_000 }) }),
  },
);

describe('the ring', () => {
  test('gives what was written, in order and whole, as a queue would, however often it goes round', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), fc.integer({ min: 0, max: 300 }), (steps, startAt) => {
        const { writer, reader, seen } = ring(startAt);
        const expected: Seen[] = [];
        const read = (words: number): void => {
          writer.publish();
          reader.read(words);
        };
        for (const each of steps) {
          if (each.kind === 'read') read(each.words);
          else if (each.kind === 'synced') {
            while (!writer.synced()) read(1);
            expected.push(['synced']);
          } else if (each.kind === 'rows') {
            const ids = new Uint32Array(each.count).map((_, row) => each.id + row);
            const times = new Float64Array(each.count).fill(each.timeMs);
            const values = new Float64Array(each.count).map((_, row) => each.value + row);
            for (let from = 0; from < each.count;) {
              const count = writer.rows(ids, times, values, from, each.count - from);
              if (count === 0) read(1);
              from += count;
            }
            ids.forEach((id, row) => expected.push(['row', id, times[row]!, values[row]!]));
          } else {
            const text = each.text.repeat(each.times);
            const utf8 = Buffer.from(text, 'utf8');
            const kind = each.kind === 'series' ? RECORD_SERIES : RECORD_EVENT;
            for (let from = 0; from < utf8.length;) {
              const count = writer.text(kind, utf8, from);
              if (count === 0) read(1);
              from += count;
            }
            expected.push([each.kind, utf8.toString('utf8')]);
          }
        }
        read(Infinity);
        // Number by number rather than by `toEqual`, which takes a hundred times as long for a hundred thousand rows.
        expect(seen.length).toBe(expected.length);
        expect(seen.findIndex((one, at) => !one.every((part, place) => Object.is(part, expected[at]![place])))).toBe(
          -1,
        );
        expect(writer.unread).toBe(0);
      }),
      { numRuns: 20 },
    );
  });

  test('shows nothing of a record before it is published', () => {
    const { writer, reader, seen } = ring();
    writer.rows(Uint32Array.of(7), Float64Array.of(1), Float64Array.of(2), 0, 1);
    expect(reader.read()).toBe(false);
    expect(seen).toEqual([]);
    writer.publish();
    reader.read();
    expect(seen).toEqual([['row', 7, 1, 2]]);
  });

  test('wakes a reader that waits, and a writer once half of it is free', async () => {
    const { writer, reader } = ring();
    let woken = 0;
    const read = reader.wait().then(() => (woken += 1));
    expect(woken).toBe(0);
    writer.synced();
    writer.publish();
    await read;
    const columns = [new Uint32Array(4000), new Float64Array(4000), new Float64Array(4000)] as const;
    while (writer.rows(...columns, 0, 3000) > 0);
    writer.publish();
    const asked = writer.ask();
    expect(writer.rows(...columns, 0, 3000)).toBe(0);
    const room = writer.room(asked).then(() => (woken += 1));
    reader.read(1);
    expect(writer.unread).toBeGreaterThan(0);
    reader.read();
    await room;
    expect(woken).toBe(2);
    expect(writer.rows(...columns, 0, 3000)).toBeGreaterThan(0);
  });
});

const gauge = (name: string) =>
  ({ name, kind: 'gauge', field: 'value', unit: '', attributes: {}, resource: {} }) as const;

/** A feed into the smallest ring, and what a reader that reads when it is told has been given. */
function feed(queueBytes = 2 ** 20) {
  let overflows = 0;
  const fed = new RingFeed(queueBytes, () => (overflows += 1));
  const ends = ring();
  fed.attach(ends.writer);
  const wantEveryRow = (wanted: boolean): void =>
    void Atomics.store(ends.memory.positions, WANTS_EVERY_ROW, wanted ? 1 : 0);
  const rows = (): (readonly [number, number])[] =>
    ends.seen.flatMap((one) => (one[0] === 'row' ? [[one[1], one[3]] as const] : []));
  /** Reads until the feed has nothing more to write. */
  const drain = async (): Promise<void> => {
    let isDone = false;
    const done = fed.drained().then(() => (isDone = true));
    await until('all is read', () => {
      ends.reader.read();
      return isDone;
    });
    await done;
    ends.reader.read();
  };
  return { fed, ...ends, wantEveryRow, rows, drain, overflows: () => overflows };
}

describe('the feed', () => {
  test('tells every row, in order, while there is room', async () => {
    const { fed, rows, drain, seen } = feed();
    const a = fed.register(gauge('a'));
    const b = fed.register(gauge('b'));
    for (let value = 0; value < 5; value++) fed.update(value % 2 === 0 ? a : b, 1, value);
    await drain();
    expect(rows()).toEqual([
      [a, 0],
      [b, 1],
      [a, 2],
      [b, 3],
      [a, 4],
    ]);
    expect(seen.filter(([kind]) => kind === 'synced').length).toBe(1);
    expect(fed.rowsConflated).toBe(0);
  });

  test('of a full ring keeps the last value of each series, when nobody wants every row', async () => {
    const { fed, rows, drain } = feed();
    const ids = ['a', 'b', 'c'].map((name) => fed.register(gauge(name)));
    for (let value = 1; value <= 300_000; value++) fed.update(ids[value % 3]!, value, value);
    expect(fed.room()).toBe(undefined);
    await drain();
    const told = rows();
    expect(new Map(told)).toEqual(
      new Map([
        [ids[1]!, 299_998],
        [ids[2]!, 299_999],
        [ids[0]!, 300_000],
      ]),
    );
    expect(fed.rowsConflated).toBeGreaterThan(200_000);
    expect(told.length + fed.rowsConflated).toBe(300_000);
    for (const id of ids) {
      const values = told.filter(([one]) => one === id).map(([, value]) => value);
      expect(values).toEqual(values.toSorted((x, y) => x - y));
    }
  });

  test('of a full ring loses no row, and makes producers wait, when somebody wants every row', async () => {
    const { fed, rows, drain, wantEveryRow, overflows } = feed(2 ** 24);
    wantEveryRow(true);
    const id = fed.register(gauge('a'));
    for (let value = 1; value <= 300_000; value++) fed.update(id, value, value);
    let isRoom = false;
    const room = fed.room()!.then(() => (isRoom = true));
    await Promise.resolve();
    expect(isRoom).toBe(false);
    await drain();
    await room;
    expect(fed.room()).toBe(undefined);
    expect(rows().length).toBe(300_000);
    expect(rows().findIndex(([, value], row) => value !== row + 1)).toBe(-1);
    expect([fed.rowsConflated, fed.producerWaits, overflows()]).toEqual([0, 1, 0]);
  });

  test('once somebody wants every row again, no older value follows a newer one', async () => {
    const { fed, rows, drain, wantEveryRow } = feed(2 ** 24);
    const ids = ['a', 'b'].map((name) => fed.register(gauge(name)));
    let value = 0;
    const more = (count: number): void => {
      for (let row = 0; row < count; row++) fed.update(ids[row % 2]!, ++value, value);
    };
    more(60_000);
    wantEveryRow(true);
    const before = value;
    more(10_001);
    await drain();
    const told = rows();
    for (const id of ids) {
      const values = told.filter(([one]) => one === id).map(([, each]) => each);
      expect(values).toEqual(values.toSorted((x, y) => x - y));
    }
    expect(told.filter(([, each]) => each > before).length).toBe(10_001);
  });

  test('beyond what may wait gives the worker up, and begins anew with the next: every series with its last value', async () => {
    const { fed, wantEveryRow, overflows } = feed(2 ** 20);
    wantEveryRow(true);
    const id = fed.register(gauge('a'));
    fed.register(gauge('without a value'));
    for (let value = 1; value <= 100_000; value++) fed.update(id, value, value);
    expect(overflows()).toBeGreaterThan(0);
    fed.publishEvent('alerts', { total: 1 }, { retain: true });
    const waiting = fed.room();
    fed.detach();
    await waiting;
    fed.update(id, 5, -0);
    const next = ring();
    fed.attach(next.writer);
    await fed.drained();
    next.reader.read();
    expect(next.seen.map(([kind]) => kind)).toEqual(['series', 'event', 'row', 'synced']);
    expect(next.seen[1]![1]).toContain('alerts');
    expect(next.seen[2]).toEqual(['row', id, 5, -0]);
  });

  test('refuses events that say nothing, and those beyond what may wait; a retained one goes out late instead', async () => {
    const { fed, seen, drain } = feed(2 ** 20);
    expect(fed.publishEvent('not a topic', 1)).toBe(false);
    expect(fed.publishEvent('x', 1n)).toBe(false);
    expect(fed.publishEvent('x', 'y'.repeat(300_000))).toBe(false);
    expect(fed.eventsDropped).toEqual({ invalid_topic: 1, invalid_body: 1, too_large: 1 });
    const body = 'z'.repeat(200_000);
    const taken = Array.from({ length: 10 }, (_, index) => fed.publishEvent('x', `${index}${body}`));
    expect(taken).toEqual([...Array(5).fill(true), ...Array(5).fill(false)]);
    expect(fed.publishEvent('alerts', `first${body}`, { retain: true })).toBe(true);
    expect(fed.publishEvent('alerts', 'last', { retain: true })).toBe(true);
    expect(fed.eventsRefused).toBe(5);
    await drain();
    const events = seen.flatMap((one) => (one[0] === 'event' ? [one[1]] : []));
    expect(events.map((text) => (JSON.parse(text) as { bodyText: string }).bodyText.slice(0, 6))).toEqual([
      '"0zzzz',
      '"1zzzz',
      '"2zzzz',
      '"3zzzz',
      '"4zzzz',
      '"last"',
    ]);
  });

  test('counts what cannot be a row', () => {
    const { fed } = feed();
    const id = fed.register(gauge('a'));
    for (const [which, timeMs] of [
      [7, 1],
      [-1, 1],
      [0.5, 1],
      [id, NaN],
      [id, Infinity],
    ] as const)
      fed.update(which, timeMs, 1);
    expect([fed.unknownSeries, fed.invalidTime, fed.updatesReceived]).toEqual([3, 2, 0]);
  });
});
