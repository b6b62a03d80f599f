import { QuantError } from '../errors.ts';

/**
 * The merged summary of the latest `size` parts of a stream, for summaries that merge but do not subtract (maxima,
 * drawdowns, moments): two stacks, each part merged at most twice, whatever the window.
 *
 * ```
 *   old ── front: suffix summaries ──┤├── back: parts, one running summary ── new
 * ```
 */
export class SlidingAggregate<Part> {
  readonly size: number;
  readonly #merge: (earlier: Part, later: Part) => Part;
  /** `#front.at(-1)` summarises every part of the front that is left. */
  readonly #front: Part[] = [];
  #back: Part[] = [];
  #backSummary: Part | undefined = undefined;

  /** `merge` must be associative and leave its arguments alone. Throws {@link QuantError} `invalid_option`. */
  constructor(size: number, merge: (earlier: Part, later: Part) => Part) {
    if (!Number.isInteger(size) || size < 1) {
      throw new QuantError('invalid_option', `a window of ${size} parts; it must be a whole number from 1`);
    }
    this.size = size;
    this.#merge = merge;
  }

  /** Appends a part and drops the oldest when there are more than `size`. */
  push(part: Part): void {
    this.#back.push(part);
    this.#backSummary = this.#backSummary === undefined ? part : this.#merge(this.#backSummary, part);
    if (this.count > this.size) this.#dropOldest();
  }

  get count(): number {
    return this.#front.length + this.#back.length;
  }

  get isFull(): boolean {
    return this.count === this.size;
  }

  /** Everything in the window, merged in order of time; undefined while it is empty. */
  get summary(): Part | undefined {
    const front = this.#front.at(-1);
    if (front === undefined) return this.#backSummary;
    return this.#backSummary === undefined ? front : this.#merge(front, this.#backSummary);
  }

  #dropOldest(): void {
    if (this.#front.length === 0) {
      for (let at = this.#back.length - 1; at >= 0; at--) {
        const later = this.#front.at(-1);
        const part = this.#back[at]!;
        this.#front.push(later === undefined ? part : this.#merge(part, later));
      }
      this.#back = [];
      this.#backSummary = undefined;
    }
    this.#front.pop();
  }
}
