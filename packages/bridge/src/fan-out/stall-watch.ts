import { BEAT, type RingMemory } from './ring/ring-memory.ts';

/** Looks that must find no sign of life: one after the machine slept proves nothing. */
const LOOKS = 4;

/** Notices a worker that is there and does nothing any more. */
export class StallWatch {
  readonly #everyMs: number;
  readonly #onStall: () => void;
  #timer: NodeJS.Timeout | undefined;

  /** `onStall` is called when there was no sign of life for `stallMillis`. */
  constructor(stallMillis: number, onStall: () => void) {
    this.#everyMs = Math.max(1, stallMillis / LOOKS);
    this.#onStall = onStall;
  }

  start({ positions }: RingMemory): void {
    this.stop();
    let last = -1;
    let silent = 0;
    this.#timer = setInterval(() => {
      const beat = Atomics.load(positions, BEAT);
      silent = beat === last ? silent + 1 : 0;
      last = beat;
      if (silent < LOOKS) return;
      this.stop();
      this.#onStall();
    }, this.#everyMs);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
