/** Closes what was started, last first; once, however often it is asked. */
export class CloseStack {
  readonly #closers: (() => void | Promise<void>)[] = [];
  #closing: Promise<void> | undefined;

  /** Adds how to close something that has just been started. */
  add(close: () => void | Promise<void>): void {
    this.#closers.push(close);
  }

  /** Resolves when all is closed. */
  close(): Promise<void> {
    this.#closing ??= this.#closeAll();
    return this.#closing;
  }

  async #closeAll(): Promise<void> {
    for (const close of this.#closers.reverse()) await close();
  }
}
