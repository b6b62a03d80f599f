/** What {@link Sequence.accept} returns for a message that is not newer than the last. */
export const STALE = -1;

/** Follows the sequence numbers of one stream of messages. */
export class Sequence {
  #last: number;

  /** Starts with the last number of the first message, which has nothing to be compared with. */
  constructor(last: number) {
    this.#last = last;
  }

  /**
   * Takes the next message, which covers the numbers `first` to `last`, and returns how many numbers were missed
   * before it, or {@link STALE}. `previous` is the number the exchange says came before, or NaN where it does not say.
   */
  accept(first: number, last: number, previous: number): number {
    const known = this.#last;
    // The predecessor named is the one we have (also for a message without news, and for a count that restarted
    // below it), or the exchange says that there is none: the sequence goes on from here.
    if (previous === known || previous < 0) {
      this.#last = last;
      return 0;
    }
    if (last <= known) return STALE;
    this.#last = last;
    const missed = Number.isNaN(previous) ? first - known - 1 : previous - known;
    return missed > 0 ? missed : 0;
  }
}
