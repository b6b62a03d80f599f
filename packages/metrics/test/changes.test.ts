import { expect, test } from '@jest/globals';
import {
  AggregationType,
  type ChangeProducer,
  type IMetricReader,
  InstrumentType,
  MeterProvider,
} from '@nanometer/metrics';

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
