// The same series in every library that a Prometheus server can scrape.

export const SERIES = 10_000;
const HISTOGRAMS = SERIES / 5;

const VENUES = ['binance', 'coinbase', 'kraken', 'bybit'];
const SIDES = ['buy', 'sell'];
const BOUNDARIES = [
  0.0001, 0.00025, 0.0005, 0.00075, 0.001, 0.0025, 0.005, 0.0075, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5,
];
/** Below the first boundary, so that every bucket's line changes. */
const LATENCY = 0.00007;
const LABELS = ['venue', 'symbol', 'side'];
const LIMIT = 2 * SERIES;

const SETS = Array.from({ length: SERIES }, (_, i) => ({
  venue: VENUES[i & 3],
  symbol: `S-${i * 7919}`,
  side: SIDES[i & 1],
}));

const ACCEPT = {
  text: 'text/plain;version=0.0.4',
  OpenMetrics: 'application/openmetrics-text;version=1.0.0',
  protobuf: 'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited',
};

const nanometer = (format) => async () => {
  const { PrometheusExporter } = await import('@nanometer/exporter-prometheus');
  const { MeterProvider } = await import('@nanometer/metrics');
  const exporter = new PrometheusExporter({ preventServerStart: true, cardinalityLimit: LIMIT });
  const instruments = instrumentsOf(new MeterProvider({ readers: [exporter] }));
  return {
    ...instruments,
    // Read before the next one, so its memory is given back, as it is after a scrape.
    render: async () => {
      const { chunks, release } = await exporter.render(ACCEPT[format]);
      release();
      return chunks;
    },
  };
};

const OPEN = {
  'nanometer, text': nanometer('text'),
  'nanometer, OpenMetrics': nanometer('OpenMetrics'),
  'nanometer, protobuf': nanometer('protobuf'),
  'prom-client': async () => {
    const { Counter, Histogram, Registry } = (await import('prom-client')).default;
    const registry = new Registry();
    const common = { help: 'of the benchmark', labelNames: LABELS, registers: [registry] };
    const counter = new Counter({ name: 'bench_counter_total', ...common });
    const histogram = new Histogram({ name: 'bench_histogram_seconds', buckets: BOUNDARIES, ...common });
    return {
      add: (value, set) => counter.inc(set, value),
      record: (value, set) => histogram.observe(set, value),
      render: async () => [Buffer.from(await registry.metrics())],
    };
  },
  '@opentelemetry/exporter-prometheus': async () => {
    const { PrometheusExporter, PrometheusSerializer } = await import('@opentelemetry/exporter-prometheus');
    const { MeterProvider } = await import('@opentelemetry/sdk-metrics');
    const exporter = new PrometheusExporter({ preventServerStart: true });
    const serializer = new PrometheusSerializer();
    // Its reader has no option for the cardinality limit.
    const views = [{ instrumentName: '*', aggregationCardinalityLimit: LIMIT }];
    const instruments = instrumentsOf(new MeterProvider({ readers: [exporter], views }));
    return {
      ...instruments,
      render: async () => [Buffer.from(serializer.serialize((await exporter.collect()).resourceMetrics))],
    };
  },
};

function instrumentsOf(provider) {
  const meter = provider.getMeter('bench');
  const counter = meter.createCounter('bench.counter', { description: 'of the benchmark' });
  const histogram = meter.createHistogram('bench.histogram', {
    description: 'of the benchmark',
    unit: 's',
    advice: { explicitBucketBoundaries: BOUNDARIES },
  });
  return { add: (value, set) => counter.add(value, set), record: (value, set) => histogram.record(value, set) };
}

/** A library with 10,000 series: `recordAll` changes every value, `render` gives what a scrape would send. */
export async function openScraped(library) {
  const { add, record, render } = await OPEN[library]();
  return {
    render,
    recordAll: () => {
      for (let i = 0; i < SERIES; i++) {
        if (i < HISTOGRAMS) record(LATENCY, SETS[i]);
        // Whole numbers and fractions, as quantities and amounts are.
        else add((i & 1) === 0 ? 1 : 0.37, SETS[i]);
      }
    },
    /** Lines with a sample of the benchmark. */
    lines: async () => {
      const text = Buffer.concat(await render()).toString();
      return text.split('\n').filter((line) => line.startsWith('bench_')).length;
    },
  };
}
