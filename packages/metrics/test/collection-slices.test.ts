import { describe, expect, test } from '@jest/globals';
import { MeterProvider, type MeterProviderOptions, MetricsError } from '@nanometer/metrics';
import { Pauses, SHORTEST_SLICE_MILLIS } from './support/pauses.ts';
import { deltaReader, ManualClock, TestReader } from './support/test-reader.ts';

const STEP = 64;

function setUp(options: MeterProviderOptions = {}, limit = 1000) {
  const cumulative = new TestReader({ limit });
  const delta = deltaReader({ limit });
  const clock = new ManualClock();
  const pauses = new Pauses();
  const provider = new MeterProvider({
    clock,
    threads: false,
    collectionSliceMillis: SHORTEST_SLICE_MILLIS,
    giveWay: pauses.giveWay,
    ...options,
    readers: [cumulative, delta],
  });
  const counter = provider.getMeter('m').createCounter('c');
  const fill = (count: number): void => {
    for (let id = 0; id < count; id++) counter.add(1, { id });
  };
  return { cumulative, delta, clock, pauses, provider, meter: provider.getMeter('m'), counter, fill };
}

/** The value of each id, `overflow` for the overflow series. */
function byId(values: readonly [unknown, any][]): Map<unknown, number> {
  return new Map(values.map(([set, value]) => [(set as { id?: number }).id ?? 'overflow', value]));
}

async function whole(pauses: Pauses, reader: TestReader): Promise<Map<unknown, number>> {
  const values = reader.values('c');
  await pauses.resumeAll();
  return byId(await values);
}

