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

/** Best bid and offer of a contract: a long position is valued at the bid, a short one at the ask. */
export interface Touch {
  readonly exchange: string;
  readonly symbol: string;
  /** From 1e-100 to 1e100, as is `ask`; locked and crossed ones are taken as they are. */
  readonly bid: number;
  readonly ask: number;
  readonly timeMs: number;
}

/** Funding of a perpetual contract, or interest on what was borrowed, for one position. */
export interface Payment {
  /** The exchange's id of the payment. A second one with the same id for the same position is a duplicate. */
  readonly paymentId: string;
  readonly account?: string;
  readonly strategy: string;
  readonly exchange: string;
  readonly symbol: string;
  /** Paid positive, received negative, in `currency`. */
  readonly amount: number;
  /** Defaults to the contract's settlement currency. The base asset of a spot contract is taken out of the position. */
  readonly currency?: string;
  readonly timeMs: number;
}

/**
 * The exchange has taken a fill back (`bust`) or changed its terms (`correct`: what is left out stays as it was). The
 * state afterwards is that of the corrected fills from the start.
 */
export interface Correction {
  readonly kind: 'bust' | 'correct';
  readonly fillId: string;
  readonly account?: string;
  /** May be left out where one position of the symbol only has a fill of that id. */
  readonly strategy?: string;
  readonly exchange: string;
  readonly symbol: string;
  readonly side?: Side;
  readonly quantity?: number;
  readonly price?: number;
  readonly fee?: number;
  readonly feeCurrency?: string;
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

/** What became of a funding or borrow payment. Everything but `applied` left the state as it was. */
export type PaymentResult =
  | 'applied'
  | 'duplicate'
  | 'unknown_contract'
  | 'invalid_event'
  | 'invalid_payment_id'
  | 'invalid_account'
  | 'invalid_strategy'
  | 'invalid_amount'
  | 'invalid_currency'
  | 'invalid_time'
  | 'position_limit'
  | 'currency_limit'
  | 'missing_price';

/**
 * What became of a correction. Everything but `applied` left the state as it was: `duplicate` says that the fill is that
 * way already, `unknown_fill` that it never came or is no longer remembered.
 */
export type CorrectionResult =
  | 'applied'
  | 'duplicate'
  | 'unknown_contract'
  | 'unknown_fill'
  | 'ambiguous_fill'
  | 'invalid_event'
  | 'invalid_fill_id'
  | 'invalid_kind'
  | 'invalid_side'
  | 'invalid_quantity'
  | 'invalid_price'
  | 'invalid_fee'
  | 'currency_limit';

/** What became of a rate. Everything but `applied` left the state as it was. */
export type RateResult =
  | 'applied'
  | 'invalid_event'
  | 'invalid_currency'
  | 'invalid_rate'
  | 'invalid_time'
  | 'out_of_order'
  | 'currency_limit';
