// The same series in both SDKs, collected when told to and encoded as OTLP protobuf.
import { AggregationTemporality, MetricReader } from '@opentelemetry/sdk-metrics';
import { SERIES } from './scraped.js';

const HISTOGRAMS = SERIES / 5;
const BOUNDARIES = [
  0.0001, 0.00025, 0.0005, 0.00075, 0.001, 0.0025, 0.005, 0.0075, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5,
];
const VENUES = ['binance', 'coinbase', 'kraken', 'bybit'];

export const SETS = Array.from({ length: SERIES }, (_, i) => ({
  venue: VENUES[i & 3],
  symbol: `S-${i * 7919}`,
  side: i & 1 ? 'buy' : 'sell',
}));

class OnDemandReader extends MetricReader {
  async onForceFlush() {}
  async onShutdown() {}
}

const ENCODERS = {
  nanometer: async () => {
    const { RequestEncoder } = await import('@nanometer/exporter-otlp');
    const encoder = new RequestEncoder();
    return (metrics) => encoder.encode(metrics).bytes;
  },
  stock: async () => {
    const { ProtobufMetricsSerializer } = await import('@opentelemetry/otlp-transformer');
    return (metrics) => ProtobufMetricsSerializer.serializeRequest(metrics);
  },
};

const PROVIDERS = {
  nanometer: async () => (await import('@nanometer/metrics')).MeterProvider,
  stock: async () => (await import('@opentelemetry/sdk-metrics')).MeterProvider,
};

/** A provider and an encoder: `recordAll` changes every value, `collect` reads them all, `encode` gives the bytes. */
export async function openPushed(library) {
  const reader = new OnDemandReader({
    aggregationTemporalitySelector: () => AggregationTemporality.CUMULATIVE,
    cardinalitySelector: () => 2 * SERIES,
  });
  const MeterProvider = await PROVIDERS[library]();
  const encode = await ENCODERS[library]();
  const meter = new MeterProvider({ readers: [reader] }).getMeter('bench');
  const counter = meter.createCounter('bench.counter', { description: 'of the benchmark' });
  const histogram = meter.createHistogram('bench.histogram', {
    description: 'of the benchmark',
    unit: 's',
    advice: { explicitBucketBoundaries: BOUNDARIES },
  });
  return {
    encode,
    collect: async () => (await reader.collect()).resourceMetrics,
    recordAll: () => {
      for (let i = 0; i < SERIES; i++) {
        if (i < HISTOGRAMS) histogram.record(BOUNDARIES[i % 15], SETS[i]);
        else counter.add((i & 1) === 0 ? 1 : 0.37, SETS[i]);
      }
    },
  };
}
