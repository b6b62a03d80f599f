// Several collections under way at the same time.
import { describe, expect, test } from '@jest/globals';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
  type ResourceMetrics,
} from '@nanometer/metrics';
import { Pauses, SHORTEST_SLICE_MILLIS } from './support/pauses.ts';
import { deltaReader, ManualClock, TestReader } from './support/test-reader.ts';

const SERIES = 200;

function setUp() {
  const readers = [deltaReader(), new TestReader(), deltaReader()] as const;
  const clock = new ManualClock();
  const pauses = new Pauses();
  const provider = new MeterProvider({
    clock,
    threads: false,
    collectionSliceMillis: SHORTEST_SLICE_MILLIS,
    giveWay: pauses.giveWay,
    readers: [...readers],
  });
  const counter = provider.getMeter('m').createCounter('c');
  const recordAll = (): void => {
    for (let id = 0; id < SERIES; id++) counter.add(1, { id });
  };
  return { readers, clock, pauses, provider, counter, recordAll };
}

describe('collections of one reader', () => {
  test('come one after the other: each increment is in one of them, and the second begins where the first ended', async () => {
    const { readers, clock, pauses, recordAll } = setUp();
    const [delta] = readers;
    recordAll();
    const first = delta.points('c');
    await pauses.settle();
    clock.millis += 1000;
    recordAll();
    const second = delta.points('c');
    const third = delta.points('c');
    await pauses.resumeAll();
    const values = [...(await first), ...(await second), ...(await third)].map(({ value }) => value as number);
    expect(values.reduce((sum, value) => sum + value, 0)).toBe(2 * SERIES);
    expect(await first).toHaveLength(SERIES);
    for (const { startTime } of await second) expect(startTime).toEqual((await first)[0]!.endTime);
    expect(await third).toEqual([]);
  });

  test('do not wait for a callback of another one', async () => {
    const { readers, clock, pauses, provider, recordAll } = setUp();
    const [delta] = readers;
    recordAll();
    let release = (): void => undefined;
    let isFirst = true;
    provider
      .getMeter('slow')
      .createObservableUpDownCounter('g')
      .addCallback(async (result) => {
        const hangs = isFirst;
        isFirst = false;
        if (hangs) {
          await new Promise<void>((resolve) => {
            release = resolve;
          });
        }
        result.observe(1);
      });
    const slow = delta.metrics();
    await pauses.resumeAll();
    recordAll();
    clock.millis += 1000;
    const fast = delta.metrics();
    await pauses.resumeAll();
    expect((await fast).map(({ dataPoints }) => dataPoints.length)).toEqual([SERIES, 1]);
    clock.millis += 1000;
    release();
    await pauses.resumeAll();
    const [, overtaken] = await slow;
    // It began before the other one and was read after it: as its time it has the latter, or it would end before it begins.
    const [observed] = overtaken!.dataPoints;
    expect(observed!.startTime).toEqual((await fast)[1]!.dataPoints[0]!.endTime);
    expect(observed!.endTime).toEqual([clock.millis / 1000, 0]);
  });

  test('go on after one that failed', async () => {
    const { readers, pauses, provider, recordAll } = setUp();
    const [delta] = readers;
    recordAll();
    const select = delta.selectAggregationTemporality.bind(delta);
    delta.selectAggregationTemporality = () => {
      throw new Error('no temporality');
    };
    await expect(delta.collect()).rejects.toThrow('no temporality');
    delta.selectAggregationTemporality = select;
    const values = delta.values('c');
    await pauses.resumeAll();
    expect(await values).toHaveLength(SERIES);
    expect(provider.stats().seriesActive).toBe(SERIES);
  });
});

describe('collections of several readers', () => {
  test('take turns, so that no turn of the event loop has two slices', async () => {
    const { readers, pauses, recordAll } = setUp();
    recordAll();
    const all = readers.map(async (reader) => reader.values('c'));
    await pauses.settle();
    // Only the first one has begun: the others saw that it stands between two slices.
    let turns = 0;
    while (pauses.waiting > 0) {
      expect(pauses.waiting).toBe(1);
      turns++;
      await pauses.resume();
    }
    expect(turns).toBeGreaterThanOrEqual(readers.length * Math.floor(SERIES / 64));
    for (const values of await Promise.all(all))
      expect(values.map(([, value]) => value)).toEqual(Array(SERIES).fill(1));
  });

  test('leave each other’s baselines alone', async () => {
    const { readers, pauses, counter, recordAll } = setUp();
    const [first, , second] = readers;
    recordAll();
    let received = [0, 0];
    const receive = (reader: number, values: readonly [unknown, number][]): void => {
      received[reader] = values.reduce((sum, [, value]) => sum + value, received[reader]!);
    };
    for (let round = 0; round < 5; round++) {
      const ofFirst = first.values('c');
      await pauses.settle();
      counter.add(1, { id: 0 });
      const ofSecond = second.values('c');
      await pauses.resume();
      counter.add(1, { id: SERIES - 1 });
      await pauses.resumeAll();
      receive(0, await ofFirst);
      receive(1, await ofSecond);
    }
    for (const [reader, stream] of [first, second].entries()) {
      const last = stream.values('c');
      await pauses.resumeAll();
      receive(reader, await last);
    }
    expect(received).toEqual([SERIES + 10, SERIES + 10]);
  });
});

describe('with the SDK’s periodic reader', () => {
  const sumOf = (collections: readonly ResourceMetrics[]): number =>
    collections
      .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics))
      .flatMap(({ dataPoints }) => dataPoints as { value: number }[])
      .reduce((sum, { value }) => sum + value, 0);

  test('flushes and a shutdown in the middle of collections export every increment once', async () => {
    const exporter = new InMemoryMetricExporter(AggregationTemporality.DELTA);
    const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 2 ** 30 });
    const provider = new MeterProvider({
      readers: [reader],
      threads: false,
      collectionSliceMillis: SHORTEST_SLICE_MILLIS,
    });
    const counter = provider.getMeter('m').createCounter('c');
    let recorded = 0;
    const record = (): void => {
      for (let id = 0; id < SERIES; id++, recorded++) counter.add(1, { id });
    };
    record();
    const exported: ResourceMetrics[] = [];
    const flushes = [provider.forceFlush(), provider.forceFlush()];
    record();
    flushes.push(provider.forceFlush());
    await Promise.all(flushes);
    exported.push(...exporter.getMetrics());
    exporter.reset();
    record();
    // Shutting down clears what the exporter in memory keeps, so it is read as it comes.
    const keep = exporter.export.bind(exporter);
    exporter.export = (metrics, done) => {
      exported.push(metrics);
      keep(metrics, done);
    };
    await Promise.all([provider.forceFlush(), provider.shutdown()]);
    expect(sumOf(exported)).toBe(recorded);
  });
});
