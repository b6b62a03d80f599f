export type { CcxtExchange } from './ccxt/ccxt-exchange.ts';
export { type CcxtInstrumentationOptions, instrumentCcxt } from './ccxt/instrument-ccxt.ts';
export { bookChecksum, type ChecksumKind, type TextLevel } from './checksum.ts';
export type { DropReason } from './drops.ts';
export { errorClassOf } from './error-class.ts';
export type {
  ChecksumEvent,
  ConnectEvent,
  DisconnectEvent,
  ErrorEvent,
  GapEvent,
  HandledEvent,
  MessageEvent,
  QueuedEvent,
  OrderEvent,
  PingEvent,
  QueueDepthEvent,
  RateLimitEvent,
  RequestEvent,
  ResponseEvent,
  ResyncEvent,
  SubscribedEvent,
  TimeSyncEvent,
} from './events.ts';
export { ExchangeInstrumentation } from './exchange-instrumentation.ts';
export type { Describe, MessageDescription, MessageFormat } from './format/description.ts';
export { MESSAGE_FORMATS, messageFormatOf } from './format/formats.ts';
export type { MarketDropReason } from './market/drops.ts';
export type { BookEvent, InterruptionEvent, MarketTradeEvent, QuoteEvent } from './market/events.ts';
export { MarketInstrumentation } from './market/market-instrumentation.ts';
export type { DailyVolumes, MarketInstrumentationOptions, MarketStatisticsOptions } from './market/options.ts';
export {
  type ExchangeInstrumentationOptions,
  type ExchangeLimits,
  ExchangeOptionError,
  type KnownRateLimits,
  type StallEvent,
} from './options.ts';
export { readRateLimitBody } from './rate-limit-body.ts';
export { type HeaderSource, type RateLimitReading, readRateLimits } from './rate-limit-headers.ts';
export { type Clocks, SYSTEM_CLOCKS } from './socket/clocks.ts';
export {
  type Instrumented,
  InstrumentationTargetError,
  instrumentWebSocket,
  type WebSocketInstrumentationOptions,
} from './socket/instrument-web-socket.ts';
export { instrumentWebSocketClass, type WebSocketClassOptions } from './socket/instrument-web-socket-class.ts';
export type { EmittingSocket, StandardSocket, WebSocketLike } from './socket/web-socket-like.ts';
export { VERSION } from './version.ts';
