import type { Format } from './format/format.ts';
import { formatKey } from './format/format.ts';
import type { Exposition } from './exposition.ts';

/** A share in an exposition. */
export interface Lease {
  readonly exposition: Promise<Exposition>;
  /** The holder reads the bytes no more. Once at most; without it the bytes are never used again for something else. */
  readonly release: () => void;
}

/** One exposition and how many hold a share of it. */
class Shared {
  readonly exposition: Promise<Exposition>;
  readonly #reuse: (exposition: Exposition) => void;
  #leases = 0;
  #made: Exposition | undefined = undefined;

  constructor(exposition: Promise<Exposition>, reuse: (exposition: Exposition) => void) {
    this.#reuse = reuse;
    this.exposition = exposition.then((made) => {
      this.#made = made;
      return made;
    });
  }

  lease(): Lease {
    this.#leases++;
    let isReleased = false;
    const release = (): void => {
      if (isReleased) return;
      isReleased = true;
      this.#leases--;
      if (this.#leases === 0 && this.#made !== undefined) this.#reuse(this.#made);
    };
    return { exposition: this.exposition, release };
  }
}

/**
 * Makes expositions one after the other, however many are asked for. All who ask for a format while another exposition is
 * being made share the next one: what they get was collected after they asked, so that nobody sees older values than its
 * question. There are never more waiting than there are formats.
 */
export class ExpositionQueue {
  readonly #make: (format: Format) => Promise<Exposition>;
  readonly #reuse: (exposition: Exposition) => void;
  readonly #waiting = new Map<string, Shared>();
  #last: Promise<unknown> = Promise.resolve();

  /** `reuse` gets an exposition when all who asked for it have released it. */
  constructor(make: (format: Format) => Promise<Exposition>, reuse: (exposition: Exposition) => void) {
    this.#make = make;
    this.#reuse = reuse;
  }

  /** A share in an exposition of which every value is at least as new as this call. */
  next(format: Format): Lease {
    const key = formatKey(format);
    const waiting = this.#waiting.get(key);
    if (waiting !== undefined) return waiting.lease();
    const exposition = this.#last.then(() => {
      // Nobody can join any more.
      this.#waiting.delete(key);
      return this.#make(format);
    });
    const shared = new Shared(exposition, this.#reuse);
    this.#waiting.set(key, shared);
    // How one ends is told to those who asked for it; the next begins all the same.
    this.#last = shared.exposition.catch(() => undefined);
    return shared.lease();
  }
}
