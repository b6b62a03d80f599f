/** Events that wait for a connection, as text; the oldest makes room. */
export class EventQueue {
  readonly #limit: number;
  #texts: string[] = [];
  /** Events that had to make room. */
  dropped = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  push(text: string): void {
    this.#texts.push(text);
    if (this.#texts.length <= this.#limit) return;
    this.#texts.shift();
    this.dropped += 1;
  }

  /** All of them, in order; the queue is empty then. */
  drain(): readonly string[] {
    const texts = this.#texts;
    this.#texts = [];
    return texts;
  }
}
