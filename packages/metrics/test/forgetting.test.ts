import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { MeterProvider, type MeterProviderOptions } from '@nanometer/metrics';
import { deltaReader, ManualClock, TestReader } from './support/test-reader.ts';

function setUp(options: MeterProviderOptions = {}, limit = 3) {
  const cumulative = new TestReader({ limit });
  const delta = deltaReader({ limit });
  const clock = new ManualClock();
  const provider = new MeterProvider({ clock, ...options, readers: [cumulative, delta] });
  return { cumulative, delta, clock, provider, meter: provider.getMeter('m') };
}

describe('removing a series', () => {
  test('reports it once more to every reader, then never again', async () => {
    const { cumulative, delta, meter } = setUp();
    const counter = meter.createCounter('c');
    counter.add(1, { symbol: 'a' });
    await cumulative.metrics();
    await delta.metrics();
    counter.add(2, { symbol: 'a' });
    counter.remove({ symbol: 'a' });
    expect(await cumulative.values('c')).toEqual([[{ symbol: 'a' }, 3]]);
    expect(await cumulative.values('c')).toEqual([[{ symbol: 'a' }, 3]]);
    expect(await delta.values('c')).toEqual([[{ symbol: 'a' }, 2]]);
    expect(await cumulative.metrics()).toEqual([]);
    expect(await delta.metrics()).toEqual([]);
  });

  test('lets the same attributes begin anew, with a start time of their own', async () => {
    const { cumulative, delta, meter, clock } = setUp();
    const histogram = meter.createHistogram('h');
    histogram.record(1000, { symbol: 'a' });
    await cumulative.metrics();
    await delta.metrics();
    histogram.remove({ symbol: 'a' });
    await cumulative.metrics();
    clock.millis += 5000;
    await delta.metrics();
    const begun = [clock.millis / 1000, 0];
    histogram.record(7, { symbol: 'a' });
    expect((await cumulative.points('h'))[0]).toMatchObject({
      startTime: begun,
      value: { count: 1, sum: 7, min: 7, max: 7 },
    });
    expect((await delta.points('h'))[0]!.value).toMatchObject({ count: 1, sum: 7, min: 7, max: 7 });
  });

  test('frees its place for others, at once when the limit asks for it', async () => {
    const { cumulative, meter } = setUp();
    const counter = meter.createCounter('c');
    for (const symbol of ['a', 'b', 'c']) counter.add(1, { symbol });
    await cumulative.metrics();
    counter.remove({ symbol: 'b' });
    counter.add(1, { symbol: 'd' });
    const symbols = (await cumulative.values('c')).map(([set]) => (set as { symbol: string }).symbol);
    expect(symbols.sort()).toEqual(['a', 'c', 'd']);
  });

  test('is called off by a record that comes before the last report', async () => {
    const { cumulative, meter } = setUp();
    const counter = meter.createCounter('c');
    counter.add(1, { symbol: 'a' });
    await cumulative.metrics();
    counter.remove({ symbol: 'a' });
    counter.add(1, { symbol: 'a' });
    for (let i = 0; i < 3; i++) expect(await cumulative.values('c')).toEqual([[{ symbol: 'a' }, 2]]);
  });

  test('leaves handles working: what they record next is a new series', async () => {
    const { cumulative, delta, meter } = setUp();
    const gauge = meter.createGauge('g');
    const counter = meter.createCounter('c');
    const bound = counter.bind({ symbol: 'a' });
    const level = gauge.bind({ symbol: 'a' });
    bound.add(5);
    level.record(1);
    for (const reader of [cumulative, delta]) await reader.metrics();
    counter.remove({ symbol: 'a' });
    gauge.remove({ symbol: 'a' });
    for (const reader of [cumulative, delta]) await reader.metrics();
    for (const reader of [cumulative, delta]) expect(await reader.metrics()).toEqual([]);
    for (const symbol of ['x', 'y', 'z']) counter.add(1, { symbol });
    bound.add(1);
    level.record(2);
    expect(await cumulative.values('c')).toContainEqual([{ symbol: 'a' }, 1]);
    const [levels, counts] = await delta.metrics();
    expect(counts!.dataPoints).toContainEqual(expect.objectContaining({ attributes: { symbol: 'a' }, value: 1 }));
    expect(levels!.dataPoints).toEqual([expect.objectContaining({ attributes: { symbol: 'a' }, value: 2 })]);
  });

  test('of attributes nobody recorded, or that cannot be read, does nothing', async () => {
    const { cumulative, meter } = setUp();
    const counter = meter.createCounter('c');
    counter.add(1);
    counter.remove({ symbol: 'never' });
    counter.remove({ symbol: 1n } as never);
    expect(await cumulative.values('c')).toEqual([[{}, 1]]);
    counter.remove();
    await cumulative.metrics();
    expect(await cumulative.metrics()).toEqual([]);
    counter.add(4);
    expect(await cumulative.values('c')).toEqual([[{}, 4]]);
  });

  test('does not wait for a reader that never collects', async () => {
    const { cumulative, meter } = setUp();
    const counter = meter.createCounter('c');
    for (let id = 0; id < 1000; id++) {
      counter.add(1, { id });
      expect(await cumulative.values('c')).toEqual([[{ id }, 1]]);
      counter.remove({ id });
      await cumulative.metrics();
    }
  });

  test('loses nothing: deltas of a churning program add up', async () => {
    const step = fc.record({ id: fc.nat(5), amount: fc.nat(9), remove: fc.boolean(), collect: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const { delta, meter } = setUp();
        const counter = meter.createCounter('c');
        await delta.metrics();
        let recorded = 0;
        let received = 0;
        const receive = async (): Promise<void> => {
          for (const [, value] of await delta.values('c')) received += value as number;
        };
        for (const { id, amount, remove, collect } of steps) {
          counter.add(amount, { id });
          recorded += amount;
          // At once, while the limit is not reached, is too early for no reader.
          if (remove) counter.remove({ id });
          if (collect || remove) await receive();
        }
        await receive();
        expect(received).toBe(recorded);
      }),
      { numRuns: 100 },
    );
  });
});

describe('seriesTtlMillis', () => {
  test('forgets what is idle, keeps what is recorded, and memory stays flat', async () => {
    const { cumulative, meter, clock, provider } = setUp({ seriesTtlMillis: 10_000 }, 10);
    const counter = meter.createCounter('c');
    const histogram = meter.createHistogram('h');
    const sizes = new Set<number>();
    for (let minute = 0; minute < 200; minute++) {
      counter.add(1, { symbol: 'always' });
      counter.add(1, { minute });
      histogram.record(1, { minute });
      clock.millis += 6000;
      const sets = (await cumulative.values('c')).map(([set]) => set);
      expect(sets).toContainEqual({ symbol: 'always' });
      expect(sets).toContainEqual({ minute });
      expect(sets).not.toContainEqual({ 'otel.metric.overflow': true });
      if (minute > 10) sizes.add(provider.stats().arenaBytes);
    }
    expect(sizes.size).toBe(1);
    expect(provider.stats().seriesActive).toBeLessThan(12);
  });

  test('spares the places of handles', async () => {
    const { cumulative, meter, clock } = setUp({ seriesTtlMillis: 1000 });
    const bound = meter.createCounter('c').bind({ symbol: 'a' });
    bound.add(1);
    await cumulative.metrics();
    clock.millis += 5000;
    await cumulative.metrics();
    await cumulative.metrics();
    expect(await cumulative.metrics()).toEqual([]);
    bound.add(2);
    expect(await cumulative.values('c')).toEqual([[{ symbol: 'a' }, 2]]);
  });
});
