import type { MarketMessage } from './message.ts';
import type { MarketSpec } from './market-spec.ts';

/** Where market data comes from; shown to the user and carried as a resource attribute. */
export type MarketMode = 'replay' | 'simulated';

/** An ordered stream of market messages that is pulled by market time. */
export interface MarketFeed {
  readonly mode: MarketMode;
  /** Name of the data: the file or folder, or the simulation's seed. */
  readonly name: string;
  readonly markets: readonly MarketSpec[];
  /** Unix milliseconds that market time 0 stands for. */
  readonly originMs: number;
  /** What the user should know about the data, complete after `open`. */
  readonly notices: readonly string[];
  /** Market time of the next message, `undefined` at the end. */
  nextTimeMs(): Promise<number | undefined>;
  /** Appends every message earlier than `untilMs` to `out`, in order. */
  takeUntil(untilMs: number, out: MarketMessage[]): Promise<void>;
  /** True once the exchange will send nothing more. */
  ended(exchange: string): boolean;
  close(): Promise<void>;
}
