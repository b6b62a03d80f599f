// library → () => cases; a case is a function that does n operations. Each library runs in a process of its own.
import { exponentialCounts, HISTOGRAMS, valuesOf } from './workload.js';

const MASK = HISTOGRAMS - 1;
const Q = 0.99;
const SIZES = { 16: 0, 160: 3, 1280: 6, 4096: 8 };
/** A cell, not a variable: a changing double in a variable is an allocation. */
const sink = new Float64Array(1);

/** One accumulator, one count after the other: what anybody would write first. */
const plain = {
  total(counts, from, to) {
    let total = 0;
    for (let i = from; i < to; i++) total += counts[i];
    return total;
  },
  bucketOfRank(counts, from, to, rank) {
    let before = 0;
    for (let i = from; i < to; i++) {
      before += counts[i];
      if (before >= rank) return i;
    }
    return to;
  },
};

function countsOf(size, scale) {
  return Array.from({ length: HISTOGRAMS }, (_, index) => exponentialCounts(index, scale, Number(size)));
}

/** All histograms one after the other in one memory, and a target range at the end. */
async function filledMemory(size, scale, simd) {
  const { CountMemory } = await import('../../dist/kernel/count-memory.js');
  const length = Number(size);
  const memory = new CountMemory({ cells: (HISTOGRAMS + 1) * length, simd });
  if (memory.isSimd !== simd) throw new Error('this engine has no SIMD');
  countsOf(size, scale).forEach((counts, index) => memory.cells.set(counts, index * length));
  return memory;
}

async function inMemory(simd) {
  const { rankOf } = await import('../../dist/kernel/rank.js');
  const cases = {};
  for (const [size, scale] of Object.entries(SIZES)) {
    const length = Number(size);
    const memory = await filledMemory(size, scale, simd);
    const totals = Array.from({ length: HISTOGRAMS }, (_, index) => memory.total(index * length, length));
    cases[`bucket of p99, ${size} buckets, count known`] = (n) => {
      for (let i = 0; i < n; i++) {
        const total = totals[i & MASK];
        sink[0] += memory.bucketOfRank((i & MASK) * length, length, rankOf(Q, total), total);
      }
    };
    cases[`bucket of p99, ${size} buckets`] = (n) => {
      for (let i = 0; i < n; i++) {
        const at = (i & MASK) * length;
        sink[0] += memory.bucketOfRank(at, length, rankOf(Q, memory.total(at, length)));
      }
    };
    cases[`merge, ${size} buckets`] = (n) => {
      for (let i = 0; i < n; i++) memory.merge(HISTOGRAMS * length, (i & MASK) * length, length);
    };
  }
  return cases;
}

async function plainLoop() {
  const { rankOf } = await import('../../dist/kernel/rank.js');
  const cases = {};
  for (const [size, scale] of Object.entries(SIZES)) {
    const length = Number(size);
    const { cells } = await filledMemory(size, scale, false);
    const totals = Array.from({ length: HISTOGRAMS }, (_, i) => plain.total(cells, i * length, (i + 1) * length));
    cases[`bucket of p99, ${size} buckets, count known`] = (n) => {
      for (let i = 0; i < n; i++) {
        const at = (i & MASK) * length;
        sink[0] += plain.bucketOfRank(cells, at, at + length, rankOf(Q, totals[i & MASK]));
      }
    };
    cases[`bucket of p99, ${size} buckets`] = (n) => {
      for (let i = 0; i < n; i++) {
        const at = (i & MASK) * length;
        sink[0] += plain.bucketOfRank(cells, at, at + length, rankOf(Q, plain.total(cells, at, at + length)));
      }
    };
    cases[`merge, ${size} buckets`] = (n) => {
      for (let i = 0; i < n; i++) {
        const from = (i & MASK) * length;
        const into = HISTOGRAMS * length;
        for (let k = 0; k < length; k++) cells[into + k] += cells[from + k];
      }
    };
  }
  return cases;
}

/** Counts that live elsewhere are copied to the kernel (and, for a merge, back) on every call. */
async function copied() {
  const { CountMemory } = await import('../../dist/kernel/count-memory.js');
  const { rankOf } = await import('../../dist/kernel/rank.js');
  const cases = {};
  for (const [size, scale] of Object.entries(SIZES)) {
    const length = Number(size);
    const histograms = countsOf(size, scale);
    const into = new Float64Array(length);
    const memory = new CountMemory({ cells: 2 * length });
    const { cells } = memory;
    const second = cells.subarray(length, 2 * length);
    const first = cells.subarray(0, length);
    cases[`bucket of p99, ${size} buckets`] = (n) => {
      for (let i = 0; i < n; i++) {
        first.set(histograms[i & MASK]);
        sink[0] += memory.bucketOfRank(0, length, rankOf(Q, memory.total(0, length)));
      }
    };
    cases[`merge, ${size} buckets`] = (n) => {
      for (let i = 0; i < n; i++) {
        first.set(into);
        second.set(histograms[i & MASK]);
        memory.merge(0, length, length);
        into.set(first);
      }
    };
  }
  return cases;
}

