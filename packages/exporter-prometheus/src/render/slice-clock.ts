/** Tells when a slice of work has held the event loop for long enough. */
export class SliceClock {
  readonly #sliceMillis: number;
  readonly #now: () => number;
  #until = 0;

  constructor(sliceMillis: number, now: () => number = () => performance.now()) {
    this.#sliceMillis = sliceMillis;
    this.#now = now;
  }

  /** A slice begins. */
  start(): void {
    this.#until = this.#now() + this.#sliceMillis;
  }

  get isOver(): boolean {
    return this.#now() >= this.#until;
  }
}

/** Runs work that yields where it can pause, letting the event loop turn whenever a slice is over. */
export async function runInSlices(work: Iterator<void>, clock: SliceClock): Promise<void> {
  for (;;) {
    await new Promise<void>((resolve) => {
      setImmediate(resolve);
    });
    clock.start();
    do {
      if (work.next().done === true) return;
    } while (!clock.isOver);
  }
}
