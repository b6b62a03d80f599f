/** A signal that aborts after a time, and keeps the process alive until then: somebody waits for the answer. */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;
  /** Resolves when the time is up. */
  readonly passed: Promise<void>;

  constructor(timeoutMs: number) {
    this.passed = new Promise((resolve) => {
      this.#controller.signal.addEventListener('abort', () => resolve(), { once: true });
    });
    this.#timer = setTimeout(() => this.#controller.abort(), timeoutMs);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Not needed any more. */
  clear(): void {
    clearTimeout(this.#timer);
  }
}
