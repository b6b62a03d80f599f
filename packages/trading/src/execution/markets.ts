import { type Contract, MarkoutQueue, QuoteHistory, TradedVolume } from '@nanometer/quant';
import type { Drops } from '../drops.ts';
import type { ExecutionResult, MarketTradeEvent, QuoteEvent } from './events.ts';
import type { ExecutionSettings } from './execution-options.ts';

/** Quotes that go back by more are taken as a step of the clock, as the ledger does with marks. */
const REORDER_WINDOW_MS = 10_000;

/** What is known of one market: its latest quotes, the fills that wait for later ones, and its volume. */
export class Market {
  readonly contract: Contract;
  readonly queue: MarkoutQueue;
  readonly volume: TradedVolume = new TradedVolume();

  constructor(contract: Contract, horizonsMs: readonly number[], settings: ExecutionSettings) {
    this.contract = contract;
    const history = new QuoteHistory(settings.quoteHistoryLimit);
    this.queue = new MarkoutQueue(horizonsMs, settings.pendingFillLimit, history);
  }

  get hasQuote(): boolean {
    return this.queue.history.size > 0;
  }

  /** Mid that stood at a time, NaN where none is remembered. */
  midAt(timeMs: number): number {
    const { history } = this.queue;
    return history.mid(history.at(timeMs));
  }
}

/** The markets of all contracts that are defined: there are as many as contracts, and no others. */
export class Markets {
  readonly #contractOf: (exchange: string, symbol: string) => Contract | undefined;
  readonly #settings: ExecutionSettings;
  readonly #horizonsMs: readonly number[];
  readonly #drops: Drops;
  readonly #byExchange = new Map<string, Map<string, Market>>();
  readonly #all: Market[] = [];
  /** Of the latest event: quotes come in runs of one market. */
  #latest: Market | undefined = undefined;
  #nowMs: number = Number.NaN;

  constructor(
    contractOf: (exchange: string, symbol: string) => Contract | undefined,
    settings: ExecutionSettings,
    drops: Drops,
  ) {
    this.#contractOf = contractOf;
    this.#settings = settings;
    this.#horizonsMs = settings.horizonsSeconds.map((seconds) => seconds * 1000);
    this.#drops = drops;
  }

  /** Time of the latest quote of any market; NaN before the first. */
  get nowMs(): number {
    return this.#nowMs;
  }

  /** Fills of all markets that wait for a horizon. */
  get pending(): number {
    return this.#all.reduce((sum, { queue }) => sum + queue.pending, 0);
  }

  /** The market of a contract, made when it is asked for first; undefined of a contract that is not defined. */
  of(exchange: string, symbol: string): Market | undefined {
    const latest = this.#latest;
    if (latest !== undefined && latest.contract.symbol === symbol && latest.contract.exchange === exchange)
      return latest;
    return (this.#latest = this.#byExchange.get(exchange)?.get(symbol) ?? this.#make(exchange, symbol));
  }

  quote(event: QuoteEvent): ExecutionResult {
    if (typeof event !== 'object' || event === null) return 'invalid_event';
    const market = this.of(event.exchange, event.symbol);
    if (market === undefined) return 'unknown_contract';
    const { queue } = market;
    if (!queue.quote(event.bid, event.ask, event.timeMs) && !this.#retried(event, queue)) return refusalOf(event);
    this.#nowMs = event.timeMs;
    return 'applied';
  }

  trade(event: MarketTradeEvent): ExecutionResult {
    if (typeof event !== 'object' || event === null) return 'invalid_event';
    const market = this.of(event.exchange, event.symbol);
    if (market === undefined) return 'unknown_contract';
    if (market.volume.add(event.price, event.quantity)) return 'applied';
    return event.price > 0 && event.price < Infinity ? 'invalid_quantity' : 'invalid_price';
  }

  /** After a step of the clock nothing that waits can be joined any more: it is counted and given up. */
  #retried(event: QuoteEvent, queue: MarkoutQueue): boolean {
    if (!(queue.history.newestTime - event.timeMs > REORDER_WINDOW_MS)) return false;
    if (refusalOf(event) !== 'out_of_order') return false;
    for (let given = queue.clear(); given > 0; given--) this.#drops.count('clock_step');
    return queue.quote(event.bid, event.ask, event.timeMs);
  }

  get all(): readonly Market[] {
    return this.#all;
  }

  /** Time of the latest quote, as it was before. */
  resumeAt(timeMs: number): void {
    this.#nowMs = timeMs;
  }

  #make(exchange: string, symbol: string): Market | undefined {
    const contract = this.#contractOf(exchange, symbol);
    if (contract === undefined) return undefined;
    const market = new Market(contract, this.#horizonsMs, this.#settings);
    let symbols = this.#byExchange.get(exchange);
    if (symbols === undefined) this.#byExchange.set(exchange, (symbols = new Map()));
    symbols.set(symbol, market);
    this.#all.push(market);
    return market;
  }
}

function refusalOf({ bid, ask, timeMs }: QuoteEvent): ExecutionResult {
  if (!(bid > 0 && bid < Infinity && ask > 0 && ask < Infinity)) return 'invalid_price';
  return Number.isFinite(timeMs) ? 'out_of_order' : 'invalid_time';
}