describe('a collection in slices', () => {
  test('has every point, once, and gives way after every slice', async () => {
    const { cumulative, pauses, fill } = setUp();
    fill(10 * STEP);
    expect((await whole(pauses, cumulative)).size).toBe(10 * STEP);
    expect(pauses.count).toBe(10);
  });

  test('is not interrupted when it has fewer series than a step, however many instruments they belong to', async () => {
    const { cumulative, pauses, meter } = setUp();
    for (let i = 0; i < STEP - 1; i++) meter.createGauge(`g${i}`).record(i);
    expect(await cumulative.metrics()).toHaveLength(STEP - 1);
    expect(pauses.count).toBe(0);
  });

  test('counts the series of all instruments together', async () => {
    const { cumulative, pauses, meter } = setUp();
    for (let i = 0; i < 3 * STEP; i++) meter.createGauge(`g${i}`).record(i);
    const metrics = cumulative.metrics();
    await pauses.resumeAll();
    expect(await metrics).toHaveLength(3 * STEP);
    expect(pauses.count).toBe(3);
  });

  test.each([0, Infinity])('with collectionSliceMillis %p reads everything at once', async (collectionSliceMillis) => {
    const { cumulative, pauses, fill } = setUp({ collectionSliceMillis });
    fill(10 * STEP);
    expect(await cumulative.values('c')).toHaveLength(10 * STEP);
    expect(pauses.count).toBe(0);
  });

  test('refuses a length that is none', () => {
    for (const collectionSliceMillis of [-1, -Infinity, Number.NaN]) {
      expect(() => new MeterProvider({ collectionSliceMillis })).toThrow(MetricsError);
      expect(() => new MeterProvider({ collectionSliceMillis })).toThrow(/collectionSliceMillis must be above 0/);
    }
  });

  test('counts what is recorded at a pause once: now where it is still to be read, else next time', async () => {
    const { delta, pauses, counter, fill, clock } = setUp();
    fill(3 * STEP);
    const first = delta.points('c');
    await pauses.settle();
    clock.millis += 1000;
    counter.add(10, { id: 0 });
    counter.add(10, { id: 2 * STEP });
    await pauses.resumeAll();
    const points = await first;
    const value = (id: number): number =>
      points.find(({ attributes }) => (attributes as { id: number }).id === id)?.value;
    expect([value(0), value(2 * STEP)]).toEqual([1, 11]);
    const second = delta.points('c');
    await pauses.resumeAll();
    expect(await second).toMatchObject([{ attributes: { id: 0 }, value: 10 }]);
    // Delta points abut, as if nothing had been recorded between.
    expect((await second)[0]!.startTime).toEqual(points[0]!.endTime);
    expect(new Set(points.map(({ endTime }) => String(endTime))).size).toBe(1);
  });

  test('leaves series that begin at a pause to the next one, wherever they are placed', async () => {
    const { cumulative, delta, pauses, counter, fill, clock } = setUp();
    fill(3 * STEP);
    // Vacant places before and behind the pause.
    for (const reader of [cumulative, delta]) await whole(pauses, reader);
    for (let id = 0; id < 3 * STEP; id += 2) counter.remove({ id });
    for (const reader of [cumulative, delta]) await whole(pauses, reader);
    const points = cumulative.points('c');
    await pauses.settle();
    clock.millis += 1000;
    for (let id = 0; id < 2 * STEP; id++) counter.add(7, { id: `new-${id}` });
    await pauses.resumeAll();
    const isNew = ({ attributes }: { attributes: unknown }): boolean =>
      typeof (attributes as { id: unknown }).id === 'string';
    expect((await points).filter(isNew)).toEqual([]);
    expect(await points).toHaveLength((3 * STEP) / 2);
    const next = cumulative.points('c');
    await pauses.resumeAll();
    expect((await next).filter(isNew)).toHaveLength(2 * STEP);
    const deltas = [...(await whole(pauses, delta))];
    expect(deltas.filter(([id]) => typeof id === 'string')).toHaveLength(2 * STEP);
    expect(deltas.every(([, value]) => value === 7)).toBe(true);
  });

  test('reports the last records of a series that is removed after it was passed', async () => {
    const { cumulative, delta, pauses, counter, fill } = setUp();
    fill(3 * STEP);
    for (const reader of [cumulative, delta]) await whole(pauses, reader);
    const deltas = delta.values('c');
    await pauses.settle();
    counter.add(5, { id: 0 });
    counter.remove({ id: 0 });
    await whole(pauses, cumulative);
    expect(await deltas).toEqual([]);
    expect(await whole(pauses, delta)).toEqual(new Map([[0, 5]]));
    expect((await whole(pauses, cumulative)).has(0)).toBe(false);
  });

  test('gives a place that the limit needs at a pause to the new series, and to nobody twice', async () => {
    const limit = 3 * STEP;
    const { cumulative, delta, pauses, counter, fill } = setUp({}, limit);
    fill(limit);
    for (const reader of [cumulative, delta]) await whole(pauses, reader);
    const totals = cumulative.values('c');
    await pauses.settle();
    // One that was passed, and one that was not.
    for (const id of [0, limit - 1]) counter.remove({ id });
    counter.add(100, { id: 'a' });
    counter.add(200, { id: 'b' });
    await pauses.resumeAll();
    const read = byId(await totals);
    expect([read.get(0), read.has(limit - 1), read.has('a'), read.has('b')]).toEqual([1, false, false, false]);
    expect(await whole(pauses, delta)).toEqual(
      new Map([
        ['a', 100],
        ['b', 200],
      ]),
    );
    const next = await whole(pauses, cumulative);
    expect([next.get('a'), next.get('b'), next.size, next.has('overflow')]).toEqual([100, 200, limit, false]);
  });

  test('counts what a handle records into a series that was forgotten at a pause as a new series', async () => {
    const { cumulative, delta, pauses, counter, fill, clock } = setUp();
    fill(2 * STEP);
    const handle = counter.bind({ id: 'held' });
    handle.add(3);
    for (const reader of [cumulative, delta]) await whole(pauses, reader);
    counter.remove({ id: 'held' });
    await whole(pauses, cumulative);
    const points = cumulative.points('c');
    await pauses.settle();
    clock.millis += 1000;
    // The last reader that waited for it; then it begins anew, where the other one is still to come by.
    const deltas = delta.values('c');
    await pauses.settle();
    while (!(await isSettled(deltas))) await pauses.resume();
    handle.add(4);
    await pauses.resumeAll();
    expect((await points).find(({ attributes }) => (attributes as { id: unknown }).id === 'held')?.value).not.toBe(4);
    expect((await whole(pauses, cumulative)).get('held')).toBe(4);
    expect((await whole(pauses, delta)).get('held')).toBe(4);
  });

  test('leaves instruments that are made at a pause to the next one', async () => {
    const { cumulative, pauses, meter, fill } = setUp();
    fill(3 * STEP);
    const first = cumulative.metrics();
    await pauses.settle();
    meter.createGauge('late').record(1);
    await pauses.resumeAll();
    expect((await first).map(({ descriptor }) => descriptor.name)).toEqual(['c']);
    const second = cumulative.metrics();
    await pauses.resumeAll();
    expect((await second).map(({ descriptor }) => descriptor.name)).toEqual(['c', 'late']);
  });

  test('observes in slices, too', async () => {
    const { cumulative, delta, pauses, meter } = setUp();
    let round = 0;
    meter.createObservableCounter('c.observed').addCallback((result) => {
      round++;
      for (let id = 0; id < 3 * STEP; id++) result.observe(round * 10 + id, { id });
    });
    const read = async (reader: TestReader): Promise<number[]> => {
      const values = reader.values('c.observed');
      await pauses.resumeAll();
      return (await values).map(([, value]) => value as number);
    };
    expect(await read(cumulative)).toEqual(Array.from({ length: 3 * STEP }, (_, id) => 10 + id));
    expect(pauses.count).toBeGreaterThanOrEqual(4);
    expect(await read(delta)).toEqual(Array.from({ length: 3 * STEP }, (_, id) => 20 + id));
    expect(await read(delta)).toEqual(Array.from({ length: 3 * STEP }, () => 10));
  });

  test('forgets idle series in slices, each after the last point of every reader', async () => {
    const { cumulative, delta, pauses, counter, fill, clock } = setUp({ seriesTtlMillis: 10_000 });
    fill(5 * STEP);
    for (const reader of [cumulative, delta]) await whole(pauses, reader);
    clock.millis += 6000;
    counter.add(1, { id: 1 });
    await whole(pauses, cumulative);
    clock.millis += 6000;
    const totals = cumulative.values('c');
    await pauses.resume();
    // It was found idle, and is recorded all the same.
    counter.add(9, { id: 0 });
    await pauses.resumeAll();
    expect(await totals).toHaveLength(5 * STEP);
    expect(await whole(pauses, delta)).toEqual(
      new Map([
        [0, 9],
        [1, 1],
      ]),
    );
    expect(await whole(pauses, cumulative)).toEqual(
      new Map([
        [0, 10],
        [1, 2],
      ]),
    );
  });

  test('exports what a collection at once exports, in the stock SDK’s way, too', async () => {
    const exported = async (options: MeterProviderOptions): Promise<unknown> => {
      const { cumulative, delta, pauses, provider, counter } = setUp({ compatibility: 'js', ...options });
      const observable = provider.getMeter('m').createObservableGauge('o');
      observable.addCallback((result) => {
        for (let id = 0; id < 3 * STEP; id++) result.observe(id, { id });
      });
      for (let id = 0; id < 3 * STEP; id++) counter.add(id, { id, undefined });
      const results: unknown[] = [];
      for (const reader of [cumulative, delta]) {
        const metrics = reader.metrics();
        await pauses.resumeAll();
        results.push(await metrics);
      }
      return results;
    };
    expect(await exported({})).toStrictEqual(await exported({ collectionSliceMillis: Infinity }));
  });
});

async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  return (await Promise.race([promise, Promise.resolve('pending')])) !== 'pending';
}
