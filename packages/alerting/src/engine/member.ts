import type { IncreaseWindow } from './increase-window.ts';
import type { Group } from './group.ts';

/**
 * One series' part in one group. All fields are set in the constructor and keep their types: it is written with every
 * update of the series.
 */
export class Member {
  readonly group: Group;
  /** Which selector of the rule: 0, or 1 for a denominator or a total. */
  readonly input: number;
  readonly #windows: readonly IncreaseWindow[];
  readonly #isMonotonic: boolean;
  /** Last value; NaN while there is none. */
  value: number = Number.NaN;
  /** When it came, Unix milliseconds; -Infinity before the first. */
  seenMs: number = Number.NEGATIVE_INFINITY;

  /** `windows` take the increments: the member's own, or those all members of the group share. */
  constructor(group: Group, input: number, windows: readonly IncreaseWindow[], isMonotonic: boolean) {
    this.group = group;
    this.input = input;
    this.#windows = windows;
    this.#isMonotonic = isMonotonic;
  }

  /** `startMs` is when a running total began, NaN when that is not known. */
  update(nowMs: number, value: number, startMs: number): void {
    const windows = this.#windows;
    if (windows.length > 0) {
      const before = this.value;
      for (let index = 0; index < windows.length; index++) {
        const window = windows[index]!;
        const increment = this.#increment(before, value, startMs > nowMs - window.windowMs);
        if (increment === increment) window.add(nowMs, increment);
      }
    }
    this.value = value;
    this.seenMs = nowMs;
  }

  /** NaN when there is nothing to compare with. A total that began within the window began at zero. */
  #increment(before: number, value: number, beganWithin: boolean): number {
    if (before !== before) return this.#isMonotonic && beganWithin ? value : Number.NaN;
    // A total that fell began anew: what it has now was added since.
    if (this.#isMonotonic && value < before) return value;
    return value - before;
  }

  get ownWindow(): IncreaseWindow | undefined {
    return this.#windows[0];
  }
}
