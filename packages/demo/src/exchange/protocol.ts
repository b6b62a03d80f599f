import type { FeeSchedule, MarketSpec } from '../market/market-spec.ts';
import type { MarketMode } from '../market/market-feed.ts';
import type { Level } from '../market/message.ts';
import type { NewOrder, OrderEvent } from './order.ts';

/*
 * JSON over WebSocket, one connection per exchange (`/exchange/<name>`) and one for the clock (`/clock`).
 * Market messages use the field names of Binance's streams. Beside them:
 *   r  when the message reached the recorder (or the simulated desk), Unix milliseconds: with recorded data the wall
 *      clock of the desk says nothing about feed delays.
 */

/** First message on an exchange connection. */
export interface HelloFrame {
  readonly e: 'hello';
  readonly exchange: string;
  readonly mode: MarketMode;
  readonly name: string;
  /** Unix milliseconds of market time 0. */
  readonly originMs: number;
  readonly contracts: readonly MarketSpec[];
  readonly fees: FeeSchedule;
  /** Limits that the headers of answers do not tell: limiter → limit. */
  readonly rateLimits: Readonly<Record<string, number>>;
}

/** First message on the clock connection. */
export interface WelcomeFrame {
  readonly e: 'welcome';
  readonly mode: MarketMode;
  readonly name: string;
  readonly originMs: number;
  readonly exchanges: readonly string[];
}

/** Messages of one slice of market time, in order; a slice's last batch says so. */
export interface BatchFrame {
  readonly e: 'batch';
  readonly slice: number;
  readonly last: boolean;
  readonly messages: readonly WireMessage[];
}

/** Best bid and offer. */
export interface WireBookTicker {
  readonly e: 'bookTicker';
  readonly s: string;
  readonly u: number;
  readonly b: number;
  readonly B: number;
  readonly a: number;
  readonly A: number;
  readonly E?: number;
  readonly r: number;
}

/** Public trade; `m` = the buyer was the maker. */
export interface WireTrade {
  readonly e: 'trade';
  readonly s: string;
  readonly t: number;
  readonly p: number;
  readonly q: number;
  readonly m: boolean;
  readonly E?: number;
  readonly r: number;
}

/** Book change, or the whole book. */
export interface WireDepth {
  readonly e: 'depthUpdate' | 'depthSnapshot';
  readonly s: string;
  readonly U: number;
  readonly u: number;
  readonly pu?: number;
  readonly b: readonly Level[];
  readonly a: readonly Level[];
  readonly E?: number;
  readonly r: number;
}

/** Something happened to an order; its `timeMs` is market time, `r` when the desk receives it. */
export interface WireExecution {
  readonly e: 'executionReport';
  readonly x: OrderEvent;
  readonly r: number;
}

/** Status and headers of the latest answer to a request, as Binance sends them: what is used of the rate limits. */
export interface WireResponse {
  readonly e: 'response';
  /** 200, or 429 when a request was refused for too many. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly r: number;
}

/** The exchange has no more data; it closes the connection when every request has been answered. */
export interface WireMarketStatus {
  readonly e: 'marketStatus';
  readonly status: 'closed';
  readonly r: number;
}

/** One message of a batch. */
export type WireMessage = WireBookTicker | WireTrade | WireDepth | WireExecution | WireResponse | WireMarketStatus;

/** Announces a slice on the clock connection; the desk handles its batches and answers `done`. */
export interface SliceFrame {
  readonly e: 'slice';
  readonly slice: number;
  /** Market time at the end of the slice. */
  readonly timeMs: number;
  /** Exchanges that have a batch in this slice. */
  readonly exchanges: readonly string[];
  /** No further market data will come: the desk cancels what is open. */
  readonly closing: boolean;
}

/** Nothing follows. */
export interface EndFrame {
  readonly e: 'end';
}

/** The data ended in an error; the connections close after this. */
export interface ErrorFrame {
  readonly e: 'error';
  /** A code of `ReplayError` or `DemoError`. */
  readonly code: string;
  readonly message: string;
}

/** A new order or a cancel, decided at market time `timeMs`. */
export type WireRequest =
  | { readonly method: 'order.place'; readonly timeMs: number; readonly order: NewOrder }
  | { readonly method: 'order.cancel'; readonly timeMs: number; readonly symbol: string; readonly orderId: string };

/** The desk has connected to the exchanges it wants; market time starts. */
export interface ReadyFrame {
  readonly e: 'ready';
}

/** The desk has handled a slice and sent these numbers of requests in it. */
export interface DoneFrame {
  readonly e: 'done';
  readonly slice: number;
  readonly requests: Readonly<Record<string, number>>;
}

/** The desk wants to end. */
export interface StopFrame {
  readonly e: 'stop';
}

/** What the server sends. */
export type ServerFrame = WelcomeFrame | HelloFrame | BatchFrame | SliceFrame | EndFrame | ErrorFrame;
/** What the desk sends on the clock connection. */
export type ClockFrame = ReadyFrame | DoneFrame | StopFrame;
