// Records for ever in small: churned attributes, four readers of which one never collects, and memory that must not grow.
//
// npm run soak -w @nanometer/metrics -- [--records 1e8] [--limit 2000] [--growth-mib 1] [--total-mib 64] [--json]
//
// Exit codes: 0 flat and exact, 1 not, 2 usage.
import { availableParallelism, cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { verdictOf } from './verdict.js';
import { Workload } from './workload.js';

const MIB = 2 ** 20;
const SAMPLES = 100;

const options = settings();
const workload = new Workload(options.limit);
const samples = [];
const share = Math.ceil(options.records / SAMPLES);
const startMillis = performance.now();
let recordingMillis = 0;

for (let sample = 0; sample < SAMPLES; sample++) {
  const start = performance.now();
  workload.record(share);
  recordingMillis += performance.now() - start;
  await workload.collect();
  samples.push(measured());
  if (sample % 10 === 9) progress();
}

const counted = { recorded: workload.counted, ...workload.sums };
const { growthBytes, findings } = verdictOf(samples, {
  growthBytes: options.growthMib * MIB,
  totalBytes: options.totalMib * MIB,
});
if (counted.cumulative !== counted.recorded) findings.push(`the cumulative sum is ${counted.cumulative}`);
if (counted.delta !== counted.recorded) findings.push(`deltas add up to ${counted.delta}`);
await workload.close();

const document = {
  command: `npm run soak -w @nanometer/metrics -- --records ${options.records} --json`,
  machine: `${availableParallelism()} x ${cpus()[0]?.model.trim() ?? 'unknown'}`,
  node: process.version,
  load: loadavg()[0],
  limits: { series: options.limit, growthMib: options.growthMib, totalMib: options.totalMib },
  records: workload.recorded,
  seconds: Number(((performance.now() - startMillis) / 1000).toFixed(1)),
  nanosPerRecord: Number(((recordingMillis * 1e6) / workload.recorded).toFixed(1)),
  orders: counted,
  growthBytes,
  first: samples[0],
  last: samples.at(-1),
  samples,
  flat: findings.length === 0,
  findings,
};
if (options.json) process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
else print();
process.exitCode = findings.length === 0 ? 0 : 1;

function settings() {
  const number = { type: 'string' };
  let values;
  try {
    ({ values } = parseArgs({
      options: {
        records: { ...number, default: '1e8' },
        limit: { ...number, default: '2000' },
        'growth-mib': { ...number, default: '1' },
        'total-mib': { ...number, default: '64' },
        json: { type: 'boolean', default: false },
      },
    }));
  } catch (error) {
    usage(error.message);
  }
  const positive = (name, least) => {
    const value = Number(values[name]);
    if (!(value >= least && Number.isFinite(value))) usage(`--${name} must be >= ${least}, got "${values[name]}"`);
    return value;
  };
  return {
    records: Math.round(positive('records', SAMPLES)),
    limit: Math.round(positive('limit', 2)),
    growthMib: positive('growth-mib', 0),
    totalMib: positive('total-mib', 1),
    json: values.json,
  };
}

function usage(message) {
  process.stderr.write(`soak: ${message}\n`);
  process.exit(2);
}

function measured() {
  globalThis.gc();
  globalThis.gc();
  // Node counts shared buffers among the array buffers.
  const { heapUsed, arrayBuffers, rss } = process.memoryUsage();
  const { seriesActive, arenaBytes } = workload.provider.stats();
  return { records: workload.recorded, bytes: heapUsed + arrayBuffers, rss, arenaBytes, series: seriesActive };
}

function progress() {
  const { records, bytes, arenaBytes, series } = samples.at(-1);
  process.stderr.write(
    `${records.toExponential(1)} records, ${mib(bytes)} MiB (${mib(arenaBytes)} shared), ${series} series\n`,
  );
}

function print() {
  const { records, seconds, nanosPerRecord, orders, flat } = document;
  console.log(`${records} records in ${seconds} s, ${nanosPerRecord} ns each`);
  console.log(`orders: ${orders.recorded} recorded, ${orders.cumulative} cumulative, ${orders.delta} in deltas`);
  console.log(`memory: ${mib(document.last.bytes)} MiB at the end, grown by ${mib(growthBytes)} MiB since it settled`);
  console.log(flat ? 'flat' : `not flat: ${findings.join('; ')}`);
}

function mib(bytes) {
  return (bytes / MIB).toFixed(2);
}
