import { AggregationTemporality, AggregationType, MeterProvider } from '../dist/index.js';

const SYMBOLS = 500;
const OBSERVED = 50;

/** A reader as the provider knows one: what it selects, and the producer it was given. */
class Reader {
  constructor({ delta = false, exponential = false, limit }) {
    this.delta = delta;
    this.exponential = exponential;
    this.limit = limit;
  }

  setMetricProducer(producer) {
    this.producer = producer;
  }

  selectAggregation(type) {
    const exponential = this.exponential && type === 'HISTOGRAM';
    return { type: exponential ? AggregationType.EXPONENTIAL_HISTOGRAM : AggregationType.DEFAULT };
  }

  selectAggregationTemporality() {
    return this.delta ? AggregationTemporality.DELTA : AggregationTemporality.CUMULATIVE;
  }

  selectCardinalityLimit() {
    return this.limit;
  }

  async collect() {
    return this.producer.collect();
  }

  async forceFlush() {}
  async shutdown() {}
}

/** Instruments of every kind, three readers that collect and one that never does, and what must come out of them. */
export class Workload {
  constructor(limit) {
    this.cumulative = new Reader({ limit });
    this.delta = new Reader({ delta: true, limit });
    this.exponential = new Reader({ delta: true, exponential: true, limit });
    // A limit of its own keeps it from sharing the others' series.
    const never = new Reader({ delta: true, limit: limit - 1 });
    this.provider = new MeterProvider({ readers: [this.cumulative, this.delta, this.exponential, never] });
    const meter = this.provider.getMeter('soak');
    this.orders = meter.createCounter('orders');
    this.position = meter.createUpDownCounter('position');
    this.price = meter.createGauge('price');
    this.latency = meter.createHistogram('latency');
    meter.createObservableGauge('age').addCallback((result) => {
      // Other attribute sets in every collection.
      for (let i = 0; i < OBSERVED; i++) result.observe(i, { order: this.recorded + i });
    });
    this.symbols = Array.from({ length: SYMBOLS }, (_, i) => `SYMBOL-${i}`);
    this.recorded = 0;
    this.counted = 0;
    this.sums = { cumulative: 0, delta: 0 };
  }

  /** Records `count` values; every other one under attributes never seen before, the rest under a few hundred sets. */
  record(count) {
    const { orders, position, price, latency, symbols } = this;
    for (let i = this.recorded, end = this.recorded + count; i < end; i++) {
      const attributes = (i & 1) === 0 ? { symbol: symbols[(i >> 1) % SYMBOLS], side: 'buy' } : { order: i };
      switch ((i >> 1) & 3) {
        case 0:
          orders.add(1, attributes);
          this.counted++;
          break;
        case 1:
          position.add((i & 7) - 3, attributes);
          break;
        case 2:
          price.record(i, attributes);
          break;
        default:
          latency.record((i & 1023) / 1024, attributes);
      }
    }
    // A handle made in passing and never unbound.
    orders.bind({ client: this.recorded }).add(1);
    this.counted++;
    this.recorded += count;
  }

  async collect() {
    this.sums.cumulative = await ordersOf(this.cumulative);
    this.sums.delta += await ordersOf(this.delta);
    await this.exponential.collect();
  }

  async close() {
    await this.provider.shutdown();
  }
}

async function ordersOf(reader) {
  const { resourceMetrics } = await reader.collect();
  const metrics = resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
  const points = metrics.find(({ descriptor }) => descriptor.name === 'orders')?.dataPoints ?? [];
  return points.reduce((sum, { value }) => sum + value, 0);
}
