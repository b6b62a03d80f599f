import { isDuration } from '@nanometer/instrumentation';
import type { RateLimitReading } from './rate-limit-headers.ts';

const TYPE: ReadonlyMap<unknown, string> = new Map([
  ['REQUEST_WEIGHT', 'weight'],
  ['ORDERS', 'orders'],
  ['RAW_REQUESTS', 'raw_requests'],
  ['CONNECTIONS', 'connections'],
]);
const INTERVAL: ReadonlyMap<unknown, string> = new Map([
  ['SECOND', 's'],
  ['MINUTE', 'm'],
  ['HOUR', 'h'],
  ['DAY', 'd'],
]);

/**
 * Reads the `rateLimits` of an answer of Binance's WebSocket API, into the limiters of the REST headers: `weight_1m`,
 * `orders_10s`. What is none is left out, and told to `onMalformed`. Never throws.
 */
export function readRateLimitBody(rateLimits: unknown, onMalformed: () => void = () => undefined): RateLimitReading[] {
  if (!Array.isArray(rateLimits)) {
    if (rateLimits !== undefined) onMalformed();
    return [];
  }
  return rateLimits.flatMap((entry: unknown): RateLimitReading[] => {
    const { rateLimitType, interval, intervalNum, limit, count } = (entry ?? {}) as Readonly<Record<string, unknown>>;
    const type = TYPE.get(rateLimitType);
    const unit = INTERVAL.get(interval);
    if (type !== undefined && unit !== undefined && isDuration(intervalNum) && isDuration(limit) && isDuration(count)) {
      return [{ limiter: `${type}_${intervalNum}${unit}`, used: count, limit }];
    }
    onMalformed();
    return [];
  });
}
