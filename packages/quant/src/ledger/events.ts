/** Side of an order or fill. */
export type Side = 'buy' | 'sell';

/** Whether a fill rested in the book (`maker`) or crossed the spread (`taker`). */
export type Liquidity = 'maker' | 'taker';

/** One execution. All times are Unix milliseconds, fractions allowed. */
export interface Fill {
  /** The exchange's id of the execution. A second fill with the same id for the same position is a duplicate. */
  readonly fillId: string;
  readonly orderId?: string;
  /** Positions are kept apart by account; no account is an account of its own. */
  readonly account?: string;
  readonly strategy: string;
  readonly exchange: string;
  readonly symbol: string;
  readonly side: Side;
  /** In the contract's own units (base coin, shares, contracts), from 1e-100 to 1e100. */
  readonly quantity: number;
  /** From 1e-100 to 1e100. */
  readonly price: number;
  /** Cost positive, rebate negative, in `feeCurrency`. */
  readonly fee: number;
  /** Defaults to the contract's settlement currency. */
  readonly feeCurrency?: string;
  readonly liquidity: Liquidity;
  /** Mid price when the strategy decided. */
  readonly decisionMid?: number;
  /** Mid price when the order was sent. */
  readonly arrivalMid?: number;
  /** Price the strategy expected to be filled at. */
  readonly expectedPrice?: number;
  readonly timeMs: number;
}

/** A price at which open positions of a contract are valued. */
export interface Mark {
  readonly exchange: string;
  readonly symbol: string;
  /** From 1e-100 to 1e100. */
  readonly price: number;
  readonly timeMs: number;
}

/** Price of one unit of a currency in the reporting currency. */
export interface Rate {
  readonly currency: string;
  /** From 1e-100 to 1e100. */
  readonly rate: number;
  readonly timeMs: number;
}

/** What became of a fill. Everything but `applied` left the state as it was. */
export type FillResult =
  | 'applied'
  | 'duplicate'
  | 'unknown_contract'
  | 'invalid_event'
  | 'invalid_fill_id'
  | 'invalid_account'
  | 'invalid_strategy'
  | 'invalid_side'
  | 'invalid_liquidity'
  | 'invalid_quantity'
  | 'invalid_price'
  | 'invalid_fee'
  | 'invalid_time'
  | 'position_limit'
  | 'currency_limit';

/** What became of a mark. Everything but `applied` left the state as it was. */
export type MarkResult =
  'applied' | 'unknown_contract' | 'invalid_event' | 'invalid_price' | 'invalid_time' | 'out_of_order';

/** What became of a rate. Everything but `applied` left the state as it was. */
export type RateResult =
  | 'applied'
  | 'invalid_event'
  | 'invalid_currency'
  | 'invalid_rate'
  | 'invalid_time'
  | 'out_of_order'
  | 'currency_limit';
