import type { Side } from '@nanometer/quant';

/** A stop-loss as it stands: a new one, or a new price of one that is known (a trailing stop that moved). */
export interface StopOrder {
  /** Of the desk or the exchange; never an attribute. */
  readonly stopId: string;
  readonly strategy: string;
  readonly exchange: string;
  readonly symbol: string;
  /** Side of the order that the stop sends: `sell` protects a long position. */
  readonly side: Side;
  /** As the desk names it, such as `fixed` or `trailing`. Default `fixed`. */
  readonly kind?: string | undefined;
  /** From 1e-100 to 1e100. */
  readonly price: number;
  /** Unix milliseconds. */
  readonly timeMs: number;
}

/** The stop's order was sent. */
export interface StopTrigger {
  readonly stopId: string;
  readonly timeMs: number;
}

/** The stop's order was filled to its end, at this average price. */
export interface StopFill {
  readonly stopId: string;
  readonly price: number;
  readonly timeMs: number;
}

/** Average true range of a symbol, in its price's unit. */
export interface AverageTrueRangeValue {
  readonly exchange: string;
  readonly symbol: string;
  readonly value: number;
}

/** What became of an event about a stop. Everything but `applied` left the state as it was. */
export type StopResult =
  | 'applied'
  | 'invalid_event'
  | 'invalid_stop_id'
  | 'invalid_strategy'
  | 'invalid_symbol'
  | 'invalid_kind'
  | 'invalid_side'
  | 'invalid_price'
  | 'invalid_time'
  | 'unknown_stop'
  | 'duplicate_trigger'
  | 'stop_limit';
