import { isName } from '@nanometer/instrumentation';
import type { Mark } from '@nanometer/quant';
import type { Instruments } from '../instruments.ts';
import { append, type StateNumbers } from '../state/state-numbers.ts';
import { DEFAULT_KIND, isEvent, isPrice, stopFault } from './stop-checks.ts';
import type { AverageTrueRangeValue, StopFill, StopOrder, StopResult, StopTrigger } from './stop-events.ts';
import { StopSeries } from './stop-series.ts';
import { StopState, SymbolStops } from './stop-state.ts';

/** The names of a book's state, in the order in which its numbers follow. */
export interface StopBookHead {
  readonly markets: readonly (readonly [exchange: string, symbol: string])[];
  readonly stops: readonly {
    readonly stopId: string;
    readonly strategy: string;
    /** Index into the markets. */
    readonly market: number;
    readonly kind: string;
  }[];
}

const STOP_CELLS = 5;

/**
 * Watches stop-losses: how far the market is from them, whether it crossed one without a trigger, and how triggered ones
 * were filled. A mark costs time in proportion to the stops of its symbol.
 */
export class StopBook {
  readonly #instruments: Instruments;
  readonly #limit: number;
  readonly #missedMs: number;
  readonly #byId = new Map<string, StopState>();
  readonly #symbols = new Map<string, Map<string, SymbolStops>>();
  #symbolCount = 0;

  /** `limit`: most stops, and most symbols; `missedMs`: how long a crossed stop may take to trigger. */
  constructor(instruments: Instruments, limit: number, missedMs: number) {
    this.#instruments = instruments;
    this.#limit = limit;
    this.#missedMs = missedMs;
  }

  /** Stops that are watched. */
  get size(): number {
    return this.#byId.size;
  }

