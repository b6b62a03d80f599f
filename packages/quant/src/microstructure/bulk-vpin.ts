import { QuantError } from '../errors.ts';
import { Moments } from '../statistics/moments.ts';
import { normalProbability } from '../statistics/normal.ts';
import { type VolumeBucket, Vpin } from './vpin.ts';

/** Changes of price before which their deviation, and with it the classification, means nothing. */
const MINIMUM_CHANGES = 10;

/**
 * VPIN by bulk volume classification (Easley, López de Prado and O'Hara 2012), for trades without a side: of a time
 * bar's volume the share Φ(ΔP/σ) was bought, ΔP being the change of its last price against the bar before and σ the
 * sample deviation of all such changes so far. Andersen and Bondarenko (2013) found it inferior to true sides.
 * Bars without trades do not exist; those before σ is known count in no bucket.
 */
export class BulkVpin {
  readonly #barLength: number;
  readonly #vpin: Vpin;
  readonly #changes = new Moments();
  #bar: number = Number.NaN;
  #price = Number.NaN;
  #priceBefore = Number.NaN;
  #volume = 0;

  /** `barLength` in the unit of the times; the rest as {@link Vpin}. Throws {@link QuantError} `invalid_option`. */
  constructor(barLength: number, bucketVolume: number, size = 50, onBucket?: (bucket: VolumeBucket) => void) {
    if (!(barLength > 0 && barLength < Infinity)) {
      throw new QuantError('invalid_option', `a bar of ${barLength}; it must be finite and above 0`);
    }
    this.#barLength = barLength;
    this.#vpin = new Vpin(bucketVolume, size, onBucket);
  }

  /** Takes a trade; prices and quantities that are not positive and finite are ignored. Returns whether it was taken. */
  add(price: number, quantity: number, time: number): boolean {
    if (!(price > 0 && price < Infinity) || !(quantity > 0 && quantity < Infinity) || !Number.isFinite(time)) {
      return false;
    }
    const bar = Math.floor(time / this.#barLength);
    if (bar !== this.#bar) this.#close(bar);
    this.#price = price;
    this.#volume += quantity;
    return true;
  }

  get fullBuckets(): number {
    return this.#vpin.fullBuckets;
  }

  /** 0 to 1; undefined before enough buckets are full. Leaves the bar that is not over out. */
  get value(): number | undefined {
    return this.#vpin.value;
  }

  #close(nextBar: number): void {
    const change = this.#price - this.#priceBefore;
    if (Number.isFinite(change)) {
      this.#changes.add(change);
      const deviation = this.#changes.deviation;
      if (this.#changes.count >= MINIMUM_CHANGES && deviation !== undefined && deviation > 0) {
        this.#vpin.addShared(this.#volume, normalProbability(change / deviation));
      }
    }
    this.#priceBefore = this.#price;
    this.#volume = 0;
    this.#bar = nextBar;
  }
}
