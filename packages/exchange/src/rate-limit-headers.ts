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
}

/** What a header says of a limiter. */
type Part = 'used' | 'limit' | 'remaining';

interface Reading {
  used?: number;
  limit?: number;
  remaining?: number;
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
const BYBIT = /^x-bapi-limit(-status)?$/;
// The common form, with or without `x-`, optionally per interval or kind: x-ratelimit-remaining-1s.
const GENERIC = /^(?:x-)?ratelimit-(limit|remaining|used)(?:-([a-z0-9]+))?$/;

/**
 * Reads what response headers tell of rate limits:
 *
 * - Binance `X-MBX-USED-WEIGHT-1M`, `X-MBX-ORDER-COUNT-10S`, `X-SAPI-USED-IP-WEIGHT-1M` → limiters `weight_1m`,
 *   `orders_10s`, `sapi_ip_weight_1m`, without a limit
 * - Bybit `X-Bapi-Limit`, `X-Bapi-Limit-Status` → limiter `endpoint`
 * - `X-RateLimit-Limit`, `-Remaining`, `-Used`, optionally with a suffix → limiter `requests`, or the suffix
 *
 * What cannot be read is left out. Never throws.
 */
export function readRateLimits(headers: HeaderSource): RateLimitReading[] {
  const readings = new Map<string, Reading>();
  forEachHeader(headers, (name, value) => {
    const place = placeOf(name.toLowerCase());
    const number = place === undefined ? undefined : leadingNumber(value);
    if (place === undefined || number === undefined) return;
    const reading = readings.get(place.limiter) ?? {};
    reading[place.part] = number;
    readings.set(place.limiter, reading);
  });
  const found: RateLimitReading[] = [];
  for (const [limiter, { used, limit, remaining }] of readings) {
    const known = used ?? (limit === undefined || remaining === undefined ? undefined : Math.max(0, limit - remaining));
    if (known !== undefined) found.push({ limiter, used: known, limit });
  }
  return found;
}

function placeOf(name: string): { limiter: string; part: Part } | undefined {
  const binance = BINANCE.exec(name);
  if (binance !== null) return { limiter: `${BINANCE_LIMITER[binance[1]!]}_${binance[2]}`, part: 'used' };
  const bybit = BYBIT.exec(name);
  if (bybit !== null) return { limiter: 'endpoint', part: bybit[1] === undefined ? 'limit' : 'remaining' };
  const generic = GENERIC.exec(name);
  if (generic !== null) return { limiter: generic[2] ?? 'requests', part: generic[1] as Part };
  return undefined;
}

/** `"100, 100;w=60"` says 100: what follows is the policy. */
function leadingNumber(text: string): number | undefined {
  const match = /^\s*(\d{1,15}(?:\.\d{1,15})?)\s*(?:[,;]|$)/.exec(text);
  return match === null ? undefined : Number(match[1]);
}

function forEachHeader(headers: HeaderSource, visit: (name: string, value: string) => void): void {
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