  place(stop: StopOrder): StopResult {
    const fault = stopFault(stop);
    if (fault !== 'applied') return fault;
    const known = this.#byId.get(stop.stopId);
    if (known !== undefined) {
      // A stop that moved has not been crossed at its new price yet.
      if (known.price !== stop.price) known.crossedMs = Number.NaN;
      known.price = stop.price;
      this.#measure(known.symbol);
      return 'applied';
    }
    if (this.#byId.size >= this.#limit) return 'stop_limit';
    const symbol = this.#symbol(stop.exchange, stop.symbol);
    if (symbol === undefined) return 'stop_limit';
    const state = new StopState(stop, symbol, this.#series(symbol, stop));
    this.#byId.set(stop.stopId, state);
    symbol.stops.push(state);
    this.#measure(symbol);
    return 'applied';
  }

  /** The stop was cancelled: it is watched no more. */
  cancel(stopId: string): StopResult {
    const state = this.#byId.get(stopId);
    if (state === undefined) return 'unknown_stop';
    this.#forget(state);
    return 'applied';
  }

  trigger(event: StopTrigger): StopResult {
    if (!isEvent(event)) return 'invalid_event';
    const state = this.#byId.get(event.stopId);
    if (state === undefined) return 'unknown_stop';
    if (!Number.isFinite(event.timeMs)) return 'invalid_time';
    if (!Number.isNaN(state.triggeredMs)) return 'duplicate_trigger';
    this.#checkMissed(state, event.timeMs);
    state.triggeredMs = event.timeMs;
    state.series.triggers.add(1);
    this.#measure(state.symbol);
    return 'applied';
  }

  fill(event: StopFill): StopResult {
    if (!isEvent(event)) return 'invalid_event';
    const state = this.#byId.get(event.stopId);
    if (state === undefined) return 'unknown_stop';
    if (!isPrice(event.price)) return 'invalid_price';
    if (!Number.isFinite(event.timeMs)) return 'invalid_time';
    state.series.recordFill(event.timeMs - state.triggeredMs, -state.distanceFrom(event.price) / state.price);
    this.#forget(state);
    return 'applied';
  }

  averageTrueRange(event: AverageTrueRangeValue): StopResult {
    if (!isEvent(event)) return 'invalid_event';
    if (!isName(event.exchange) || !isName(event.symbol)) return 'invalid_symbol';
    if (!isPrice(event.value)) return 'invalid_price';
    const symbol = this.#symbol(event.exchange, event.symbol);
    if (symbol === undefined) return 'stop_limit';
    symbol.averageTrueRange = event.value;
    this.#measure(symbol);
    return 'applied';
  }

  /** Writes everything it remembers. */
  write(numbers: number[]): StopBookHead {
    const markets: [string, string][] = [];
    const indexOf = new Map<SymbolStops, number>();
    for (const [exchange, symbols] of this.#symbols) {
      for (const [symbol, state] of symbols) {
        indexOf.set(state, markets.push([exchange, symbol]) - 1);
        numbers.push(state.markPrice, state.averageTrueRange);
      }
    }
    const stops = [...this.#byId.values()].map((stop) => {
      const { stopId, series, symbol, direction, price, crossedMs, triggeredMs, isMissed } = stop;
      append(numbers, [direction, price, crossedMs, triggeredMs, Number(isMissed)]);
      return { stopId, strategy: series.strategy, market: indexOf.get(symbol)!, kind: series.kind };
    });
    return { markets, stops };
  }

  /** Takes back what {@link write} wrote; stops beyond the limit are left out. */
  read({ markets, stops }: StopBookHead, from: StateNumbers): void {
    const known = markets.map(([exchange, symbol]) => {
      const state = this.#symbol(exchange, symbol);
      const [markPrice = Number.NaN, averageTrueRange = Number.NaN] = from.take(2);
      if (state !== undefined) Object.assign(state, { markPrice, averageTrueRange });
      return state;
    });
    for (const { stopId, strategy, market, kind } of stops) {
      const [direction = 1, price = Number.NaN, crossedMs, triggeredMs, isMissed] = from.take(STOP_CELLS);
      const symbol = known[market];
      if (symbol === undefined || this.#byId.size >= this.#limit) continue;
      const [exchange, name] = markets[market]!;
      const side = direction > 0 ? 'sell' : 'buy';
      const order: StopOrder = { stopId, strategy, exchange, symbol: name, side, kind, price, timeMs: 0 };
      const state = new StopState(order, symbol, this.#series(symbol, order));
      Object.assign(state, { crossedMs, triggeredMs, isMissed: isMissed === 1 });
      this.#byId.set(stopId, state);
      symbol.stops.push(state);
    }
    for (const state of known) if (state !== undefined) this.#measure(state);
  }

  /** Takes a mark that has been checked. */
  mark({ exchange, symbol, price, timeMs }: Mark): void {
    const state = this.#symbols.get(exchange)?.get(symbol);
    if (state === undefined) return;
    state.markPrice = price;
    const { stops } = state;
    for (let at = 0; at < stops.length; at++) this.#cross(stops[at]!, price, timeMs);
    this.#measure(state);
  }

  #cross(stop: StopState, price: number, timeMs: number): void {
    if (!Number.isNaN(stop.triggeredMs)) return;
    if (Number.isNaN(stop.crossedMs) && stop.distanceFrom(price) <= 0) stop.crossedMs = timeMs;
    this.#checkMissed(stop, timeMs);
  }

  #checkMissed(stop: StopState, timeMs: number): void {
    if (stop.isMissed || !(timeMs - stop.crossedMs > this.#missedMs)) return;
    stop.isMissed = true;
    stop.series.missed.add(1);
  }

  /** Finds the nearest untriggered stop of every series of a symbol and writes its distance. */
  #measure({ stops, series, markPrice, averageTrueRange }: SymbolStops): void {
    if (Number.isNaN(markPrice)) return;
    for (let at = 0; at < series.length; at++) series[at]!.nearest = Number.POSITIVE_INFINITY;
    for (let at = 0; at < stops.length; at++) {
      const stop = stops[at]!;
      if (Number.isNaN(stop.triggeredMs)) {
        stop.series.nearest = Math.min(stop.series.nearest, stop.distanceFrom(markPrice));
      }
    }
    for (let at = 0; at < series.length; at++) series[at]!.recordDistance(markPrice, averageTrueRange);
  }

  #forget(state: StopState): void {
    this.#byId.delete(state.stopId);
    state.symbol.remove(state);
    this.#measure(state.symbol);
  }

  #symbol(exchange: string, symbol: string): SymbolStops | undefined {
    let symbols = this.#symbols.get(exchange);
    let state = symbols?.get(symbol);
    if (state !== undefined) return state;
    if (this.#symbolCount >= this.#limit) return undefined;
    this.#symbolCount++;
    if (symbols === undefined) this.#symbols.set(exchange, (symbols = new Map()));
    symbols.set(symbol, (state = new SymbolStops()));
    return state;
  }

  #series(symbol: SymbolStops, stop: StopOrder): StopSeries {
    const kind = stop.kind ?? DEFAULT_KIND;
    const known = symbol.series.find((series) => series.strategy === stop.strategy && series.kind === kind);
    if (known !== undefined) return known;
    const series = new StopSeries(this.#instruments, stop.strategy, stop.exchange, stop.symbol, kind);
    symbol.series.push(series);
    return series;
  }
}