async function values() {
  const { quantileOfExponential } = await import('../../dist/kernel/exponential-quantile.js');
  const { mergeCounts } = await import('../../dist/kernel/kernel.js');
  const cases = {};
  for (const [size, scale] of [
    ['160', 3],
    ['1280', 6],
  ]) {
    const states = countsOf(size, scale).map((counts) => ({
      scale,
      zeroCount: 0,
      positive: { offset: 0, counts: Array.from(counts) },
      negative: { offset: 0, counts: [] },
    }));
    const into = Array.from({ length: Number(size) }, () => 0.5);
    into.fill(0);
    cases[`p99 value, ${size} buckets`] = (n) => {
      for (let i = 0; i < n; i++) sink[0] += quantileOfExponential(states[i & MASK], Q);
    };
    cases[`merge, ${size} buckets`] = (n) => {
      for (let i = 0; i < n; i++) mergeCounts(into, states[i & MASK].positive.counts);
    };
  }
  return cases;
}

/** From memory to the value, count known (a series keeps it): what a reader of live series would call. */
async function liveValues() {
  const { exponentialMidpoint } = await import('../../dist/kernel/midpoint.js');
  const { rankOf } = await import('../../dist/kernel/rank.js');
  const cases = {};
  for (const [size, scale] of [
    ['160', 3],
    ['1280', 6],
  ]) {
    const length = Number(size);
    const memory = await filledMemory(size, scale, true);
    const totals = Array.from({ length: HISTOGRAMS }, (_, index) => memory.total(index * length, length));
    cases[`p99 value, ${size} buckets`] = (n) => {
      for (let i = 0; i < n; i++) {
        const total = totals[i & MASK];
        const bucket = memory.bucketOfRank((i & MASK) * length, length, rankOf(Q, total), total);
        sink[0] += exponentialMidpoint(scale, bucket);
      }
    };
  }
  return cases;
}

/** `quantile` of a bound histogram: the SDK's own series, read where they are recorded. */
async function series() {
  const { MeterProvider } = await import('../../dist/index.js');
  const meter = new MeterProvider({ exponentialAdvice: true }).getMeter('bench');
  const histogram = meter.createHistogram('h', { advice: { exponentialMaxSize: 160 } });
  const bound = Array.from({ length: HISTOGRAMS }, (_, index) => {
    const handle = histogram.bind({ index });
    for (const value of valuesOf(index)) handle.record(value);
    return handle;
  });
  return {
    'p99 value, 160 buckets': (n) => {
      for (let i = 0; i < n; i++) sink[0] += bound[i & MASK].quantile(Q);
    },
  };
}

async function hdr() {
  const { build, initWebAssemblySync } = await import('hdr-histogram-js');
  initWebAssemblySync();
  const cases = {};
  for (const digits of [1, 2, 3]) {
    const make = () => build({ useWebAssembly: true, numberOfSignificantValueDigits: digits, bitBucketSize: 64 });
    const histograms = Array.from({ length: HISTOGRAMS }, (_, index) => {
      const histogram = make();
      for (const value of valuesOf(index)) histogram.recordValue(value);
      return histogram;
    });
    const into = make();
    into.add(histograms[0]);
    cases[`p99 value, ${digits} digits`] = (n) => {
      for (let i = 0; i < n; i++) sink[0] += histograms[i & MASK].getValueAtPercentile(100 * Q);
    };
    cases[`merge, ${digits} digits`] = (n) => {
      for (let i = 0; i < n; i++) into.add(histograms[i & MASK]);
    };
  }
  return cases;
}

async function sketches() {
  const { DDSketch } = await import('@datadog/sketches-js');
  const cases = {};
  for (const relativeAccuracy of [0.0433, 0.01]) {
    const make = () => new DDSketch({ relativeAccuracy });
    const histograms = Array.from({ length: HISTOGRAMS }, (_, index) => {
      const sketch = make();
      for (const value of valuesOf(index)) sketch.accept(value);
      return sketch;
    });
    const into = make();
    into.merge(histograms[0]);
    cases[`p99 value, ${relativeAccuracy} accuracy`] = (n) => {
      for (let i = 0; i < n; i++) sink[0] += histograms[i & MASK].getValueAtQuantile(Q);
    };
    cases[`merge, ${relativeAccuracy} accuracy`] = (n) => {
      for (let i = 0; i < n; i++) into.merge(histograms[i & MASK]);
    };
  }
  return cases;
}

export const LIBRARIES = {
  'simd in memory': () => inMemory(true),
  'scalar twin': () => inMemory(false),
  'plain loop': plainLoop,
  'simd with copy': copied,
  'quantile of arrays': values,
  'quantile in memory': liveValues,
  'bound histogram': series,
  'hdr-histogram-js (wasm)': hdr,
  '@datadog/sketches-js': sketches,
};
