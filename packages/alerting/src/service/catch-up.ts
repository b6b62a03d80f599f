/** So many late turns in a row and silence is judged all the same: a loop that is always late must not hide what is missing. */
const LATE_TURNS_LIMIT = 10;

/**
 * Knows whether this process has just been away: stopped, its machine paused, or its event loop kept busy. A timer then runs before
 * what came meanwhile has been read from the sockets, and everything looks silent. From a turn that comes later than it was due by
 * more than an interval until one interval and one whole turn of the event loop have passed, silence means nothing; nor does it while
 * a turn is overdue.
 */
export class CatchUp {
  readonly #everyMs: number;
  /** When the timer last had its turn. */
  #turnMs: number;
  /** When the last late turn came; NaN when it is over. */
  #lateMs: number = Number.NaN;
  #hasRead = true;
  #lateTurns = 0;

  /** `everyMs`: milliseconds between two turns of the timer. */
  constructor(everyMs: number, nowMs: number) {
    this.#everyMs = everyMs;
    this.#turnMs = nowMs;
  }

  /** The timer has its turn. */
  turn(nowMs: number): void {
    const isLate = this.#isOverdue(nowMs);
    this.#turnMs = nowMs;
    this.#lateTurns = isLate ? this.#lateTurns + 1 : 0;
    if (!isLate) return;
    if (this.#lateTurns > LATE_TURNS_LIMIT) {
      this.#lateTurns = 0;
      this.#lateMs = Number.NaN;
      return;
    }
    this.#lateMs = nowMs;
    this.#hasRead = false;
    // Timers, then sockets, then this.
    setImmediate(() => {
      this.#hasRead = true;
    });
  }

  /** Whether silence means nothing at this time. */
  isOn(nowMs: number): boolean {
    if (this.#isOverdue(nowMs)) return true;
    const sinceMs = nowMs - this.#lateMs;
    // A clock that was set back since has nothing to say of how long it is.
    return sinceMs === sinceMs && (!this.#hasRead || (sinceMs >= 0 && sinceMs < this.#everyMs));
  }

  #isOverdue(nowMs: number): boolean {
    return nowMs - this.#turnMs > 2 * this.#everyMs;
  }
}
