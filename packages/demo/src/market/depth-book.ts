import type { Level } from './message.ts';

/** Displayed sizes by price. The best price is looked for only when the best level went away. */
export class DepthBook {
  readonly #bids: Map<number, number> = new Map();
  readonly #asks: Map<number, number> = new Map();
  #bestBid: number | undefined;
  #bestAsk: number | undefined;

  /** Applies changes, or replaces the book by a snapshot. */
  apply(snapshot: boolean, bids: readonly Level[], asks: readonly Level[]): void {
    if (snapshot) {
      this.#bids.clear();
      this.#asks.clear();
      this.#bestBid = undefined;
      this.#bestAsk = undefined;
    }
    for (const [price, quantity] of bids) {
      if (quantity === 0) {
        this.#bids.delete(price);
        if (price === this.#bestBid) this.#bestBid = undefined;
      } else {
        this.#bids.set(price, quantity);
        if (this.#bestBid !== undefined && price > this.#bestBid) this.#bestBid = price;
      }
    }
    for (const [price, quantity] of asks) {
      if (quantity === 0) {
        this.#asks.delete(price);
        if (price === this.#bestAsk) this.#bestAsk = undefined;
      } else {
        this.#asks.set(price, quantity);
        if (this.#bestAsk !== undefined && price < this.#bestAsk) this.#bestAsk = price;
      }
    }
  }

  /** Displayed size at a price, 0 when the level is not displayed. */
  bidQuantity(price: number): number {
    return this.#bids.get(price) ?? 0;
  }

  /** Displayed size at a price, 0 when the level is not displayed. */
  askQuantity(price: number): number {
    return this.#asks.get(price) ?? 0;
  }

  /** The best levels of the bid, best first; costs a pass over the side. */
  bids(levelCount: number): Level[] {
    return bestLevels(this.#bids, levelCount, -1);
  }

  /** The best levels of the ask, best first; costs a pass over the side. */
  asks(levelCount: number): Level[] {
    return bestLevels(this.#asks, levelCount, 1);
  }

  bestBid(): Level | undefined {
    if (this.#bestBid === undefined) for (const price of this.#bids.keys()) this.#bestBid = max(this.#bestBid, price);
    return this.#bestBid === undefined ? undefined : [this.#bestBid, this.bidQuantity(this.#bestBid)];
  }

  bestAsk(): Level | undefined {
    if (this.#bestAsk === undefined) for (const price of this.#asks.keys()) this.#bestAsk = min(this.#bestAsk, price);
    return this.#bestAsk === undefined ? undefined : [this.#bestAsk, this.askQuantity(this.#bestAsk)];
  }
}

/** The levels with the smallest `sign` times price. Most levels are no candidate: a book has thousands, and few are asked for. */
function bestLevels(levels: ReadonlyMap<number, number>, levelCount: number, sign: 1 | -1): Level[] {
  const best: Level[] = [];
  for (const [price, quantity] of levels) {
    let at = best.length;
    while (at > 0 && sign * (best[at - 1] as Level)[0] > sign * price) at--;
    if (at >= levelCount) continue;
    best.splice(at, 0, [price, quantity]);
    if (best.length > levelCount) best.pop();
  }
  return best;
}

function max(best: number | undefined, price: number): number {
  return best === undefined || price > best ? price : best;
}

function min(best: number | undefined, price: number): number {
  return best === undefined || price < best ? price : best;
}
