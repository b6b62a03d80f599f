// A case takes a library's name and gives its samples: milliseconds, nanoseconds or bytes per what its name says.
import { BOUNDARIES, LATENCIES, SIDES, VENUES } from '../record/workload.js';
import { open } from './libraries.js';

const SERIES = 10_000;
const HISTOGRAMS = SERIES / 5;
const COLLECTIONS = 60;
const WARM_UP_COLLECTIONS = 20;
const WARM_UP_SERIES = 1000;
const NEW_SETS = 4000;
const NEW_SETS_ROUNDS = 30;
const VALUES_PER_HISTOGRAM = 100;

const advice = { explicitBucketBoundaries: BOUNDARIES };

/** Flat strings that no library has seen; parsed, since a concatenation would be charged to whoever reads it first. */
function symbols(count, prefix) {
  return JSON.parse(JSON.stringify(Array.from({ length: count }, (_, i) => `${prefix}-${i * 7919}`)));
}

function attributesOf(symbol, i) {
  return { venue: VENUES[i & 3], symbol, side: SIDES[i & 1] };
}

async function collect(library, { delta, busy }) {
  const { meter, reader } = await open(library, { delta });
  const counter = meter.createCounter('counter');
  const histogram = meter.createHistogram('histogram', { advice });
  const sets = symbols(SERIES, 'S').map(attributesOf);
  const recordAll = () => {
    for (let i = 0; i < SERIES; i++) {
      if (i < HISTOGRAMS) histogram.record(LATENCIES[i & 1023], sets[i]);
      else counter.add(1, sets[i]);
    }
  };
  recordAll();
  const samples = [];
  for (let round = 0; round < COLLECTIONS; round++) {
    if (busy) recordAll();
    const start = performance.now();
    const { resourceMetrics } = await reader.collect();
    const took = performance.now() - start;
    const points = resourceMetrics.scopeMetrics[0].metrics.reduce((sum, { dataPoints }) => sum + dataPoints.length, 0);
    if (points !== SERIES) throw new Error(`${library} collected ${points} points of ${SERIES} series`);
    if (round >= WARM_UP_COLLECTIONS) samples.push(took);
  }
  return samples;
}

async function firstRecord(library, create, record) {
  const { meter } = await open(library);
  const samples = [];
  for (let round = 0; round < NEW_SETS_ROUNDS; round++) {
    const instrument = create(meter, `instrument.${round}`);
    const names = symbols(NEW_SETS, `R${round}`);
    const start = performance.now();
    for (let i = 0; i < NEW_SETS; i++) record(instrument, attributesOf(names[i], i));
    samples.push(((performance.now() - start) * 1e6) / NEW_SETS);
  }
  // The first rounds run code that is not compiled yet.
  return samples.slice(NEW_SETS_ROUNDS / 3);
}

/**
 * Growth of heap and (shared) buffers per series once recorded and collected. A first instrument goes through the same
 * beforehand: code that is compiled on the way is not memory of a series.
 */
async function memory(library, options, create, record) {
  const { meter, reader } = await open(library, options);
  // The strings are the caller's and stay alive here; the objects around them are new on every call, as they often are.
  const names = symbols(SERIES, 'S');
  const warmUp = create(meter, 'warm-up');
  for (let i = 0; i < WARM_UP_SERIES; i++) record(warmUp, i, names[i]);
  await reader.collect();
  const instrument = create(meter, 'instrument');
  const before = await settledBytes();
  for (let i = 0; i < SERIES; i++) record(instrument, i, names[i]);
  await reader.collect();
  const after = await settledBytes();
  if (names.length !== SERIES) throw new Error('the names were collected');
  return [(after - before) / SERIES];
}

async function settledBytes() {
  for (let pass = 0; pass < 4; pass++) {
    globalThis.gc();
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
  // Node counts shared buffers among the array buffers, which are not on the heap.
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

const addOne = (counter, i, symbol) => counter.add(1, attributesOf(symbol, i));

function recordMany(histogram, i, symbol) {
  for (let k = 0; k < VALUES_PER_HISTOGRAM; k++) {
    histogram.record(LATENCIES[(i + k * 7) & 1023], attributesOf(symbol, i));
  }
}

/** Case → `[unit, library → samples]`. */
export const CASES = {
  'collect 10000 series, cumulative, all recorded since': [
    'ms',
    async (library) => collect(library, { delta: false, busy: true }),
  ],
  'collect 10000 series, cumulative, none recorded since': [
    'ms',
    async (library) => collect(library, { delta: false, busy: false }),
  ],
  'collect 10000 series, delta, all recorded since': [
    'ms',
    async (library) => collect(library, { delta: true, busy: true }),
  ],
  'first record of an attribute set, counter': [
    'ns',
    async (library) =>
      firstRecord(
        library,
        (meter, name) => meter.createCounter(name),
        (counter, attributes) => counter.add(1, attributes),
      ),
  ],
  'first record of an attribute set, histogram of 15 boundaries': [
    'ns',
    async (library) =>
      firstRecord(
        library,
        (meter, name) => meter.createHistogram(name, { advice }),
        (histogram, attributes) => histogram.record(0.001, attributes),
      ),
  ],
  'memory per counter series, cumulative': [
    'B',
    async (library) => memory(library, {}, (meter, name) => meter.createCounter(name), addOne),
  ],
  'memory per counter series, delta': [
    'B',
    async (library) => memory(library, { delta: true }, (meter, name) => meter.createCounter(name), addOne),
  ],
  'memory per histogram of 15 boundaries, cumulative': [
    'B',
    async (library) => memory(library, {}, (meter, name) => meter.createHistogram(name, { advice }), recordMany),
  ],
  'memory per exponential histogram, cumulative': [
    'B',
    async (library) => memory(library, { exponential: true }, (meter, name) => meter.createHistogram(name), recordMany),
  ],
  'memory per exponential histogram, delta': [
    'B',
    async (library) =>
      memory(library, { exponential: true, delta: true }, (meter, name) => meter.createHistogram(name), recordMany),
  ],
};
