export { type BinanceApiOptions, type RunningBinanceApi, startBinanceApi } from './binance-api/start-binance-api.ts';
export { type DeskListener, type RunningDesk, startDesk } from './desk/start-desk.ts';
export { type DeskState, type JournalMarket, readDeskState } from './desk/desk-state.ts';
export { DemoError, type DemoErrorCode, ReplayError, type ReplayErrorCode } from './errors.ts';
export { type RunningExchange, SIMULATED_MAX_SECONDS, startExchange } from './exchange/start-exchange.ts';
export type { WallClock } from './exchange/pace.ts';
export type { MarketFeed, MarketMode } from './market/market-feed.ts';
export type { FeeSchedule, MarketSpec } from './market/market-spec.ts';
export type { BboMessage, Channel, DepthMessage, Level, MarketMessage, Side, TradeMessage } from './market/message.ts';
export type {
  Amounts,
  DeskFinished,
  DeskOptions,
  DeskReady,
  DeskReport,
  DeskStart,
  DeskStatus,
  DeskTotals,
  ExchangeFinished,
  ExchangeOptions,
  ExchangeReady,
  ExchangeReport,
  ExchangeStart,
  ExchangeTotals,
  Failed,
  LedgerTotals,
  Notice,
  Speed,
  StopRequest,
  StrategyTotals,
} from './options.ts';
export { openReplay } from './replay/open-replay.ts';
export { SimulatedFeed } from './simulated/simulated-feed.ts';
export { VERSION } from './version.ts';
