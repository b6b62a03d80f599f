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

  /** The best levels of the bid, best first; costs a sort of the side. */
  bids(levelCount: number): Level[] {
    return [...this.#bids].toSorted(([a], [b]) => b - a).slice(0, levelCount);
  }

  /** The best levels of the ask, best first; costs a sort of the side. */
  asks(levelCount: number): Level[] {
    return [...this.#asks].toSorted(([a], [b]) => a - b).slice(0, levelCount);
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

function max(best: number | undefined, price: number): number {
  return best === undefined || price > best ? price : best;
}

function min(best: number | undefined, price: number): number {
  return best === undefined || price < best ? price : best;
}
