export type { DropReason } from './drops.ts';
export type {
  ConnectEvent,
  DisconnectEvent,
  GapEvent,
  HandledEvent,
  MessageEvent,
  RateLimitEvent,
  RequestEvent,
  ResyncEvent,
} from './events.ts';
export { ExchangeInstrumentation } from './exchange-instrumentation.ts';
export {
  type ExchangeInstrumentationOptions,
  type ExchangeLimits,
  ExchangeOptionError,
  type KnownRateLimits,
} from './options.ts';
export { type HeaderSource, type RateLimitReading, readRateLimits } from './rate-limit-headers.ts';
export { VERSION } from './version.ts';
