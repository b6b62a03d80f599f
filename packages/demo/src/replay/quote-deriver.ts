import type { BboMessage, MarketMessage, TradeMessage } from '../market/message.ts';
import type { MarketSpec } from '../market/market-spec.ts';
import { roundTo } from '../market/market-spec.ts';
import { DepthBook } from '../market/depth-book.ts';

/**
 * Gives a market without recorded best bid and offer the best that its other data imply: the top of the depth book,
 * else the last trade's price on its aggressor's side, one tick apart, with the trade's quantity as the size.
 */
export class QuoteDeriver {
  readonly #spec: MarketSpec;
  readonly #tick: number;
  readonly #book: DepthBook | undefined;
  #updateId = 0;
  #bidPrice = NaN;
  #bidQuantity = 0;
  #askPrice = NaN;
  #askQuantity = 0;

  constructor(spec: MarketSpec, hasDepth: boolean) {
    this.#spec = spec;
    this.#tick = 10 ** -spec.priceDecimals;
    this.#book = hasDepth ? new DepthBook() : undefined;
  }

  /** The best bid and offer after `message`, when it changed. */
  next(message: MarketMessage): BboMessage | undefined {
    if (message.channel === 'depth' && this.#book) {
      this.#book.apply(message.snapshot, message.bids, message.asks);
      return this.#fromBook(message, this.#book);
    }
    return message.channel === 'trades' && !this.#book ? this.#fromTrade(message) : undefined;
  }

  #fromBook(message: MarketMessage, book: DepthBook): BboMessage | undefined {
    const bid = book.bestBid();
    const ask = book.bestAsk();
    if (bid === undefined || ask === undefined || bid[0] >= ask[0]) return undefined;
    return this.#change(message, bid[0], bid[1], ask[0], ask[1]);
  }

  #fromTrade(trade: TradeMessage): BboMessage | undefined {
    const { price, quantity } = trade;
    const away = (steps: number): number => roundTo(price + steps * this.#tick, this.#spec.priceDecimals);
    if (trade.takerSide === 'buy') {
      const bid = this.#bidPrice < price ? this.#bidPrice : away(-1);
      return this.#change(trade, bid, this.#bidQuantity || quantity, price, quantity);
    }
    const ask = this.#askPrice > price ? this.#askPrice : away(1);
    return this.#change(trade, price, quantity, ask, this.#askQuantity || quantity);
  }

  #change(
    source: MarketMessage,
    bidPrice: number,
    bidQuantity: number,
    askPrice: number,
    askQuantity: number,
  ): BboMessage | undefined {
    const same =
      bidPrice === this.#bidPrice &&
      askPrice === this.#askPrice &&
      bidQuantity === this.#bidQuantity &&
      askQuantity === this.#askQuantity;
    if (same || !(bidPrice > 0)) return undefined;
    this.#bidPrice = bidPrice;
    this.#bidQuantity = bidQuantity;
    this.#askPrice = askPrice;
    this.#askQuantity = askQuantity;
    const { exchange, symbol, timeMs, eventOffsetMs } = source;
    const updateId = ++this.#updateId;
    return {
      channel: 'bbo',
      exchange,
      symbol,
      timeMs,
      eventOffsetMs,
      updateId,
      bidPrice,
      bidQuantity,
      askPrice,
      askQuantity,
    };
  }
}
