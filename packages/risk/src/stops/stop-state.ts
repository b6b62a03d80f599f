import type { StopOrder } from './stop-events.ts';
import type { StopSeries } from './stop-series.ts';

/** One stop that is watched. */
export class StopState {
  readonly stopId: string;
  readonly series: StopSeries;
  readonly symbol: SymbolStops;
  /** 1 for a stop that sells, below the market; -1 for one that buys, above it. */
  readonly direction: number;
  price: number;
  /** Time of the first mark at or beyond the stop, NaN before. */
  crossedMs: number = Number.NaN;
  /** NaN before the trigger. */
  triggeredMs: number = Number.NaN;
  isMissed = false;

  constructor({ stopId, side, price }: StopOrder, symbol: SymbolStops, series: StopSeries) {
    this.stopId = stopId;
    this.symbol = symbol;
    this.series = series;
    this.direction = side === 'sell' ? 1 : -1;
    this.price = price;
  }

  /** Distance of a price from the stop in the price's unit, negative once it is beyond. */
  distanceFrom(price: number): number {
    return this.direction * (price - this.price);
  }
}

/** Stops of one symbol on one exchange, and what is known of its market. */
export class SymbolStops {
  readonly stops: StopState[] = [];
  readonly series: StopSeries[] = [];
  /** Latest mark, NaN before the first. */
  markPrice: number = Number.NaN;
  /** Average true range, NaN until one is given. */
  averageTrueRange: number = Number.NaN;

  remove(stop: StopState): void {
    const at = this.stops.indexOf(stop);
    if (at >= 0) this.stops.splice(at, 1);
  }
}
