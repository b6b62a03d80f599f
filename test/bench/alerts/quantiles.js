/** Median, 99th percentile and maximum of samples, and the percentage of them above 1, three digits. */
export function quantilesOf(samples) {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (quantile) => {
    const index = Math.min(sorted.length - 1, Math.floor(quantile * sorted.length));
    return Number((sorted[index] ?? Number.NaN).toPrecision(3));
  };
  const above1 = sorted.length - (sorted.findLastIndex((sample) => sample <= 1) + 1);
  const above1Percent = Number(((100 * above1) / sorted.length).toPrecision(3));
  return { count: sorted.length, p50: at(0.5), p99: at(0.99), max: at(1), above1Percent };
}
