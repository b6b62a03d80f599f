import type { Received } from './market-session.ts';

/** A received message as the exchange instrumentation takes it. */
export interface FeedEvent {
  readonly exchange: string;
  readonly channel: string;
  readonly symbol?: string;
  readonly bytes: number;
  readonly receiveTimeMs: number;
  readonly eventTimeMs?: number | undefined;
  readonly sequence?: number;
  readonly firstId?: number;
  readonly lastId?: number;
  readonly previousLastId?: number | undefined;
}

/** Names the channel, times and sequence numbers of a message. */
export function feedEvent({ exchange, message, bytes }: Received): FeedEvent {
  const receiveTimeMs = message.r;
  switch (message.e) {
    case 'bookTicker':
      // Its update ids are those of the book, of which it sends only some: no gap can be told from them.
      return { exchange, channel: 'bbo', symbol: message.s, bytes, receiveTimeMs, eventTimeMs: message.E };
    case 'trade': {
      const { s: symbol, E: eventTimeMs, t: sequence } = message;
      return { exchange, channel: 'trades', symbol, bytes, receiveTimeMs, eventTimeMs, sequence };
    }
    case 'depthUpdate': {
      const { s: symbol, E: eventTimeMs, U: firstId, u: lastId, pu: previousLastId } = message;
      return { exchange, channel: 'depth', symbol, bytes, receiveTimeMs, eventTimeMs, firstId, lastId, previousLastId };
    }
    case 'depthSnapshot':
      // Asked for beside the stream, whose chain of ids it is no part of.
      return { exchange, channel: 'depth', symbol: message.s, bytes, receiveTimeMs };
    case 'executionReport':
      return { exchange, channel: 'orders', symbol: message.x.symbol, bytes, receiveTimeMs };
    case 'response':
    case 'marketStatus':
      break;
  }
  return { exchange, channel: 'status', bytes, receiveTimeMs };
}
