import { VOID_RANGES_LIMIT, type VoidRange } from './entry-format.ts';

/** Numbers of entries that were refused and not yet told to the log. */
export class VoidRanges {
  #ranges: VoidRange[] = [];

  get list(): readonly VoidRange[] {
    return this.#ranges;
  }

  add(number: number): void {
    const last = this.#ranges.at(-1);
    if (last?.to === number - 1) this.#ranges = [...this.#ranges.slice(0, -1), { from: last.from, to: number }];
    else if (this.#ranges.length < VOID_RANGES_LIMIT) this.#ranges = [...this.#ranges, { from: number, to: number }];
  }

  /** Forgets what a list had said, now that the log has it. */
  told(list: readonly VoidRange[]): void {
    if (list.length > 0) this.#ranges = this.#ranges.filter((range) => !list.includes(range));
  }
}
