import type { MarketMessage } from '../market/message.ts';
import type { WireMessage } from './protocol.ts';

/** The wire form of a market message; `originMs` is the Unix time of market time 0. */
export function encodeMarketMessage(message: MarketMessage, originMs: number): WireMessage {
  const r = originMs + message.timeMs;
  const s = message.symbol;
  const stamp = message.eventOffsetMs === undefined ? {} : { E: r + message.eventOffsetMs };
  if (message.channel === 'bbo') {
    const { updateId, bidPrice, bidQuantity, askPrice, askQuantity } = message;
    return { e: 'bookTicker', s, u: updateId, b: bidPrice, B: bidQuantity, a: askPrice, A: askQuantity, ...stamp, r };
  }
  if (message.channel === 'trades') {
    const { tradeId, price, quantity, takerSide } = message;
    return { e: 'trade', s, t: tradeId, p: price, q: quantity, m: takerSide === 'sell', ...stamp, r };
  }
  const { firstUpdateId, lastUpdateId, previousUpdateId, bids, asks } = message;
  const chain = previousUpdateId === undefined ? {} : { pu: previousUpdateId };
  const e = message.snapshot ? 'depthSnapshot' : 'depthUpdate';
  return { e, s, U: firstUpdateId, u: lastUpdateId, ...chain, b: bids, a: asks, ...stamp, r };
}
