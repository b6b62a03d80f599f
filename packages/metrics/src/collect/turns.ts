import { setImmediate } from 'node:timers';

/** Runs something once the event loop has turned. */
export type GiveWay = (resume: () => void) => void;

/**
 * Hands out the turns of the event loop, one to each waiting collection in the order in which they came: were all of
 * them resumed in one turn, ten readers would hold it up for ten slices.
 */
export class Turns {
  readonly #giveWay: GiveWay;
  readonly #waiting: (() => void)[] = [];

  constructor(giveWay: GiveWay) {
    this.#giveWay = giveWay;
  }

  /** Whether a collection stands between two slices. */
  get areAwaited(): boolean {
    return this.#waiting.length > 0;
  }

  async next(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      if (this.#waiting.length === 1) this.#giveWay(this.#take);
    });
  }

  readonly #take = (): void => {
    const first = this.#waiting.shift();
    if (this.#waiting.length > 0) this.#giveWay(this.#take);
    first?.();
  };
}

/**
 * Those of this thread, shared by all providers. The timer function is the one that was there when this was loaded: a
 * test that installs fake timers must not stop a collection for ever.
 */
export const SYSTEM_TURNS: Turns = new Turns(setImmediate);
