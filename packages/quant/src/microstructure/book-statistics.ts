import { positiveInteger, QuantError } from '../errors.ts';

/** A price level of one side of a book: price and size; what follows is ignored. */
export type BookLevel = readonly [price: number, size: number, ...rest: unknown[]];

/**
 * Shape of a book: imbalance over its best levels, depth near the mid, and slope. Each side is given best level first.
 * Adding does not allocate.
 */
export class BookStatistics {
  readonly levels: number;
  readonly withinBps: number;
  #mid = Number.NaN;
  #bidTop = 0;
  #askTop = 0;
  #bidDepth = 0;
  #askDepth = 0;
  /** Sums over both sides of distance × cumulative size, and of squared distance. */
  #products = 0;
  #squares = 0;

  /** Throws {@link QuantError} `invalid_option` for levels that are no whole number from 1, or a distance not above 0. */
  constructor(levels = 5, withinBps = 10) {
    if (!(withinBps > 0)) throw new QuantError('invalid_option', `withinBps is ${withinBps}; it must be above 0`);
    this.levels = positiveInteger('levels', levels);
    this.withinBps = withinBps;
  }

  /**
   * Takes a whole book. One with an empty side, a level that makes no sense, or levels out of order is ignored; a
   * crossed one is taken. Returns whether it was taken. Levels beyond both the count and the distance are not read.
   */
  add(bids: readonly BookLevel[], asks: readonly BookLevel[]): boolean {
    const bid = bids[0];
    const ask = asks[0];
    if (!isLevel(bid) || !isLevel(ask)) return false;
    const mid = (bid[0] + ask[0]) / 2;
    if (!(mid > 0 && mid < Infinity)) return false;
    if (!this.#isSide(bids, mid, 1) || !this.#isSide(asks, mid, -1)) return false;
    this.#mid = mid;
    this.#products = 0;
    this.#squares = 0;
    this.#bidTop = this.#sumTop(bids);
    this.#askTop = this.#sumTop(asks);
    this.#bidDepth = this.#sumDepth(bids, 1);
    this.#askDepth = this.#sumDepth(asks, -1);
    return true;
  }

  /** (bids - asks) over their sum, in size over the best `levels`; -1 to 1, undefined without size. */
  get imbalance(): number | undefined {
    const size = this.#bidTop + this.#askTop;
    return size > 0 ? (this.#bidTop - this.#askTop) / size : undefined;
  }

  /** Size of bids at most `withinBps` below the mid; undefined before the first book. */
  get bidDepth(): number | undefined {
    return Number.isNaN(this.#mid) ? undefined : this.#bidDepth;
  }

  /** Size of asks at most `withinBps` above the mid; undefined before the first book. */
  get askDepth(): number | undefined {
    return Number.isNaN(this.#mid) ? undefined : this.#askDepth;
  }

  /**
   * Size that each basis point from the mid adds: least squares through the origin of cumulative size on distance over
   * the levels within `withinBps`, Σ d·S / Σ d²; undefined where no level has a distance.
   */
  get slope(): number | undefined {
    return this.#squares > 0 ? this.#products / this.#squares : undefined;
  }

  #isSide(side: readonly BookLevel[], mid: number, sign: number): boolean {
    let before = sign * Infinity;
    for (let at = 0; at < side.length; at++) {
      const level = side[at];
      if (!isLevel(level)) return false;
      const [price, size] = level;
      if (!(price > 0 && price < Infinity && size >= 0 && size < Infinity)) return false;
      if (!(sign * price < sign * before)) return false;
      before = price;
      if (at >= this.levels && distanceBps(price, mid, sign) > this.withinBps) return true;
    }
    return true;
  }

  #sumTop(side: readonly BookLevel[]): number {
    let sum = 0;
    for (let at = 0; at < side.length && at < this.levels; at++) sum += side[at]![1];
    return sum;
  }

  #sumDepth(side: readonly BookLevel[], sign: number): number {
    let sum = 0;
    for (let at = 0; at < side.length; at++) {
      const distance = distanceBps(side[at]![0], this.#mid, sign);
      if (distance > this.withinBps) break;
      sum += side[at]![1];
      this.#products += distance * sum;
      this.#squares += distance * distance;
    }
    return sum;
  }
}

/** Books come from parsers: a level that is none must not throw. */
function isLevel(level: unknown): level is BookLevel {
  return Array.isArray(level) && typeof level[0] === 'number' && typeof level[1] === 'number';
}

/** How far a price lies on its own side of the mid, in basis points of it; negative in a crossed book. */
function distanceBps(price: number, mid: number, sign: number): number {
  return ((sign * (mid - price)) / mid) * 1e4;
}
