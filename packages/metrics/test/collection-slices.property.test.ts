// Random programs that go on between the slices of the collections of four readers, against lists of what was recorded.
// The program decides who reads next: collections overlap, series come, go, and take each other's places while they are
// half read.
import { describe, expect, test } from '@jest/globals';
import type { HrTime } from '@opentelemetry/api';
import { MeterProvider } from '@nanometer/metrics';
import * as fc from 'fast-check';
import { Pauses, SHORTEST_SLICE_MILLIS } from './support/pauses.ts';
import { deltaReader, ManualClock, TestReader } from './support/test-reader.ts';

const DELTAS = 2;
const READERS = 4;
/** Series there are from the start, on both sides of three pauses. */
const FIRST = 200;
const TTL_MILLIS = 40;

type Step =
  | { do: 'record'; id: number; amount: number }
  | { do: 'record many'; from: number; count: number }
  | { do: 'remove'; id: number }
  | { do: 'collect'; reader: number }
  | { do: 'resume'; slices: number }
  | { do: 'wait'; millis: number };

function steps(idMax: number): fc.Arbitrary<Step[]> {
  const id = fc.nat(idMax);
  const step: fc.Arbitrary<Step> = fc.oneof(
    { weight: 6, arbitrary: fc.record({ do: fc.constant('record' as const), id, amount: fc.nat(1000) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('record many' as const), from: id, count: fc.nat(80) }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('remove' as const), id }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('collect' as const), reader: fc.nat(READERS - 1) }) },
    { weight: 6, arbitrary: fc.record({ do: fc.constant('resume' as const), slices: fc.integer({ min: 1, max: 4 }) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), millis: fc.integer({ min: 1, max: 30 }) }) },
  );
  return fc.array(step, { minLength: 20, maxLength: 80 });
}

interface Point {
  readonly attributes: { id?: number };
  readonly startTime: HrTime;
  readonly endTime: HrTime;
  readonly value: any;
}

const millisOf = ([seconds, nanos]: HrTime): number => seconds * 1000 + nanos / 1e6;

/** What the counter and the histogram of a point agree on. */
interface Totals {
  sum: number;
  count: number;
}

class Program {
  readonly clock = new ManualClock();
  readonly pauses = new Pauses();
  readonly readers: readonly TestReader[];
  /** By id, everything that was recorded. */
  readonly recorded = new Map<number, Totals>();
  readonly received: Map<number | 'overflow', Totals>[] = Array.from({ length: DELTAS }, () => new Map());
  readonly #record: (id: number, amount: number) => void;
  readonly #remove: (id: number) => void;
  /** Of the cumulative readers' points: value by id and beginning. */
  readonly #lives: Map<string, number>[] = Array.from({ length: READERS }, () => new Map());
  /** Of the latest points, by delta reader and metric. */
  readonly #ends = new Map<string, number>();
  readonly #collecting: Promise<void>[] = [];

