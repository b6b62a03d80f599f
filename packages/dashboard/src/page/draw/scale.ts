/** An axis: where it begins and ends and which values are labelled. */
export interface Axis {
  readonly min: number;
  readonly max: number;
  readonly ticks: readonly number[];
}

/**
 * The 1-2-5 step that divides `span` into about `count` parts.
 *
 * @param span - > 0; anything else counts as 1.
 */
export function niceStep(span: number, count: number): number {
  const raw = (span > 0 && Number.isFinite(span) ? span : 1) / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(raw));
  const fraction = raw / power;
  return (fraction <= 1.0001 ? 1 : fraction <= 2.0001 ? 2 : fraction <= 5.0001 ? 5 : 10) * power;
}

// Beyond these a span overflows or has no doubles left between its ends: no axis could label it.
const LARGEST = 1e300;
const SMALLEST_SPAN = 1e-12;
const SMALLEST_RELATIVE_SPAN = 1e-9;

/**
 * A linear axis around `min`…`max`, ends snapped to ticks so that it moves seldom. Ends that are equal, or too close to
 * be told apart in print, are widened; an empty extent (min > max) gives 0…1.
 */
export function linearAxis(min: number, max: number, count: number): Axis {
  let low = Math.max(-LARGEST, min);
  let high = Math.min(LARGEST, max);
  if (!(low <= high)) {
    low = 0;
    high = 1;
  }
  const magnitude = Math.max(Math.abs(low), Math.abs(high));
  if (high - low <= Math.max(SMALLEST_SPAN, magnitude * SMALLEST_RELATIVE_SPAN)) {
    const margin = magnitude <= SMALLEST_SPAN ? 1 : magnitude * 0.01;
    low -= low === 0 ? 0 : margin;
    high += margin;
  }
  const step = niceStep(high - low, count);
  const first = Math.floor(low / step + 1e-9);
  const last = Math.ceil(high / step - 1e-9);
  const ticks: number[] = [];
  // Multiplying the index keeps 0.1 steps from collecting rounding errors.
  for (let index = first; index <= last; index++) ticks.push(Number((index * step).toPrecision(12)));
  return { min: ticks[0] as number, max: ticks.at(-1) as number, ticks };
}

/**
 * A logarithmic axis that begins and ends at a 1-2-5 value. Labels thin out to whole decades, then to every second or
 * third one, when there are more than `count`. Values ≤ 0 have no place on it.
 */
export function logAxis(min: number, max: number, count: number): Axis {
  const low = min > 0 && min <= max ? min : 1e-6;
  const high = max >= low ? max : low;
  const steps: number[] = [];
  const decades: number[] = [];
  for (let power = Math.floor(Math.log10(low)); ; power++) {
    for (const digit of [1, 2, 5]) {
      const step = Number(`${digit}e${power}`);
      const following = digit === 1 ? 2 * step : digit === 2 ? 2.5 * step : 2 * step;
      if (following <= low) continue;
      steps.push(step);
      if (digit === 1) decades.push(step);
      if (step >= high && steps.length > 1) {
        const labels = steps.length <= count + 1 || decades.length < 2 ? steps : decades;
        const every = Math.ceil(labels.length / (count + 1));
        return { min: steps[0] as number, max: step, ticks: labels.filter((_, index) => index % every === 0) };
      }
    }
  }
}

const TIME_STEPS_MS: readonly number[] = [
  5000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 900_000, 1_800_000,
];

/** Round clock times between two moments, at most `count` of them. */
export function timeTicks(fromMs: number, toMs: number, count: number): readonly number[] {
  const span = toMs - fromMs;
  const step = TIME_STEPS_MS.find((candidate) => span / candidate <= count) ?? 3_600_000;
  const ticks: number[] = [];
  for (let at = Math.ceil(fromMs / step) * step; at <= toMs; at += step) ticks.push(at);
  return ticks;
}
