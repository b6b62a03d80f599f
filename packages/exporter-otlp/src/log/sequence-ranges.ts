/** Sequence numbers `from` to `to`, and the points the log had counted before the first and after the last. */
export interface SequenceRange {
  from: number;
  to: number;
}

/** A set of sequence numbers as ranges, in order, none touching another. */
export class SequenceRanges {
  readonly #ranges: SequenceRange[];

  constructor(ranges: readonly SequenceRange[] = []) {
    this.#ranges = [];
    for (const { from, to } of ranges) this.add(from, to);
  }

  get list(): readonly Readonly<SequenceRange>[] {
    return this.#ranges;
  }

  /** The largest number of the first range when it begins at the beginning; 0 when nothing is settled from there. */
  get prefix(): number {
    const first = this.#ranges[0];
    return first !== undefined && first.from <= 1 ? first.to : 0;
  }

  add(from: number, to: number): void {
    if (to < from) return;
    let first = 0;
    while (first < this.#ranges.length && this.#ranges[first]!.to < from - 1) first++;
    let end = first;
    const merged = { from, to };
    while (end < this.#ranges.length && this.#ranges[end]!.from <= to + 1) {
      merged.from = Math.min(merged.from, this.#ranges[end]!.from);
      merged.to = Math.max(merged.to, this.#ranges[end]!.to);
      end++;
    }
    this.#ranges.splice(first, end - first, merged);
  }

  has(sequence: number): boolean {
    return this.covers(sequence, sequence);
  }

  covers(from: number, to: number): boolean {
    return this.#ranges.some((range) => range.from <= from && to <= range.to);
  }
}
