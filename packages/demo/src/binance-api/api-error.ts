import type { RejectReason } from '../exchange/order.ts';

/** An error as Binance's API answers it: an HTTP status and a body with a code of its own. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly code: number;

  constructor(status: number, code: number, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

const REJECTS: Readonly<Record<RejectReason, readonly [status: number, code: number, message: string]>> = {
  unknown_symbol: [400, -1121, 'Invalid symbol.'],
  duplicate_order: [400, -2010, 'Duplicate order sent.'],
  price_grid: [400, -1013, 'Filter failure: PRICE_FILTER'],
  quantity_grid: [400, -1013, 'Filter failure: LOT_SIZE'],
  post_only: [400, -2010, 'Order would immediately match and take.'],
  no_liquidity: [400, -2010, 'Order would not fill.'],
  rate_limit: [429, -1015, 'Too many new orders; current limit is 300 orders per 10 SECOND.'],
  market_closed: [400, -1013, 'Market is closed.'],
  unknown_order: [400, -2011, 'Unknown order sent.'],
};

/** What the exchange says of an order it refuses. */
export function apiErrorOf(reason: RejectReason): ApiError {
  return new ApiError(...REJECTS[reason]);
}
