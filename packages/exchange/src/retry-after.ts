import { forEachHeader, type HeaderSource } from './rate-limit-headers.ts';

/** Longer bans than a week are none: Binance's longest is three days. */
const LONGEST_MS = 7 * 86_400_000;

/**
 * When requests are allowed again by `Retry-After`, Unix milliseconds: seconds from `nowMs`, or a date (RFC 9110).
 * Undefined without the header; NaN where it cannot be read.
 */
export function readRetryAfter(headers: HeaderSource, nowMs: number): number | undefined {
  let found: number | undefined;
  forEachHeader(headers, (name, value) => {
    if (name.toLowerCase() !== 'retry-after') return;
    const text = value.trim();
    const timeMs = /^\d{1,9}(\.\d{1,9})?$/.test(text) ? nowMs + Number(text) * 1000 : dateOf(text);
    found = timeMs - nowMs <= LONGEST_MS ? timeMs : Number.NaN;
  });
  return found;
}

/** An HTTP date begins with a day's name; `Date.parse` alone takes much else for a date, as `-1`. */
function dateOf(text: string): number {
  return /^[A-Z][a-z]{2,8},? /.test(text) ? Date.parse(text) : Number.NaN;
}
