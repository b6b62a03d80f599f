import type { SignalQueue, SignalQueueSnapshot } from '@nanometer/quant';
import type { SignalScores, SignalSeries } from './signal-series.ts';

/** State of a {@link SignalMarket}, plain data. */
export interface SignalMarketSnapshot {
  readonly exchange: string;
  readonly symbol: string;
  readonly queue: SignalQueueSnapshot;
  readonly hasQuotes?: boolean | undefined;
  readonly series?:
    readonly { readonly strategy: string; readonly signal: string; readonly value: number }[] | undefined;
  readonly latest?:
    | readonly {
        readonly strategy: string;
        readonly signal: string;
        readonly timeMs: number;
        readonly isFollowed: boolean;
      }[]
    | undefined;
}

/** The latest signal of a strategy on a market, until an order follows it. */
interface Latest {
  readonly timeMs: number;
  readonly scores: SignalScores;
  isFollowed: boolean;
}

/** Signals of one market: what waits for its horizon, and what each strategy said last. */
export class SignalMarket {
  readonly exchange: string;
  readonly symbol: string;
  readonly queue: SignalQueue;
  /** By strategy, then signal. */
  readonly series: Map<string, Map<string, SignalSeries>> = new Map();
  /** By strategy. */
  readonly latest: Map<string, Latest> = new Map();
  hasQuotes = false;

  constructor(exchange: string, symbol: string, queue: SignalQueue) {
    this.exchange = exchange;
    this.symbol = symbol;
    this.queue = queue;
  }

  snapshot(): SignalMarketSnapshot {
    return {
      exchange: this.exchange,
      symbol: this.symbol,
      queue: this.queue.snapshot(),
      hasQuotes: this.hasQuotes,
      series: [...this.series].flatMap(([strategy, signals]) =>
        [...signals].flatMap(([signal, { value }]) => (value === undefined ? [] : [{ strategy, signal, value }])),
      ),
      latest: [...this.latest].map(([strategy, { timeMs, isFollowed, scores }]) => ({
        strategy,
        signal: scores.signal,
        timeMs,
        isFollowed,
      })),
    };
  }
}
