/**
 * Response headers as HTTP clients hand them out: `Headers` of fetch, a `Map`, or an object of names to values
 * (Node, axios, undici). Names may be in any case.
 */
export type HeaderSource =
  | { forEach(callback: (value: string, name: string) => void): void }
  | Readonly<Record<string, string | readonly string[] | number | undefined>>;

/** One rate limiter as headers tell it. */
export interface RateLimitReading {
  readonly limiter: string;
  readonly used: number;
  /** Absent where the exchange tells only what is used. */
  readonly limit: number | undefined;
  /** When the limiter starts anew, Unix milliseconds; absent where the exchange does not tell. */
  readonly resetTimeMs?: number | undefined;
}

/** What a header says of a limiter. */
type Part = 'used' | 'limit' | 'remaining' | 'reset';

interface Reading {
  used?: number;
  limit?: number;
  remaining?: number;
  reset?: number;
}

// Binance: used weight and order count per interval, the limits are in exchangeInfo. Without an interval the
// weight header repeats the one with it, and is left out.
const BINANCE = /^x-(mbx-used-weight|mbx-order-count|sapi-used-ip-weight|sapi-used-uid-weight)-(\d+[smhdw])$/;
const BINANCE_LIMITER: Readonly<Record<string, string>> = {
  'mbx-used-weight': 'weight',
  'mbx-order-count': 'orders',
  'sapi-used-ip-weight': 'sapi_ip_weight',
  'sapi-used-uid-weight': 'sapi_uid_weight',
};
// Bybit: limit and what is left of it, per endpoint and user.
const BYBIT = /^x-bapi-limit(-status|-reset-timestamp)?$/;
const BYBIT_PART: Readonly<Record<string, Part>> = { '-status': 'remaining', '-reset-timestamp': 'reset' };
// The common form, with or without `x-`, optionally per interval or kind: x-ratelimit-remaining-1s.
const GENERIC = /^(?:x-)?ratelimit-(limit|remaining|used|reset)(?:-([a-z0-9]+))?$/;

/**
 * Reads what response headers tell of rate limits:
 *
 * - Binance `X-MBX-USED-WEIGHT-1M`, `X-MBX-ORDER-COUNT-10S`, `X-SAPI-USED-IP-WEIGHT-1M` → limiters `weight_1m`,
 *   `orders_10s`, `sapi_ip_weight_1m`, without a limit
 * - Bybit `X-Bapi-Limit`, `X-Bapi-Limit-Status`, `X-Bapi-Limit-Reset-Timestamp` → limiter `endpoint`
 * - `X-RateLimit-Limit`, `-Remaining`, `-Used`, `-Reset`, optionally with a suffix → limiter `requests`, or the suffix;
 *   a reset below 10⁹ is seconds from `nowMs`, else Unix seconds, or milliseconds from 10¹² on
 *
 * A header that is one of these but holds no number is left out, and told to `onMalformed`. Never throws.
 */
export function readRateLimits(
  headers: HeaderSource,
  nowMs: number = Number.NaN,
  onMalformed: (name: string) => void = () => undefined,
): RateLimitReading[] {
  const readings = new Map<string, Reading>();
  forEachHeader(headers, (name, value) => {
    const place = placeOf(name.toLowerCase());
    const number = place === undefined ? undefined : leadingNumber(value);
    if (place === undefined) return;
    if (number === undefined) {
      onMalformed(name);
      return;
    }
    const reading = readings.get(place.limiter) ?? {};
    reading[place.part] = number;
    readings.set(place.limiter, reading);
  });
  const found: RateLimitReading[] = [];
  for (const [limiter, { used, limit, remaining, reset }] of readings) {
    const known = used ?? (limit === undefined || remaining === undefined ? undefined : Math.max(0, limit - remaining));
    if (known !== undefined) found.push({ limiter, used: known, limit, ...resetOf(reset, nowMs) });
  }
  return found;
}

function placeOf(name: string): { limiter: string; part: Part } | undefined {
  const binance = BINANCE.exec(name);
  if (binance !== null) return { limiter: `${BINANCE_LIMITER[binance[1]!]}_${binance[2]}`, part: 'used' };
  const bybit = BYBIT.exec(name);
  if (bybit !== null) return { limiter: 'endpoint', part: BYBIT_PART[bybit[1] ?? ''] ?? 'limit' };
  const generic = GENERIC.exec(name);
  if (generic !== null) return { limiter: generic[2] ?? 'requests', part: generic[1] as Part };
  return undefined;
}

function resetOf(reset: number | undefined, nowMs: number): { resetTimeMs?: number } {
  if (reset === undefined) return {};
  const timeMs = reset < 1e9 ? nowMs + reset * 1000 : reset < 1e12 ? reset * 1000 : reset;
  return Number.isFinite(timeMs) ? { resetTimeMs: timeMs } : {};
}

/** `"100, 100;w=60"` says 100: what follows is the policy. */
function leadingNumber(text: string): number | undefined {
  const match = /^\s*(\d{1,15}(?:\.\d{1,15})?)\s*(?:[,;]|$)/.exec(text);
  return match === null ? undefined : Number(match[1]);
}

export function forEachHeader(headers: HeaderSource, visit: (name: string, value: string) => void): void {
  if (typeof headers !== 'object' || headers === null) return;
  const visitReadable = (value: unknown, name: unknown): void => {
    const text: unknown = Array.isArray(value) ? value[0] : value;
    if (typeof name === 'string' && (typeof text === 'string' || typeof text === 'number')) visit(name, String(text));
  };
  try {
    if (typeof headers.forEach === 'function') headers.forEach(visitReadable);
    else for (const [name, value] of Object.entries(headers)) visitReadable(value, name);
  } catch {
    // The object is the caller's: what its own methods throw must not come back out of telemetry.
  }
}