  constructor(limit: number, ttlMillis: number) {
    this.readers = [
      ...Array.from({ length: DELTAS }, () => deltaReader({ limit })),
      ...Array.from({ length: READERS - DELTAS }, () => new TestReader({ limit })),
    ];
    const provider = new MeterProvider({
      clock: this.clock,
      threads: false,
      collectionSliceMillis: SHORTEST_SLICE_MILLIS,
      seriesTtlMillis: ttlMillis,
      giveWay: this.pauses.giveWay,
      readers: [...this.readers],
    });
    const meter = provider.getMeter('m');
    const counter = meter.createCounter('c');
    const histogram = meter.createHistogram('h', { advice: { explicitBucketBoundaries: [10, 100] } });
    this.#record = (id, amount) => {
      counter.add(amount, { id });
      histogram.record(amount, { id });
    };
    this.#remove = (id) => {
      counter.remove({ id });
      histogram.remove({ id });
    };
  }

  record(id: number, amount: number): void {
    this.#record(id, amount);
    const totals = this.recorded.get(id) ?? { sum: 0, count: 0 };
    this.recorded.set(id, { sum: totals.sum + amount, count: totals.count + 1 });
  }

  /** Whether every delta reader has been told of all that was recorded under an id, by its own name. */
  isTold(id: number): boolean {
    const { sum, count } = this.recorded.get(id) ?? { sum: 0, count: 0 };
    return this.received.every((received) => received.get(id)?.sum === sum && received.get(id)?.count === count);
  }

  async run(actions: readonly Step[], mayRemove: (id: number) => boolean): Promise<void> {
    for (const action of actions) {
      this.clock.millis++;
      switch (action.do) {
        case 'record':
          this.record(action.id, action.amount);
          break;
        case 'record many':
          for (let id = action.from; id < action.from + action.count; id++) this.record(id, 1);
          break;
        case 'remove':
          if (mayRemove(action.id)) this.#remove(action.id);
          break;
        case 'collect':
          this.collect(action.reader);
          await this.pauses.settle();
          break;
        case 'resume':
          for (let slice = 0; slice < action.slices; slice++) await this.pauses.resume();
          break;
        case 'wait':
          this.clock.millis += action.millis;
          break;
      }
    }
    await this.settle();
  }

  collect(reader: number): void {
    this.#collecting.push(this.#collect(reader));
  }

  async settle(): Promise<void> {
    await this.pauses.resumeAll();
    await Promise.all(this.#collecting);
  }

  async #collect(reader: number): Promise<void> {
    const metrics = await this.readers[reader]!.metrics();
    const seen = new Map<number | 'overflow', Totals>();
    for (const { descriptor, dataPoints } of metrics) {
      const ids = new Set<unknown>();
      for (const point of dataPoints as unknown as Point[]) {
        const id = point.attributes.id ?? 'overflow';
        // No series twice, and none that ends before it begins.
        check(!ids.has(id), `one point of series ${id}`);
        ids.add(id);
        check(millisOf(point.startTime) <= millisOf(point.endTime), `series ${id} begins before it ends`);
        const totals = seen.get(id) ?? { sum: 0, count: 0 };
        if (descriptor.name === 'c') totals.sum = point.value;
        else totals.count = point.value.count;
        seen.set(id, totals);
        if (reader >= DELTAS) this.#checkLife(reader, descriptor.name, id, point);
      }
      // All points of a metric end at one time, and those of a delta begin where the collection before ended.
      check(new Set(dataPoints.map(({ endTime }) => millisOf(endTime))).size === 1, 'one end');
      if (reader < DELTAS) this.#checkBeginning(reader, descriptor.name, dataPoints as unknown as Point[]);
    }
    if (reader < DELTAS) this.#receive(reader, seen);
  }

  #receive(reader: number, seen: ReadonlyMap<number | 'overflow', Totals>): void {
    const received = this.received[reader]!;
    for (const [id, { sum, count }] of seen) {
      const before = received.get(id) ?? { sum: 0, count: 0 };
      received.set(id, { sum: before.sum + sum, count: before.count + count });
    }
    // Nothing twice, and nothing under another's name.
    for (const [id, { sum, count }] of received) {
      if (id === 'overflow') continue;
      const recorded = this.recorded.get(id) ?? { sum: 0, count: 0 };
      check(sum <= recorded.sum && count <= recorded.count, `series ${id} is told no more than was recorded`);
    }
  }

  /** The points of a delta begin at one time, not before the metric's last ones ended. */
  #checkBeginning(reader: number, metric: string, points: readonly Point[]): void {
    const beginnings = new Set(points.map(({ startTime }) => millisOf(startTime)));
    check(beginnings.size === 1, 'one beginning');
    const stream = `${reader} ${metric}`;
    check([...beginnings][0]! >= (this.#ends.get(stream) ?? 0), 'deltas do not overlap');
    this.#ends.set(stream, millisOf(points[0]!.endTime));
  }

  /** A total never falls as long as it has the same beginning, and is never more than was recorded. */
  #checkLife(reader: number, metric: string, id: number | 'overflow', { startTime, value }: Point): void {
    const total = metric === 'c' ? (value as number) : (value.count as number);
    const life = `${metric} ${id} ${String(startTime)}`;
    const lives = this.#lives[reader]!;
    check(total >= (lives.get(life) ?? 0), `the total of ${life} does not fall`);
    lives.set(life, total);
    if (id === 'overflow') return;
    const recorded = this.recorded.get(id)!;
    check(total <= (metric === 'c' ? recorded.sum : recorded.count), `the total of ${life} is what was recorded`);
  }
}

/** `expect` takes 10 µs, and there are a hundred thousand points. */
function check(holds: boolean, what: string): void {
  if (!holds) throw new Error(`does not hold: ${what}`);
}

function totalOf(totals: Iterable<Totals>): Totals {
  let sum = 0;
  let count = 0;
  for (const one of totals) {
    sum += one.sum;
    count += one.count;
  }
  return { sum, count };
}

async function start(limit: number, ttlMillis = Infinity): Promise<Program> {
  const program = new Program(limit, ttlMillis);
  for (let id = 0; id < FIRST; id++) program.record(id, 1);
  // Every reader has collected: no series leaves before it has been told of it.
  for (let reader = 0; reader < READERS; reader++) program.collect(reader);
  await program.settle();
  return program;
}

/** One more collection by everybody: what is left to tell. */
async function finish(program: Program): Promise<void> {
  for (let round = 0; round < 2; round++) {
    program.clock.millis++;
    for (let reader = 0; reader < READERS; reader++) program.collect(reader);
    await program.settle();
  }
}

describe('collections in slices of a program that goes on', () => {
  test('below the limit: deltas of every series add up to what was recorded, whoever removes and retires', async () => {
    const ttl = fc.constantFrom(Infinity, TTL_MILLIS);
    await fc.assert(
      fc.asyncProperty(steps(2 * FIRST), ttl, async (actions, ttlMillis) => {
        const program = await start(10_000, ttlMillis);
        await program.run(actions, () => true);
        await finish(program);
        for (const received of program.received) expect(received).toEqual(program.recorded);
      }),
      { numRuns: 40 },
    );
  });

  test('at the limit: nothing is lost or told twice while places change hands between slices', async () => {
    await fc.assert(
      fc.asyncProperty(steps(2 * FIRST), async (actions) => {
        const program = await start(FIRST + 20);
        // The limit takes the place of a removed series at once; what is told already cannot be lost by that.
        await program.run(actions, (id) => program.isTold(id));
        await finish(program);
        const recorded = totalOf(program.recorded.values());
        for (const received of program.received) expect(totalOf(received.values())).toEqual(recorded);
      }),
      { numRuns: 40 },
    );
  });
});
