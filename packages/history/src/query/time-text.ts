import { HistoryError } from '../errors.ts';

const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** Milliseconds of a duration such as `90s`, `5m`, `1h30m` or `7d`; `undefined` when it is none. */
export function durationMs(text: string): number | undefined {
  if (!/^(?:\d+(?:\.\d+)?(?:ms|[smhdw]))+$/.test(text)) return undefined;
  let total = 0;
  for (const [, number, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|[smhdw])/g))
    total += Number(number) * UNIT_MS[unit!]!;
  return total;
}

/**
 * Unix milliseconds of `now`, a time ago such as `-1h`, milliseconds since 1970, or an ISO 8601 time.
 *
 * @throws HistoryError `INVALID_QUERY`.
 */
export function timeOf(name: string, text: string, nowMs: number): number {
  if (text === 'now') return nowMs;
  const ago = text.startsWith('-') ? durationMs(text.slice(1)) : undefined;
  const timeMs = ago === undefined ? (/^\d+$/.test(text) ? Number(text) : isoMs(text)) : nowMs - ago;
  if (timeMs !== undefined && Math.abs(timeMs) <= 8.64e15) return timeMs;
  const expected = 'a time ago such as -1h, now, milliseconds since 1970 or 2026-01-31T12:00:00Z';
  throw new HistoryError('INVALID_QUERY', `${name} is ${JSON.stringify(text)}; expected ${expected}`);
}

function isoMs(text: string): number | undefined {
  // A date without a zone would be of the server's; only UTC and offsets are unambiguous.
  if (!/^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2}))?$/.test(text)) return undefined;
  const timeMs = Date.parse(text);
  return Number.isNaN(timeMs) ? undefined : timeMs;
}
