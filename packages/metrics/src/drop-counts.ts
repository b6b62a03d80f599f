import { diag } from '@opentelemetry/api';

/** Why a measurement was not recorded. */
export type DropCause = 'not_a_number' | 'non_finite' | 'negative' | 'invalid_attributes';

const EXPLANATION: Readonly<Record<DropCause, string>> = {
  not_a_number: 'the value is not of type number',
  non_finite: 'NaN or an infinity would poison the sum for ever',
  negative: 'counters and histograms accept values >= 0 only',
  invalid_attributes: 'the attributes could not be read, or hold a bigint, symbol, function or cycle',
};

export const DROP_CAUSES: readonly DropCause[] = ['not_a_number', 'non_finite', 'negative', 'invalid_attributes'];

/** Counts the measurements a provider refused, by cause and in all threads, and warns once per cause. */
export class DropCounts {
  readonly #counts = new Float64Array(new SharedArrayBuffer(DROP_CAUSES.length * Float64Array.BYTES_PER_ELEMENT));
  readonly #joined: { readonly thread: number; readonly counts: Float64Array }[] = [];

  count(cause: DropCause, instrumentName: string): void {
    if (this.#counts[DROP_CAUSES.indexOf(cause)]!++ > 0) return;
    diag.warn(`metrics: dropped a measurement of "${instrumentName}": ${EXPLANATION[cause]} (warned once, counted)`);
  }

  /** Classifies a value that an instrument's guard refused. */
  refuse(value: unknown, instrumentName: string): void {
    if (typeof value !== 'number') this.count('not_a_number', instrumentName);
    else this.count(Number.isFinite(value) ? 'negative' : 'non_finite', instrumentName);
  }

  of(cause: DropCause): number {
    const position = DROP_CAUSES.indexOf(cause);
    let total = this.#counts[position]!;
    for (const { counts } of this.#joined) total += counts[position]!;
    return total;
  }

  /** This thread's counts, for another thread to join. */
  get buffer(): SharedArrayBuffer {
    return this.#counts.buffer;
  }

  join(thread: number, buffer: SharedArrayBuffer): void {
    this.#joined.push({ thread, counts: new Float64Array(buffer) });
  }

  /** Takes over the counts of a thread that is gone. */
  inherit(thread: number): void {
    for (const joined of this.#joined.filter((other) => other.thread === thread)) {
      this.#joined.splice(this.#joined.indexOf(joined), 1);
      for (const [position, count] of joined.counts.entries()) this.#counts[position]! += count;
    }
  }
}
