import { QuantError } from '../errors.ts';

/** What one bucket of volume was made of. */
export interface VolumeBucket {
  readonly buy: number;
  readonly sell: number;
}

/** Volumes within this of a full bucket are one: 0.1 + 0.2 fills a bucket of 0.3. */
const FULL = 1e-12;

/**
 * Volume-synchronised imbalance of trades, VPIN (Easley, López de Prado and O'Hara 2012), with the exchange's aggressor
 * side: the mean of |buy - sell| over the latest `size` buckets of equal volume. A trade that overfills a bucket is
 * split. Says how one-sided trading was; it predicts nothing (Andersen and Bondarenko 2014).
 */
export class Vpin {
  readonly #bucketVolume: number;
  readonly #recent: Float64Array;
  #full = 0;
  #buy = 0;
  #sell = 0;
  #sum = 0;
  readonly #onBucket: ((bucket: VolumeBucket) => void) | undefined;

  /**
   * `bucketVolume` in units of the instrument, usually a fiftieth of a day's volume. Throws {@link QuantError}
   * `invalid_option`.
   */
  constructor(bucketVolume: number, size = 50, onBucket?: (bucket: VolumeBucket) => void) {
    if (!(bucketVolume > 0 && bucketVolume < Infinity)) {
      throw new QuantError('invalid_option', `bucketVolume is ${bucketVolume}; it must be a finite number above 0`);
    }
    if (!Number.isInteger(size) || size < 1) {
      throw new QuantError('invalid_option', `${size} buckets; it must be a whole number from 1`);
    }
    this.#bucketVolume = bucketVolume;
    this.#recent = new Float64Array(size);
    this.#onBucket = onBucket;
  }

  /**
   * Takes a trade. A quantity that is not positive and finite is ignored, and one of more than a million buckets, which
   * is an error of units. Returns whether it was taken.
   */
  add(quantity: number, isBuy: boolean): boolean {
    return this.addShared(quantity, isBuy ? 1 : 0);
  }

  /** Takes volume of which the share `buyShare`, 0 to 1, was bought, in every part of it; otherwise as {@link add}. */
  addShared(quantity: number, buyShare: number): boolean {
    if (!(quantity > 0) || !(quantity < 1e6 * this.#bucketVolume) || !(buyShare >= 0 && buyShare <= 1)) return false;
    let rest = quantity;
    while (rest > 0) {
      const room = this.#bucketVolume - this.#buy - this.#sell;
      const part = Math.min(rest, room);
      this.#buy += part * buyShare;
      this.#sell += part * (1 - buyShare);
      rest -= part;
      if (this.#bucketVolume - this.#buy - this.#sell <= FULL * this.#bucketVolume) this.#close();
    }
    return true;
  }

  /** Buckets filled since the start. */
  get fullBuckets(): number {
    return this.#full;
  }

  /** 0 (balanced) to 1 (one-sided); undefined before `size` buckets are full. */
  get value(): number | undefined {
    const size = this.#recent.length;
    return this.#full < size ? undefined : this.#sum / (size * this.#bucketVolume);
  }

  #close(): void {
    const imbalance = Math.abs(this.#buy - this.#sell);
    const place = this.#full % this.#recent.length;
    this.#sum += imbalance - this.#recent[place]!;
    this.#recent[place] = imbalance;
    // Added up anew once a round, so that rounding cannot pile up.
    if (place === 0) this.#sum = this.#recent.reduce((sum, each) => sum + each, 0);
    this.#full++;
    const buy = this.#buy;
    const sell = this.#sell;
    this.#buy = 0;
    this.#sell = 0;
    this.#onBucket?.({ buy, sell });
  }
}
