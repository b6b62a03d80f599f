import type { LineFrame } from './dialect.ts';
import { type Distribution, isExponential, toExplicit } from './distribution.ts';
import { formatNumber } from './number-format.ts';
import { sampleShares } from './sample-rate.ts';
import type { LineOutcome, StatsdBatch } from './statsd-batch.ts';

/** What became of a histogram's samples: `unsupported` when their type cannot carry all of them (a timer below zero). */
export type SampleOutcome = LineOutcome | 'unsupported';

/** How the samples of one histogram series are written. */
export interface SampleFormat {
  readonly frame: LineFrame;
  readonly type: 'd' | 'h' | 'ms';
  /** Factor from the histogram's unit to what the type demands: milliseconds for `ms`. */
  readonly scale: number;
  /** Several values of one rate share a line (DogStatsD 1.1). */
  readonly packsValues: boolean;
  /** Most recordings per line. */
  readonly countLimit: number;
  /** Most bytes per line. */
  readonly mtuBytes: number;
}

/**
 * Recordings of one histogram series that are due, as counts by value: what was recorded since the last batch, and what
 * earlier batches could not deliver. As many values as the histogram has buckets at most, however long an outage lasts.
 */
export class SampleBacklog {
  readonly #due = new Map<number, number>();

  /** Adds one value per bucket: its middle, within `min` and `max`, so that the server sorts it into the same bucket. */
  add(recent: Distribution, min: number | undefined, max: number | undefined): void {
    const { bounds, counts } = isExponential(recent) ? toExplicit(recent) : recent;
    for (let index = 0; index < counts.length; index++) {
      const count = counts[index]!;
      if (count > 0) this.put(middleOf(index, bounds, min, max), count);
    }
  }

  /** Recordings that are due. */
  get total(): number {
    let total = 0;
    for (const count of this.#due.values()) total += count;
    return total;
  }

  put(value: number, count: number): void {
    this.#due.set(value, (this.#due.get(value) ?? 0) + count);
  }

  /** Writes all that is due; what is not delivered comes back. Returns the first outcome that is not `packed`, if any. */
  write(batch: StatsdBatch, format: SampleFormat): SampleOutcome {
    let outcome: SampleOutcome = this.#due.size === 0 ? 'unchanged' : 'packed';
    const byRate = new Map<string, { count: number; values: number[] }>();
    for (const [value, due] of this.#due) {
      // Servers refuse a timer below zero.
      if (format.type === 'ms' && value < 0) {
        outcome = 'unsupported';
        continue;
      }
      for (const { count, rate } of sampleShares(due, format.countLimit)) {
        const known = byRate.get(rate);
        if (known === undefined) byRate.set(rate, { count, values: [value] });
        else known.values.push(value);
      }
    }
    this.#due.clear();
    for (const [rate, { count, values }] of byRate) {
      for (const group of grouped(values, format, rate)) {
        const undo = (): void => group.values.forEach((value) => this.put(value, count));
        const written = batch.line(group.text, undo);
        if (written !== 'packed') outcome = written;
      }
    }
    return outcome;
  }
}

interface Group {
  readonly values: readonly number[];
  readonly text: string;
}

function* grouped(values: readonly number[], format: SampleFormat, rate: string): Generator<Group> {
  const { frame, type, scale, packsValues, mtuBytes } = format;
  const tail = `|${type}${rate === '' ? '' : `|@${rate}`}${frame.tail}`;
  const room = mtuBytes - Buffer.byteLength(frame.head) - Buffer.byteLength(tail);
  let members: number[] = [];
  let text = '';
  for (const value of values) {
    const digits = formatNumber(Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, value * scale)));
    if (members.length > 0 && (!packsValues || text.length + 1 + digits.length > room)) {
      yield { values: members, text: `${frame.head}${text}${tail}` };
      members = [];
      text = '';
    }
    members.push(value);
    text += `:${digits}`;
  }
  if (members.length > 0) yield { values: members, text: `${frame.head}${text}${tail}` };
}

function middleOf(index: number, bounds: ArrayLike<number>, min: number | undefined, max: number | undefined): number {
  const upper = Math.min(bounds[index] ?? Infinity, max ?? Infinity);
  const lower = Math.max(index > 0 ? bounds[index - 1]! : -Infinity, min ?? -Infinity);
  if (Number.isFinite(lower) && Number.isFinite(upper)) {
    const middle = lower / 2 + upper / 2;
    return middle > lower ? middle : upper;
  }
  if (Number.isFinite(upper)) return index === 0 && upper > 0 ? upper / 2 : upper;
  return Number.isFinite(lower) ? lower : 0;
}
