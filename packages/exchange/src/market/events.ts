import type { BookLevel } from '@nanometer/quant';

/** Best bid and offer of a market. All events of one market carry times of one clock, best the service's receive time. */
export interface QuoteEvent {
  readonly exchange: string;
  readonly symbol: string;
  /** Prices positive and finite; a locked or crossed quote is taken and counted. */
  readonly bid: number;
  /** Sizes ≥ 0, in units of the instrument. */
  readonly bidSize: number;
  readonly ask: number;
  readonly askSize: number;
  /** Unix milliseconds. */
  readonly timeMs: number;
}

/** A whole book, as far as it is known; each side best level first. */
export interface BookEvent {
  readonly exchange: string;
  readonly symbol: string;
  readonly bids: readonly BookLevel[];
  readonly asks: readonly BookLevel[];
}

/** A trade of the market, anybody's. */
export interface MarketTradeEvent {
  readonly exchange: string;
  readonly symbol: string;
  readonly price: number;
  /** In units of the instrument. */
  readonly quantity: number;
  /** Side that took, by the exchange's flag; absent: estimated by Lee and Ready. */
  readonly side?: 'buy' | 'sell' | undefined;
  /** Unix milliseconds. */
  readonly timeMs: number;
}

/** A market, or all of an exchange, was not seen for a while: as after a reconnect. */
export interface InterruptionEvent {
  readonly exchange: string;
  /** Absent: every market of the exchange. */
  readonly symbol?: string | undefined;
}
