import type { MarketMode } from './market/market-feed.ts';

/** Market seconds per second: real time, ten times real time, or as fast as the desk keeps up. */
export type Speed = 1 | 10 | 'max';

/** Settings of the exchange server. */
export interface ExchangeOptions {
  /** Folder or file to replay; without it a seeded market is simulated. */
  replay?: string;
  /** Default 1. */
  speed?: Speed;
  /**
   * Seconds of market time to run. Default: to the end of the recording; a simulated market runs until it is stopped,
   * and 300 s at speed `max`.
   */
  durationSeconds?: number;
  /** Seed of the simulated market and of the order path's latency. Default 1. */
  seed?: number;
  /** Market seconds that have been traded before: the market goes through them without telling, and then begins. Default 0. */
  startSeconds?: number;
  /** Length of one slice of market time in milliseconds: orders decided in it reach the exchange after it. Default 50. */
  sliceMs?: number;
  /** Default 127.0.0.1. */
  host?: string;
  /** Default 0, any free port. */
  port?: number;
}

/** Settings of the desk. */
export interface DeskOptions {
  /** Address of the exchange server, `ws://host:port`. */
  exchangeUrl: string;
  /** Address of the OTLP gRPC receiver, `host:port` or a URL. Default 127.0.0.1:4317. */
  otlpEndpoint?: string;
  /** Where the bridge takes what changes at once, `ws://host:port/push`. Default: everything goes by OTLP alone. */
  pushUrl?: string;
  /** Milliseconds between two exports. Default 250. */
  exportIntervalMs?: number;
  /** Folder of a write-ahead log for what the receiver has not taken yet. Default: held in memory. */
  walDirectory?: string;
  /** Folder of the desk's positions and totals, with which it goes on after a kill. Default: it begins anew. */
  stateDirectory?: string;
  /** Most bytes of it; what comes later is not kept, which is told. Default 256 MiB. */
  stateBytesLimit?: number;
  /**
   * Seconds of market time after which somebody buys by hand, under the strategy `manual`, more than his limit of gross
   * exposure allows, and holds it for three minutes: an alert to be seen. Default: never.
   */
  plantBreachSeconds?: number;
  /** Default 127.0.0.1. */
  metricsHost?: string;
  /** Port of `/metrics`; 0 = any free port. Default 9090. */
  metricsPort?: number;
  /** Default `nanometer-desk`. */
  serviceName?: string;
  /** Default `desk-1`. */
  serviceInstanceId?: string;
  /** Process and runtime metrics. Default true. */
  infra?: boolean;
  /** Seconds the last export may take. Default 10. */
  flushSeconds?: number;
}

/** Amounts by currency. */
export type Amounts = Readonly<Record<string, number>>;

/** What was traded, from a ledger. */
export interface LedgerTotals {
  readonly fills: number;
  /** Sum over all symbols in their own units: a checksum, not a volume. */
  readonly filledQuantity: number;
  /** Cost positive. */
  readonly fees: Amounts;
  /** Before fees, gain positive. */
  readonly realizedPnl: Amounts;
}

/** Fills of one strategy. */
export interface StrategyTotals {
  readonly orders: number;
  readonly buys: number;
  readonly sells: number;
}

/** The exchange's own count, to compare with the desk's ledger. */
export interface ExchangeTotals {
  readonly fills: number;
  readonly filledQuantity: number;
  readonly fees: Amounts;
  readonly orders: number;
  readonly rejects: number;
  readonly messages: number;
  /** Market milliseconds served. */
  readonly marketTimeMs: number;
}

/** What the desk reports at the end. */
export interface DeskTotals {
  readonly ledger: LedgerTotals;
  readonly strategies: Readonly<Record<string, StrategyTotals>>;
  /** Exchange messages handled. */
  readonly events: number;
  /** Calls of `add` and `record` on the desk's instruments. */
  readonly updates: number;
  readonly elapsedSeconds: number;
  /** Events the desk or its instrumentation refused, by cause. */
  readonly drops: Readonly<Record<string, number>>;
  /** Requests to the OTLP receiver: taken, and failed and repeated. */
  readonly exports: { readonly succeeded: number; readonly failed: number };
  /** Present when the last export did not succeed: the receiver lacks what happened after the one before it. */
  readonly flushError?: string;
}

/** First message to a forked exchange process. */
export interface ExchangeStart {
  readonly type: 'start';
  readonly options: ExchangeOptions;
}

/** First message to a forked desk process. */
export interface DeskStart {
  readonly type: 'start';
  readonly options: DeskOptions;
}

/** Ends a process: the slice under way is finished, orders are cancelled, metrics flushed, totals reported. */
export interface StopRequest {
  readonly type: 'stop';
}

/** The exchange accepts connections. */
export interface ExchangeReady {
  readonly type: 'ready';
  readonly port: number;
  /** `ws://host:port`, the desk's `exchangeUrl`. */
  readonly url: string;
  readonly mode: MarketMode;
  readonly name: string;
  readonly exchanges: readonly string[];
}

/** The desk trades. */
export interface DeskReady {
  readonly type: 'ready';
  readonly addresses: { readonly metrics: string; readonly otlp: string };
  readonly mode: MarketMode;
  readonly name: string;
}

/** Once a second. */
export interface DeskStatus {
  readonly type: 'status';
  readonly events: number;
  readonly eventsPerSecond: number;
  readonly fills: number;
  /** Realized P&L before fees by currency. */
  readonly pnl: Amounts;
  readonly fees: Amounts;
  readonly updates: number;
  readonly drops: number;
  /** Market milliseconds since the start. */
  readonly marketTimeMs: number;
}

/** Something a user should read once. */
export interface Notice {
  readonly type: 'notice';
  readonly text: string;
}

/** The process ends after this. */
export interface ExchangeFinished {
  readonly type: 'finished';
  readonly totals: ExchangeTotals;
}

/** The process ends after this. */
export interface DeskFinished {
  readonly type: 'finished';
  readonly totals: DeskTotals;
}

/** The process ends with an error after this. */
export interface Failed {
  readonly type: 'failed';
  /** A code of `ReplayError` or `DemoError`, or `internal`. */
  readonly code: string;
  readonly message: string;
}

/** Messages a forked exchange process sends. */
export type ExchangeReport = ExchangeReady | Notice | ExchangeFinished | Failed;

/** Messages a forked desk process sends. */
export type DeskReport = DeskReady | DeskStatus | Notice | DeskFinished | Failed;
