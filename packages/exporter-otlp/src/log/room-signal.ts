/** Wakes what waits for room. */
export class RoomSignal {
  #wake: (() => void) | undefined;
  #waiting: Promise<void> | undefined;

  /** Resolves at the next `free`. */
  async wait(): Promise<void> {
    this.#waiting ??= new Promise((resolve) => {
      this.#wake = resolve;
    });
    return this.#waiting;
  }

  free(): void {
    this.#wake?.();
    this.#wake = undefined;
    this.#waiting = undefined;
  }
}
