// Every entry: library → case family → () => cases; a case is a function that does n operations.
// Each family of each library runs in a process of its own, so that none sees code shaped by another.
import * as workload from './workload.js';

// Imported bindings are read through their module on every use; constants are compiled in, as they would be in a
// program that has its attributes and values at hand.
const { BOUNDARIES, EIGHT, LATENCIES, LATENCIES_MICROS, ORDERS, SIDES, SYMBOLS, THREE, VENUES } = workload;

/** The unbound cases, for anything with `add(value, attributes)`; `named` when three attributes are declared up front. */
function unboundCases(counters, add) {
  return {
    'counter.add 0 attributes': (n) => {
      for (let i = 0; i < n; i++) add(counters.none, 1, undefined);
    },
    // One cell in a loop measures how long an addition waits for the one before it to reach memory; a program that
    // does anything else in between does not wait. Taking turns shows what recording keeps a processor busy for.
    'counter.add 0 attributes, 16 counters in turn': (n) => {
      for (let i = 0; i < n; i++) add(counters.turns[i & 15], 1, undefined);
    },
    'counter.add 3 attributes, constant object': (n) => {
      for (let i = 0; i < n; i++) add(counters.three, 1, THREE);
    },
    'counter.add 3 attributes, fresh object': (n) => {
      for (let i = 0; i < n; i++) add(counters.three, 1, { venue: 'binance', symbol: 'BTCUSDT', side: 'buy' });
    },
    'counter.add 3 attributes, fresh object, 64 sets': (n) => {
      for (let i = 0; i < n; i++) {
        add(counters.three, 1, { venue: VENUES[i & 3], symbol: SYMBOLS[(i >> 2) & 7], side: SIDES[(i >> 5) & 1] });
      }
    },
    'counter.add 3 attributes, fresh object, 10000 sets': (n) => {
      for (let i = 0; i < n; i++) {
        add(counters.many, 1, { venue: 'binance', symbol: 'BTCUSDT', side: ORDERS[(i * 7919) % 10_000] });
      }
    },
    'counter.add 8 attributes, constant object': (n) => {
      for (let i = 0; i < n; i++) add(counters.eight, 1, EIGHT);
    },
    'counter.add 8 attributes, fresh object': (n) => {
      for (let i = 0; i < n; i++) {
        add(counters.eight, 1, {
          venue: 'binance',
          symbol: 'BTCUSDT',
          side: 'buy',
          strategy: 'maker-a',
          account: 'main',
          type: 'limit',
          desk: 'crypto',
          region: 'eu',
        });
      }
    },
  };
}

const literal = {
  // What a caller pays for writing the object down; subtract it from the rows above to see the library alone.
  'literal of 3 attributes': (n) => {
    for (let i = 0; i < n; i++) sink = { venue: 'binance', symbol: 'BTCUSDT', side: SIDES[i & 1] };
  },
  'literal of 8 attributes': (n) => {
    for (let i = 0; i < n; i++) sink = { ...EIGHT };
  },
};
export let sink;

async function nanometerMeter() {
  const { MeterProvider, AggregationTemporality, AggregationType } = await import('../../dist/index.js');
  const reader = (temporality, aggregation) => ({
    setMetricProducer() {},
    selectAggregation: () => ({ type: aggregation }),
    selectAggregationTemporality: () => temporality,
    selectCardinalityLimit: () => 20_000,
    collect: async () => undefined,
    forceFlush: async () => {},
    shutdown: async () => {},
  });
  const readers = [
    reader(AggregationTemporality.CUMULATIVE, AggregationType.DEFAULT),
    reader(AggregationTemporality.DELTA, AggregationType.DEFAULT),
  ];
  return new MeterProvider({ readers, exponentialAdvice: true }).getMeter('bench');
}

async function stockMeter() {
  const { AggregationType, MeterProvider, MetricReader } = await import('@opentelemetry/sdk-metrics');
  class IdleReader extends MetricReader {
    async onForceFlush() {}
    async onShutdown() {}
  }
  return new MeterProvider({
    readers: [new IdleReader({ cardinalitySelector: () => 20_000 })],
    views: [{ instrumentName: 'exponential', aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM } }],
  }).getMeter('bench');
}

function turnsOf(create) {
  return Array.from({ length: 16 }, (_, i) => create(`turn_${i}`));
}

function meterCounters(meter) {
  const counters = Object.fromEntries(
    ['none', 'three', 'many', 'eight'].map((name) => [name, meter.createCounter(name)]),
  );
  return { ...counters, turns: turnsOf((name) => meter.createCounter(name)) };
}

const nanometer = {
  bound: async () => {
    const meter = await nanometerMeter();
    const counter = meter.createCounter('counter').bind(THREE);
    const upDown = meter.createUpDownCounter('up-down').bind(THREE);
    const gauge = meter.createGauge('gauge').bind(THREE);
    return {
      'bound counter.add': (n) => {
        for (let i = 0; i < n; i++) counter.add(1);
      },
      'bound up-down counter.add': (n) => {
        for (let i = 0; i < n; i++) upDown.add(-1);
      },
      'bound gauge.record': (n) => {
        for (let i = 0; i < n; i++) gauge.record(i);
      },
    };
  },
  unbound: async () => unboundCases(meterCounters(await nanometerMeter()), (counter, v, a) => counter.add(v, a)),
  explicit: async () => {
    const meter = await nanometerMeter();
    const histogram = meter.createHistogram('explicit', { advice: { explicitBucketBoundaries: BOUNDARIES } });
    const bound = histogram.bind(THREE);
    return {
      'bound histogram.record, 15 boundaries': (n) => {
        for (let i = 0; i < n; i++) bound.record(LATENCIES[i & 1023]);
      },
      'histogram.record 3 attributes, 15 boundaries': (n) => {
        for (let i = 0; i < n; i++) histogram.record(LATENCIES[i & 1023], THREE);
      },
    };
  },
  exponential: async () => {
    const meter = await nanometerMeter();
    const histogram = meter.createHistogram('exponential', { advice: { exponentialMaxSize: 160 } });
    const bound = histogram.bind(THREE);
    return {
      'bound histogram.record, exponential': (n) => {
        for (let i = 0; i < n; i++) bound.record(LATENCIES[i & 1023]);
      },
      'histogram.record 3 attributes, exponential': (n) => {
        for (let i = 0; i < n; i++) histogram.record(LATENCIES[i & 1023], THREE);
      },
    };
  },
};

