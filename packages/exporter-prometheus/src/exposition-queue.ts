import type { Format } from './format/format.ts';
import { formatKey } from './format/format.ts';
import type { Exposition } from './exposition.ts';

interface Waiting {
  readonly format: Format;
  readonly exposition: Promise<Exposition>;
}

/**
 * Makes expositions one after the other, however many are asked for. All who ask for a format while another exposition is
 * being made share the next one: what they get was collected after they asked, so that nobody sees older values than its
 * question. There are never more waiting than there are formats.
 */
export class ExpositionQueue {
  readonly #make: (format: Format) => Promise<Exposition>;
  readonly #waiting = new Map<string, Waiting>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(make: (format: Format) => Promise<Exposition>) {
    this.#make = make;
  }

  /** Resolves with an exposition of which every value is at least as new as this call. */
  next(format: Format): Promise<Exposition> {
    const key = formatKey(format);
    const waiting = this.#waiting.get(key);
    if (waiting !== undefined) return waiting.exposition;
    const exposition = this.#last.then(() => {
      this.#waiting.delete(key);
      return this.#make(format);
    });
    this.#waiting.set(key, { format, exposition });
    // How one ends is told to those who asked for it; the next begins all the same.
    this.#last = exposition.catch(() => undefined);
    return exposition;
  }
}
