// Both SDKs behind the SDK's own reader, the one that users and exporters have.
import { AggregationTemporality, AggregationType, InstrumentType, MetricReader } from '@opentelemetry/sdk-metrics';

const LIMIT = 20_000;

/** A reader that collects when told to. */
class OnDemandReader extends MetricReader {
  async onForceFlush() {}
  async onShutdown() {}
}

const CLASSES = {
  nanometer: async () => (await import('../../dist/index.js')).MeterProvider,
  'sdk-metrics': async () => (await import('@opentelemetry/sdk-metrics')).MeterProvider,
};

export const LIBRARIES = Object.keys(CLASSES);

/** A meter of a provider with one reader. */
export async function open(library, { delta = false, exponential = false } = {}) {
  const reader = new OnDemandReader({
    aggregationTemporalitySelector: () => AggregationTemporality[delta ? 'DELTA' : 'CUMULATIVE'],
    aggregationSelector: (type) => ({
      type:
        exponential && type === InstrumentType.HISTOGRAM
          ? AggregationType.EXPONENTIAL_HISTOGRAM
          : AggregationType.DEFAULT,
    }),
    cardinalitySelector: () => LIMIT,
  });
  const MeterProvider = await CLASSES[library]();
  const provider = new MeterProvider({ readers: [reader] });
  return { meter: provider.getMeter('bench'), reader };
}
