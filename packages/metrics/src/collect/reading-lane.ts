import type { Slice } from './slice.ts';
import type { Steps } from './steps.ts';
import type { Turns } from './turns.ts';

/**
 * Where the readings of one reader take place, one at a time and in the order in which they come: two that took turns
 * at the same streams would tear the baselines of both.
 */
export class ReadingLane {
  readonly #turns: Turns;
  readonly #waiting: (() => void)[] = [];
  #isTaken = false;

  constructor(turns: Turns) {
    this.#turns = turns;
  }

  /**
   * Runs work in slices, at once if the lane is free and nobody waits for a turn. Returns its result when the first slice
   * was enough for it, else a promise of it. What the work throws is thrown, or rejects the promise.
   */
  run<T>(work: Steps<T>, slice: Slice): T | Promise<T> {
    if (this.#isTaken || (this.#turns.areAwaited && !slice.isEndless)) return this.#runLater(work, slice);
    this.#isTaken = true;
    let isUnderWay = false;
    try {
      const step = runSlice(work, slice);
      if (step.done === true) return step.value;
      isUnderWay = true;
    } finally {
      if (!isUnderWay) this.#leave();
    }
    return this.#runOn(work, slice);
  }

  async #runLater<T>(work: Steps<T>, slice: Slice): Promise<T> {
    if (this.#isTaken) {
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
    }
    this.#isTaken = true;
    return this.#runOn(work, slice);
  }

  /** Each slice in a turn of its own. */
  async #runOn<T>(work: Steps<T>, slice: Slice): Promise<T> {
    try {
      for (;;) {
        if (!slice.isEndless) await this.#turns.next();
        slice.renew();
        const step = runSlice(work, slice);
        if (step.done === true) return step.value;
      }
    } finally {
      this.#leave();
    }
  }

  /** Hands the lane to the one that has waited longest; it stays taken, so that nobody gets in between. */
  #leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#isTaken = false;
    else next();
  }
}

function runSlice<T>(work: Steps<T>, slice: Slice): IteratorResult<number, T> {
  slice.begin();
  let step = work.next();
  while (step.done !== true && !slice.isOverAfter(step.value)) step = work.next();
  slice.end();
  return step;
}
