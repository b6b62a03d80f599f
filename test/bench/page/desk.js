// Child of page.bench.js: a synthetic desk that pushes its sums and levels 60 times a second and exports its histograms by
// OTLP four times a second. It runs while it is told to.
import { LivePublisher } from '@nanometer/live';
import { MeterProvider } from '@nanometer/metrics';
import { OtlpReader } from '@nanometer/exporter-otlp';
import { SyntheticDesk } from '../../../packages/dashboard/dev/synthetic-desk.ts';

const STEP_MS = 1000 / 60;
const SCOPE = { name: 'bench', version: '1' };
/** What is recorded for a median: about what a log-normal spread of times looks like. */
const FACTORS = [0.4, 0.7, 0.9, 1, 1.1, 1.5, 2.4, 6];

const [push, otlpHttp] = process.argv.slice(2);
const publisher = new LivePublisher({ url: push });
const reader = new OtlpReader({
  protocol: 'http/protobuf',
  url: `${otlpHttp}/v1/metrics`,
  exportIntervalMillis: 250,
});
const provider = new MeterProvider({ readers: [reader] });
const meter = provider.getMeter('bench');
const startTimeUnixNano = String(BigInt(Date.now()) * 1_000_000n);
const histograms = new Map();
/** By the id that the desk was given: how a value of it goes out. */
const ways = [];

function histogramWay({ name, unit, description, attributes, field }) {
  if (field !== 'p50') return () => undefined;
  if (!histograms.has(name)) histograms.set(name, meter.createHistogram(name, { unit, description }));
  const bound = histograms.get(name);
  return (_timeMs, median) => {
    for (const factor of FACTORS) bound.record(median * factor, attributes);
  };
}

function pushedWay({ name, kind, unit, attributes, resource }) {
  const id = publisher.register({ name, kind, unit, attributes, resource, scope: SCOPE, startTimeUnixNano });
  return (timeMs, value) => publisher.update(id, timeMs, value);
}

const desk = new SyntheticDesk({
  seed: 7,
  server: {
    register: (series) => {
      // The bridge speaks for itself.
      const own = series.resource['service.name'] === 'nanometer-bridge';
      ways.push(own ? () => undefined : series.kind === 'histogram' ? histogramWay(series) : pushedWay(series));
      return ways.length - 1;
    },
    update: (id, timeMs, value) => ways[id](timeMs, value),
    publishEvent: (topic, body, options) => publisher.publishEvent(topic, body, options),
  },
});

publisher.connect();
let timer;
process.on('message', (message) => {
  clearInterval(timer);
  if (message !== 'run') return;
  timer = setInterval(() => {
    desk.step(Date.now(), STEP_MS / 1000);
    publisher.flush();
  }, STEP_MS);
});
process.once('disconnect', () => process.exit(0));
process.send('ready');
