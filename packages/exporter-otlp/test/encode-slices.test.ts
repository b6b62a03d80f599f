import { describe, expect, test } from '@jest/globals';
import { MeterProvider } from '@nanometer/metrics';
import { MetricReader, type ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type EncodedRequest, OtlpExporter, RequestEncoder } from '../src/index.ts';

const SERIES = 300;
/** A slice that is over after every step. */
const SHORTEST = 0;

class OnDemandReader extends MetricReader {
  async onForceFlush(): Promise<void> {
    // Nothing to send.
  }

  async onShutdown(): Promise<void> {
    // Nothing to close.
  }
}

/** Collections of counters, gauges and both kinds of histograms, whose series stay the same unless told otherwise. */
function program() {
  const reader = new OnDemandReader({});
  const meter = new MeterProvider({ readers: [reader], threads: false, exponentialAdvice: true }).getMeter('m');
  const instruments = {
    counter: meter.createCounter('c'),
    gauge: meter.createGauge('g'),
    explicit: meter.createHistogram('h'),
    exponential: meter.createHistogram('e', { advice: { exponentialMaxSize: 160 } as never }),
  };
  let round = 0;
  return async (series: number): Promise<ResourceMetrics> => {
    round++;
    for (let id = 0; id < series; id++) {
      instruments.counter.add(round, { id });
      instruments.gauge.record(round / 3, { id });
      instruments.explicit.record(round * id, { id });
      instruments.exponential.record(round + id, { id });
    }
    return (await reader.collect()).resourceMetrics;
  };
}

const bytesOf = ({ bytes }: EncodedRequest): string => Buffer.from(bytes).toString('hex');

describe('an encoding in slices', () => {
  test('has the bytes of one at once, with templates that come, stay and go', async () => {
    const collect = program();
    const encoder = new RequestEncoder();
    for (const series of [SERIES, SERIES, SERIES, SERIES + 70, SERIES + 70, SERIES + 70]) {
      const metrics = await collect(series);
      const encoding = encoder.encodeInSlices(metrics, SHORTEST);
      expect(encoding).toBeInstanceOf(Promise);
      const encoded = await encoding;
      const expected = new RequestEncoder(0).encode(metrics);
      expect(bytesOf(encoded)).toBe(bytesOf(expected));
      expect(encoded.pointCount).toBe(expected.pointCount);
    }
    expect(encoder.templateBytes).toBeGreaterThan(0);
  });

  test('lets the event loop turn, once per step', async () => {
    const metrics = await program()(SERIES);
    let turns = 0;
    const progress = { isOver: false };
    const encode = async (): Promise<void> => {
      await new RequestEncoder().encodeInSlices(metrics, SHORTEST);
      progress.isOver = true;
    };
    const encoding = encode();
    while (!progress.isOver) {
      await nextTurn();
      turns++;
    }
    await encoding;
    // Four metrics of four whole steps each; the first is done before anybody waits.
    expect(turns).toBeGreaterThanOrEqual(15);
  });

  test('is done at once where one slice is enough', async () => {
    const metrics = await program()(1);
    const encoded = new RequestEncoder().encodeInSlices(metrics, Infinity);
    expect(bytesOf(encoded as EncodedRequest)).toBe(bytesOf(new RequestEncoder(0).encode(metrics)));
  });

  test('waits for the one before; an encoding at once does not, and spoils neither', async () => {
    const collect = program();
    const encoder = new RequestEncoder();
    const collections: ResourceMetrics[] = [];
    for (let round = 0; round < 4; round++) collections.push(await collect(SERIES));
    const encodings = collections.map(async (metrics) => encoder.encodeInSlices(metrics, SHORTEST));
    await nextTurn();
    expect(bytesOf(encoder.encode(collections[0]!))).toBe(bytesOf(new RequestEncoder(0).encode(collections[0]!)));
    const encoded = await Promise.all(encodings);
    expect(encoded.map(bytesOf)).toEqual(collections.map((metrics) => bytesOf(new RequestEncoder(0).encode(metrics))));
  });

  test('that fails lets the next one through', async () => {
    const collect = program();
    const metrics = await collect(SERIES);
    const broken = structuredClone({ ...metrics, resource: {} }) as unknown as ResourceMetrics;
    const { dataPoints } = broken.scopeMetrics[0]!.metrics[1]!;
    Object.defineProperty(dataPoints[SERIES - 1]!, 'value', {
      get: () => {
        throw new Error('no value');
      },
    });
    const encoder = new RequestEncoder();
    const encodings = [encoder.encodeInSlices(broken, SHORTEST), encoder.encodeInSlices(metrics, SHORTEST)] as const;
    await expect(encodings[0]).rejects.toThrow('no value');
    expect(bytesOf(await encodings[1])).toBe(bytesOf(new RequestEncoder(0).encode(metrics)));
  });
});

describe('an exporter', () => {
  test('that is shut down while it encodes holds every point that was exported before', async () => {
    const metrics = await program()(1500);
    // Nobody listens there: what is not lost on the way stays held.
    const exporter = new OtlpExporter({ url: 'http://127.0.0.1:1', shutdownTimeoutMillis: 1 });
    const results: number[] = [];
    for (let i = 0; i < 3; i++) exporter.export(metrics, ({ code }) => results.push(code));
    await expect(exporter.shutdown()).rejects.toThrow();
    expect(results).toEqual([0, 0, 0]);
    expect(exporter.stats().received).toBe(3 * 4 * 1500);
  });
});
