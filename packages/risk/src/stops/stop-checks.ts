import { isName } from '@nanometer/instrumentation';
import { LARGEST_AMOUNT, SMALLEST_AMOUNT } from '@nanometer/quant';
import type { StopOrder, StopResult } from './stop-events.ts';

export const DEFAULT_KIND = 'fixed';

export function isEvent(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

/** The range of prices of `@nanometer/quant`. */
export function isPrice(value: unknown): value is number {
  return typeof value === 'number' && value >= SMALLEST_AMOUNT && value <= LARGEST_AMOUNT;
}

/** Why a stop cannot be used, or `applied`. */
export function stopFault(stop: StopOrder): StopResult {
  if (!isEvent(stop)) return 'invalid_event';
  if (!isName(stop.stopId)) return 'invalid_stop_id';
  if (!isName(stop.strategy)) return 'invalid_strategy';
  if (!isName(stop.exchange) || !isName(stop.symbol)) return 'invalid_symbol';
  if (!isName(stop.kind ?? DEFAULT_KIND)) return 'invalid_kind';
  if (stop.side !== 'buy' && stop.side !== 'sell') return 'invalid_side';
  if (!isPrice(stop.price)) return 'invalid_price';
  return Number.isFinite(stop.timeMs) ? 'applied' : 'invalid_time';
}
