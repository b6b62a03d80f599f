/** A span of time in Unix milliseconds; `from` is before `to`. */
export interface TimeRange {
  readonly fromMs: number;
  readonly toMs: number;
}

const MINUTE_MS = 60_000;
/** The finest step is a minute: less than ten of them show nothing. */
export const SHORTEST_MS: number = 10 * MINUTE_MS;
/** What a history keeps at most, and a little. */
export const LONGEST_MS: number = 400 * 24 * 60 * MINUTE_MS;

/** Spans on offer. */
export const SPANS: readonly (readonly [label: string, name: string, ms: number])[] = [
  ['1h', '1 hour', 60 * MINUTE_MS],
  ['6h', '6 hours', 360 * MINUTE_MS],
  ['1d', '1 day', 1440 * MINUTE_MS],
  ['7d', '7 days', 7 * 1440 * MINUTE_MS],
  ['30d', '30 days', 30 * 1440 * MINUTE_MS],
  ['1y', '1 year', 365 * 1440 * MINUTE_MS],
];

/**
 * Brings a span into what can be shown: between ten minutes and 400 days long, and not after now. It keeps its middle while its
 * length changes and its length while it is moved; ends that are not finite give the hour before now.
 */
export function clampRange({ fromMs, toMs }: TimeRange, nowMs: number): TimeRange {
  if (!Number.isFinite(fromMs) || !Number.isFinite(toMs) || !(toMs > fromMs)) {
    return { fromMs: nowMs - 60 * MINUTE_MS, toMs: nowMs };
  }
  const length = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, toMs - fromMs));
  const middle = fromMs + (toMs - fromMs) / 2;
  const end = Math.min(nowMs, middle + length / 2);
  return { fromMs: end - length, toMs: end };
}

/**
 * A span `factor` times as long, around a moment that stays where it is.
 *
 * @param factor - below 1 shows less, above 1 more; > 0.
 */
export function zoomRange({ fromMs, toMs }: TimeRange, factor: number, aroundMs: number, nowMs: number): TimeRange {
  const around = Math.min(toMs, Math.max(fromMs, aroundMs));
  return clampRange({ fromMs: around - (around - fromMs) * factor, toMs: around + (toMs - around) * factor }, nowMs);
}

/** A span moved by a share of its length; positive is later. */
export function panRange({ fromMs, toMs }: TimeRange, share: number, nowMs: number): TimeRange {
  const byMs = Math.min(nowMs - toMs, (toMs - fromMs) * share);
  return clampRange({ fromMs: fromMs + byMs, toMs: toMs + byMs }, nowMs);
}
