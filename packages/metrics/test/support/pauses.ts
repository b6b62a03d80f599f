import { setImmediate as nextTurn } from 'node:timers/promises';

/** Stands for the event loop between the slices of collections: they go on when the test says so. */
export class Pauses {
  readonly #resumes: (() => void)[] = [];
  /** How often a collection gave way. */
  count = 0;
  readonly giveWay = (resume: () => void): void => {
    this.count++;
    this.#resumes.push(resume);
  };

  /** Collections that wait for the event loop. More than one would work in the same turn of it. */
  get waiting(): number {
    return this.#resumes.length;
  }

  /** Lets whatever runs come to its next pause or its end. */
  async settle(): Promise<void> {
    await nextTurn();
  }

  /** Resumes what waits, for one slice. */
  async resume(): Promise<void> {
    this.#resumes.shift()?.();
    await this.settle();
  }

  async resumeAll(): Promise<void> {
    await this.settle();
    while (this.waiting > 0) await this.resume();
  }
}

/** A slice that is over after every step. */
export const SHORTEST_SLICE_MILLIS = 1e-6;
