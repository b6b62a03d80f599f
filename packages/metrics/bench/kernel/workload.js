// The same values for every library: latencies in microseconds, log-normal around 200, in 64 histograms that differ.
// Cases go round the histograms, so that no branch predictor learns where one of them has its p99.
export const HISTOGRAMS = 64;
const VALUES = 20_000;

function mulberry32(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Whole microseconds from 1 to about a second; hdr-histogram-js takes no fractions. */
export function valuesOf(histogram) {
  const random = mulberry32(histogram + 1);
  const centre = 100 + 200 * random();
  const spread = 1 + 0.5 * random();
  return Float64Array.from({ length: VALUES }, () => {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return Math.min(1_048_576, Math.max(1, Math.round(centre * Math.exp(spread * normal))));
  });
}

/** Counts of base-2 exponential buckets 0 to `buckets` - 1; scale 3 spreads 1 us to 1 s over 160 of them. */
export function exponentialCounts(histogram, scale, buckets) {
  const counts = new Float64Array(buckets);
  for (const value of valuesOf(histogram)) {
    const index = Math.ceil(Math.log2(value) * 2 ** scale) - 1;
    counts[Math.min(buckets - 1, Math.max(0, index))] += 1;
  }
  return counts;
}
