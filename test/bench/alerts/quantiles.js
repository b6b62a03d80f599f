/** Median, 99th percentile and maximum of samples, three digits. */
export function quantilesOf(samples) {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (quantile) => {
    const index = Math.min(sorted.length - 1, Math.floor(quantile * sorted.length));
    return Number((sorted[index] ?? Number.NaN).toPrecision(3));
  };
  return { count: sorted.length, p50: at(0.5), p99: at(0.99), max: at(1) };
}

/** The percentage of samples above a limit, three digits. */
export function percentAbove(samples, limit) {
  const above = samples.filter((sample) => sample > limit).length;
  return Number(((100 * above) / samples.length).toPrecision(3));
}
