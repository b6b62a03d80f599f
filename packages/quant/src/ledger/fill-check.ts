import { isName, isPositiveAmount, isSignedAmount } from '../number/amount.ts';
import type { Fill, FillResult } from './events.ts';

/** The first reason to refuse a fill that can be seen on the fill alone, whatever was passed; undefined if there is none. */
export function checkFill(fill: Fill): FillResult | undefined {
  if (typeof fill !== 'object' || fill === null) return 'invalid_event';
  if (!isName(fill.fillId)) return 'invalid_fill_id';
  if (!isName(fill.strategy)) return 'invalid_strategy';
  if (fill.account !== undefined && fill.account !== '' && !isName(fill.account)) return 'invalid_account';
  if (fill.side !== 'buy' && fill.side !== 'sell') return 'invalid_side';
  if (fill.liquidity !== 'maker' && fill.liquidity !== 'taker') return 'invalid_liquidity';
  if (!isPositiveAmount(fill.quantity)) return 'invalid_quantity';
  if (!isPositiveAmount(fill.price)) return 'invalid_price';
  if (!isSignedAmount(fill.fee) || (fill.feeCurrency !== undefined && !isName(fill.feeCurrency))) return 'invalid_fee';
  if (!Number.isFinite(fill.timeMs)) return 'invalid_time';
  return undefined;
}
