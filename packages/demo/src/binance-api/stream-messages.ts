import type { MarketMessage } from '../market/message.ts';

/** A message of one of Binance's streams, with the stream's name. */
export interface StreamMessage {
  readonly stream: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A market message as Binance's spot streams send it; prices and quantities are texts there. */
export function streamMessageOf(message: MarketMessage, originMs: number): StreamMessage {
  const s = message.symbol;
  const name = s.toLowerCase();
  // Without a stamp of its own the message is as old as its arrival: Binance's streams have no message without `E`.
  const E = Math.round(originMs + message.timeMs + (message.eventOffsetMs ?? 0));
  if (message.channel === 'trades') {
    const { tradeId, price, quantity, takerSide } = message;
    const trade = {
      e: 'trade',
      E,
      s,
      t: tradeId,
      p: String(price),
      q: String(quantity),
      T: E,
      m: takerSide === 'sell',
    };
    return { stream: `${name}@trade`, data: { ...trade, M: true } };
  }
  if (message.channel === 'bbo') {
    const { updateId, bidPrice, bidQuantity, askPrice, askQuantity } = message;
    const bid = { b: String(bidPrice), B: String(bidQuantity) };
    const ask = { a: String(askPrice), A: String(askQuantity) };
    // Spot's bookTicker has neither type nor time.
    return { stream: `${name}@bookTicker`, data: { u: updateId, s, ...bid, ...ask } };
  }
  const { firstUpdateId, lastUpdateId, bids, asks } = message;
  const texts = (levels: readonly (readonly [number, number])[]): [string, string][] =>
    levels.map(([price, quantity]) => [String(price), String(quantity)]);
  const data = { e: 'depthUpdate', E, s, U: firstUpdateId, u: lastUpdateId, b: texts(bids), a: texts(asks) };
  return { stream: `${name}@depth@100ms`, data };
}
