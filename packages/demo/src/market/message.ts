/** Side of an order or of a trade's aggressor. */
export type Side = 'buy' | 'sell';

/** Kind of market data. */
export type Channel = 'bbo' | 'trades' | 'depth';

interface MessageBase {
  readonly exchange: string;
  readonly symbol: string;
  /** Milliseconds of market time since the start of the run; the stream is ordered by it. */
  timeMs: number;
  /**
   * The exchange's stamp minus the recorder's receive stamp, milliseconds. `undefined` where the source has only one
   * of the two, so that no feed delay is made up.
   */
  readonly eventOffsetMs: number | undefined;
}

/** Best bid and offer. */
export interface BboMessage extends MessageBase {
  readonly channel: 'bbo';
  /** Strictly increasing per market, not contiguous. */
  readonly updateId: number;
  readonly bidPrice: number;
  readonly bidQuantity: number;
  readonly askPrice: number;
  readonly askQuantity: number;
}

/** One public trade. */
export interface TradeMessage extends MessageBase {
  readonly channel: 'trades';
  /** Contiguous per market where the source numbers its trades. */
  readonly tradeId: number;
  readonly price: number;
  readonly quantity: number;
  readonly takerSide: Side;
}

/** Price and absolute quantity of a level; quantity 0 deletes it. */
export type Level = readonly [price: number, quantity: number];

/** A book snapshot or a change of several levels. */
export interface DepthMessage extends MessageBase {
  readonly channel: 'depth';
  readonly snapshot: boolean;
  readonly firstUpdateId: number;
  readonly lastUpdateId: number;
  /** `undefined` where the source does not chain its updates by the previous id. */
  readonly previousUpdateId: number | undefined;
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
}

/** One message of an exchange's market data. */
export type MarketMessage = BboMessage | TradeMessage | DepthMessage;