const stock = {
  unbound: async () => unboundCases(meterCounters(await stockMeter()), (counter, v, a) => counter.add(v, a)),
  explicit: async () => {
    const histogram = (await stockMeter()).createHistogram('explicit', {
      advice: { explicitBucketBoundaries: BOUNDARIES },
    });
    return {
      'histogram.record 3 attributes, 15 boundaries': (n) => {
        for (let i = 0; i < n; i++) histogram.record(LATENCIES[i & 1023], THREE);
      },
    };
  },
  exponential: async () => {
    const histogram = (await stockMeter()).createHistogram('exponential');
    return {
      'histogram.record 3 attributes, exponential': (n) => {
        for (let i = 0; i < n; i++) histogram.record(LATENCIES[i & 1023], THREE);
      },
    };
  },
};

const promClient = {
  bound: async () => {
    const { default: prom } = await import('prom-client');
    const registers = [new prom.Registry()];
    const counter = new prom.Counter({ name: 'c', help: 'c', labelNames: Object.keys(THREE), registers }).labels(THREE);
    const gauge = new prom.Gauge({ name: 'g', help: 'g', labelNames: Object.keys(THREE), registers }).labels(THREE);
    return {
      'bound counter.add': (n) => {
        for (let i = 0; i < n; i++) counter.inc(1);
      },
      'bound gauge.record': (n) => {
        for (let i = 0; i < n; i++) gauge.set(i);
      },
    };
  },
  unbound: async () => {
    const { default: prom } = await import('prom-client');
    const registers = [new prom.Registry()];
    const of = (name, labelNames) => new prom.Counter({ name, help: name, labelNames, registers });
    const three = Object.keys(THREE);
    const counters = {
      none: of('n', []),
      three: of('t', three),
      many: of('m', three),
      eight: of('e', Object.keys(EIGHT)),
      turns: turnsOf((name) => of(name, [])),
    };
    return unboundCases(counters, (counter, v, a) => (a === undefined ? counter.inc(v) : counter.inc(a, v)));
  },
  explicit: async () => {
    const { default: prom } = await import('prom-client');
    const histogram = new prom.Histogram({
      name: 'h',
      help: 'h',
      labelNames: Object.keys(THREE),
      buckets: BOUNDARIES,
      registers: [new prom.Registry()],
    });
    const bound = histogram.labels(THREE);
    return {
      'bound histogram.record, 15 boundaries': (n) => {
        for (let i = 0; i < n; i++) bound.observe(LATENCIES[i & 1023]);
      },
      'histogram.record 3 attributes, 15 boundaries': (n) => {
        for (let i = 0; i < n; i++) histogram.observe(THREE, LATENCIES[i & 1023]);
      },
    };
  },
};

const hdr = {
  exponential: async () => {
    const { build, initWebAssembly } = await import('hdr-histogram-js');
    await initWebAssembly();
    const histogram = build({
      useWebAssembly: true,
      lowestDiscernibleValue: 1,
      highestTrackableValue: 60_000_000,
      numberOfSignificantValueDigits: 3,
    });
    return {
      'bound histogram.record, exponential': (n) => {
        for (let i = 0; i < n; i++) histogram.recordValue(LATENCIES_MICROS[i & 1023]);
      },
    };
  },
};

const perfHooks = {
  exponential: async () => {
    const { createHistogram } = await import('node:perf_hooks');
    const histogram = createHistogram({ lowest: 1, highest: 60_000_000, figures: 3 });
    return {
      'bound histogram.record, exponential': (n) => {
        for (let i = 0; i < n; i++) histogram.record(LATENCIES_MICROS[i & 1023]);
      },
    };
  },
};

const sketches = {
  exponential: async () => {
    const { DDSketch } = await import('@datadog/sketches-js');
    const sketch = new DDSketch();
    return {
      'bound histogram.record, exponential': (n) => {
        for (let i = 0; i < n; i++) sketch.accept(LATENCIES[i & 1023]);
      },
    };
  },
};

const bare = {
  bound: async () => {
    const cells = new Float64Array(new SharedArrayBuffer(4096));
    const slot = new Slot(cells, 7);
    const turns = Array.from({ length: 16 }, (_, i) => new Slot(cells, 16 + 3 * i));
    return {
      'bound counter.add': (n) => {
        for (let i = 0; i < n; i++) slot.increment(1);
      },
      'counter.add 0 attributes, 16 counters in turn': (n) => {
        for (let i = 0; i < n; i++) turns[i & 15].increment(1);
      },
      ...literal,
    };
  },
};

/** The least a counter in a typed array can do. */
class Slot {
  constructor(cells, at) {
    this.cells = cells;
    this.at = at;
  }

  increment(value) {
    this.cells[this.at] += value;
  }
}

export const LIBRARIES = {
  nanometer,
  'sdk-metrics': stock,
  'prom-client': promClient,
  'hdr-histogram-js (wasm)': hdr,
  'sketches-js': sketches,
  'perf_hooks histogram': perfHooks,
  'array increment': bare,
};
