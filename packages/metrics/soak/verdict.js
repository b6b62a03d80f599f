/** Samples taken before this part of the run is over belong to series, compiled code and caches that are still filling. */
const SETTLED = 0.25;
const WINDOW = 0.25;

/**
 * Compares the quarter of the run after settling with the last one: the smallest sample of each, because garbage that
 * a collection left behind only ever adds. Series and shared memory must not have grown at all.
 */
export function verdictOf(samples, limits) {
  const window = Math.floor(samples.length * WINDOW);
  const from = Math.ceil(samples.length * SETTLED);
  const early = samples.slice(from, from + window);
  const late = samples.slice(-window);
  const least = (part) => Math.min(...part.map(({ bytes }) => bytes));
  const [settled] = early;
  const last = late.at(-1);
  const growthBytes = least(late) - least(early);
  const findings = [];
  if (growthBytes > limits.growthBytes) findings.push(`memory grew by ${growthBytes} B`);
  if (last.bytes > limits.totalBytes) findings.push(`memory reached ${last.bytes} B`);
  if (last.arenaBytes > settled.arenaBytes) {
    findings.push(`shared memory grew from ${settled.arenaBytes} to ${last.arenaBytes} B`);
  }
  if (last.series > settled.series) findings.push(`series grew from ${settled.series} to ${last.series}`);
  return { growthBytes, findings };
}
