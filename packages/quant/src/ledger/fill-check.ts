import { isName, isPositiveAmount, isSignedAmount } from '../number/amount.ts';
import type { Correction, CorrectionResult, Fill, FillResult, Payment, PaymentResult } from './events.ts';

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

/** The same for a funding or borrow payment. */
export function checkPayment(payment: Payment): PaymentResult | undefined {
  if (typeof payment !== 'object' || payment === null) return 'invalid_event';
  if (!isName(payment.paymentId)) return 'invalid_payment_id';
  if (!isName(payment.strategy)) return 'invalid_strategy';
  if (payment.account !== undefined && payment.account !== '' && !isName(payment.account)) return 'invalid_account';
  if (!isSignedAmount(payment.amount)) return 'invalid_amount';
  if (payment.currency !== undefined && !isName(payment.currency)) return 'invalid_currency';
  if (!Number.isFinite(payment.timeMs)) return 'invalid_time';
  return undefined;
}

/** The same for a correction. */
export function checkCorrection(correction: Correction): CorrectionResult | undefined {
  if (typeof correction !== 'object' || correction === null) return 'invalid_event';
  const { kind, fillId, side, quantity, price, fee, feeCurrency } = correction;
  if (kind !== 'bust' && kind !== 'correct') return 'invalid_kind';
  if (!isName(fillId)) return 'invalid_fill_id';
  if (side !== undefined && side !== 'buy' && side !== 'sell') return 'invalid_side';
  if (quantity !== undefined && !isPositiveAmount(quantity)) return 'invalid_quantity';
  if (price !== undefined && !isPositiveAmount(price)) return 'invalid_price';
  if (fee !== undefined && !isSignedAmount(fee)) return 'invalid_fee';
  if (feeCurrency !== undefined && !isName(feeCurrency)) return 'invalid_fee';
  return undefined;
}
