/** Closes what was started, last first; once, however often it is asked. */
export class CloseStack {
  readonly #closers: (() => void | Promise<void>)[] = [];
  #closing: Promise<void> | undefined;

  /** Adds how to close something that has just been started. */
  add(close: () => void | Promise<void>): void {
    this.#closers.push(close);
  }

  /** Resolves when all is closed. One that fails does not keep the others open; the first failure is passed on at the end. */
  close(): Promise<void> {
    this.#closing ??= this.#closeAll();
    return this.#closing;
  }

  async #closeAll(): Promise<void> {
    const failures: unknown[] = [];
    for (const close of this.#closers.reverse()) {
      try {
        await close();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}
