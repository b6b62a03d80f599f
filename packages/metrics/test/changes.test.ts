import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import {
  AggregationType,
  type ChangeProducer,
  type IMetricReader,
  InstrumentType,
  MeterProvider,
} from '@nanometer/metrics';
import { TestReader } from './support/test-reader.ts';

/** A reader that only looks at changes, and leaves histograms out. */
class ChangesReader {
  producer!: ChangeProducer;
  asked: string[] = [];

  setMetricProducer(producer: ChangeProducer): void {
    this.producer = producer;
  }

  selectAggregation(type: InstrumentType) {
    return { type: type === InstrumentType.HISTOGRAM ? AggregationType.DROP : AggregationType.DEFAULT };
  }

  selectAggregationTemporality(): number {
    return 1;
  }

  seen(prefix = ''): [string, unknown, number, number][] {
    const rows: [string, unknown, number, number][] = [];
    this.producer.visitChanges(
      ({ descriptor }) => {
        this.asked.push(descriptor.name);
        return descriptor.name.startsWith(prefix);
      },
      ({ descriptor }, attributes, start, value) => rows.push([descriptor.name, attributes, start, value]),
    );
    return rows;
  }
}

function setUp() {
  const readers = [new ChangesReader(), new ChangesReader()] as const;
  let now = 1_000;
  const provider = new MeterProvider({ readers: readers as unknown as IMetricReader[], clock: { now: () => now } });
  return { readers, provider, meter: provider.getMeter('m'), advance: (ms: number) => void (now += ms) };
}

test('visits the series recorded since the last visit, with totals and levels, each reader for itself', () => {
  const { readers, meter, advance } = setUp();
  const [reader, other] = readers;
  const counter = meter.createCounter('a.count');
  const gauge = meter.createGauge('a.level');
  expect(reader.seen()).toEqual([]);
  counter.add(2, { k: 'x' });
  advance(5);
  counter.add(3, { k: 'y' });
  gauge.record(-0);
  expect(reader.seen()).toEqual([
    ['a.count', { k: 'x' }, 1_000, 2],
    ['a.count', { k: 'y' }, 1_005, 3],
    ['a.level', {}, 1_005, -0],
  ]);
  expect(reader.seen()).toEqual([]);
  counter.add(1, { k: 'y' });
  // With the value it had: recorded all the same.
  gauge.record(-0);
  expect(reader.seen()).toEqual([
    ['a.count', { k: 'y' }, 1_005, 4],
    ['a.level', {}, 1_005, -0],
  ]);
  expect(other.seen()).toHaveLength(3);
});

test('asks once per metric whether it is wanted, and never of histograms', () => {
  const { readers, meter } = setUp();
  const [reader] = readers;
  const a = meter.createUpDownCounter('a');
  const b = meter.createUpDownCounter('b');
  meter.createHistogram('a.histogram').record(1);
  for (let round = 0; round < 3; round++) {
    a.add(-1);
    b.add(1);
    expect(reader.seen('a')).toEqual([['a', {}, 1_000, -1 - round]]);
  }
  expect(reader.asked).toEqual(['a', 'b']);
});

test('knows the resource and hides nothing that a collection tells', async () => {
  const { readers, meter } = setUp();
  const [reader] = readers;
  meter.createCounter('a').add(1);
  reader.seen();
  const { resourceMetrics } = await reader.producer.collect();
  expect(reader.producer.resource).toBe(resourceMetrics.resource);
  expect(resourceMetrics.scopeMetrics[0]?.metrics[0]?.dataPoints[0]?.value).toBe(1);
  expect(reader.seen()).toEqual([]);
});

test('what is visited adds up to what is collected, series that go and come again included', async () => {
  const key = fc.integer({ min: 0, max: 60 });
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.record({ add: key, value: fc.integer({ min: 0, max: 9 }) }) },
    { weight: 1, arbitrary: fc.record({ remove: key }) },
    { weight: 2, arbitrary: fc.record({ look: fc.constant(true) }) },
    { weight: 1, arbitrary: fc.record({ collect: fc.constant(true) }) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 150 }), async (steps) => {
      const lane = new ChangesReader();
      const whole = new TestReader();
      const provider = new MeterProvider({ readers: [lane as unknown as IMetricReader, whole] });
      const counter = provider.getMeter('m').createCounter('c');
      const mirror = new Map<unknown, number>();
      const look = (): void => {
        for (const [, attributes, , value] of lane.seen()) mirror.set((attributes as { k: number }).k, value);
      };
      for (const each of steps) {
        if ('add' in each) counter.add(each.value, { k: each.add });
        else if ('remove' in each) counter.remove({ k: each.remove });
        else if ('look' in each) look();
        else await whole.metrics();
      }
      look();
      // Afterwards, so that nothing is forgotten between the two.
      const collected = (await whole.values('c')) as [{ k: number }, number][];
      expect(collected.map(([{ k }]) => [k, mirror.get(k)])).toEqual(collected.map(([{ k }, value]) => [k, value]));
    }),
  );
});
