import { requireLength, Window } from './window.ts';

/**
 * Kaufman's efficiency ratio with its direction: net change over the sum of absolute changes of the latest `length`
 * changes, -1 (straight down) to 1 (straight up); 0 where nothing moved.
 */
export class EfficiencyRatio {
  readonly #changes: Window;
  readonly #length: number;

  constructor(length: number) {
    this.#length = requireLength(length);
    this.#changes = new Window(length);
  }

  /** Takes the next change, of a price or a logarithm of one. */
  add(change: number): number | undefined {
    const window = this.#changes;
    window.push(change);
    if (!window.isFull) return undefined;
    let net = 0;
    let path = 0;
    for (let at = 0; at < this.#length; at++) {
      net += window.at(at);
      path += Math.abs(window.at(at));
    }
    return path === 0 ? 0 : net / path;
  }
}
