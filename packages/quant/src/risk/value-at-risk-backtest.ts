import { QuantError } from '../errors.ts';
import { restoredNumbers } from '../number/restored-numbers.ts';
import { chiSquareTail } from '../statistics/chi-square.ts';
import { type BaselZone, baselZone } from './basel-zone.ts';

/** x·ln(y) with the limit 0 at x = 0. */
function times(count: number, probability: number): number {
  return count === 0 ? 0 : count * Math.log(probability);
}

/**
 * Kupiec's likelihood ratio that `exceptions` in `count` periods come from probability `p` (proportion of failures);
 * chi-square with one degree of freedom, 3.841 is the 95 % bound. Undefined for counts or a `p` that make no sense.
 */
export function kupiecRatio(exceptions: number, count: number, p: number): number | undefined {
  if (!(count > 0) || !(exceptions >= 0 && exceptions <= count) || !(p > 0 && p < 1)) return undefined;
  const rate = exceptions / count;
  const none = count - exceptions;
  const expected = times(none, 1 - p) + times(exceptions, p);
  return Math.max(0, -2 * (expected - (times(none, 1 - rate) + times(exceptions, rate))));
}

/** How often each kind of period follows each: `n01` is an exception after none. */
export interface Transitions {
  readonly n00: number;
  readonly n01: number;
  readonly n10: number;
  readonly n11: number;
}

/** Christoffersen's likelihood ratio that exceptions do not cluster; chi-square with one degree of freedom. */
export function independenceRatio({ n00, n01, n10, n11 }: Transitions): number | undefined {
  const total = n00 + n01 + n10 + n11;
  if (!(total > 0)) return undefined;
  const afterNone = n00 + n01 === 0 ? 0 : n01 / (n00 + n01);
  const afterOne = n10 + n11 === 0 ? 0 : n11 / (n10 + n11);
  const overall = (n01 + n11) / total;
  const independent = times(n00 + n10, 1 - overall) + times(n01 + n11, overall);
  const dependent = times(n00, 1 - afterNone) + times(n01, afterNone) + times(n10, 1 - afterOne) + times(n11, afterOne);
  return Math.max(0, -2 * (independent - dependent));
}

const BASEL_DAYS = 250;
const BASEL_TAIL = 0.01;

/** Counts how a value-at-risk forecast fares: exceptions, their clustering, and the Basel zone of the last 250 periods. */
export class ValueAtRiskBacktest {
  readonly #p: number;
  readonly #recent = new Uint8Array(BASEL_DAYS);
  #count = 0;
  #exceptions = 0;
  #recentExceptions = 0;
  #previous: boolean | undefined = undefined;
  readonly #transitions = [0, 0, 0, 0];

  /** `p` is the tail's probability that the forecasts promise. Throws {@link QuantError} `invalid_option`. */
  constructor(p: number) {
    if (!(p > 0 && p < 1)) throw new QuantError('invalid_option', `p is ${p}; it must lie between 0 and 1`);
    this.#p = p;
  }

  /**
   * Takes a forecast (positive loss) and the return that came; an exception is a loss strictly above the forecast.
   * Returns whether it was one; undefined, and nothing counted, for NaN or ±Infinity.
   */
  add(valueAtRisk: number, simpleReturn: number): boolean | undefined {
    if (!Number.isFinite(valueAtRisk) || !Number.isFinite(simpleReturn)) return undefined;
    const isException = simpleReturn < -valueAtRisk;
    const place = this.#count % BASEL_DAYS;
    this.#recentExceptions += Number(isException) - this.#recent[place]!;
    this.#recent[place] = Number(isException);
    this.#count++;
    this.#exceptions += Number(isException);
    if (this.#previous !== undefined) this.#transitions[Number(this.#previous) * 2 + Number(isException)]!++;
    this.#previous = isException;
    return isException;
  }

  /** Everything it holds, as plain data; {@link restore} takes it back. */
  snapshot(): readonly number[] {
    const previous = this.#previous === undefined ? Number.NaN : Number(this.#previous);
    return [this.#count, this.#exceptions, this.#recentExceptions, previous, ...this.#transitions, ...this.#recent];
  }

  /** Throws {@link QuantError} `invalid_snapshot`. */
  restore(snapshot: readonly number[]): void {
    const firsts = 4 + this.#transitions.length;
    const numbers = restoredNumbers('ValueAtRiskBacktest', snapshot, firsts + BASEL_DAYS);
    const [count = 0, exceptions = 0, recentExceptions = 0, previous = Number.NaN] = numbers;
    this.#count = count;
    this.#exceptions = exceptions;
    this.#recentExceptions = recentExceptions;
    this.#previous = Number.isNaN(previous) ? undefined : previous !== 0;
    for (let at = 4; at < firsts; at++) this.#transitions[at - 4] = numbers[at]!;
    this.#recent.set(numbers.slice(firsts));
  }

  get count(): number {
    return this.#count;
  }

  get exceptions(): number {
    return this.#exceptions;
  }

  get transitions(): Transitions {
    const [n00 = 0, n01 = 0, n10 = 0, n11 = 0] = this.#transitions;
    return { n00, n01, n10, n11 };
  }

  get kupiec(): number | undefined {
    return kupiecRatio(this.#exceptions, this.#count, this.#p);
  }

  /** Probability of a {@link kupiec} ratio as large by chance. */
  get kupiecProbability(): number | undefined {
    const { kupiec } = this;
    return kupiec === undefined ? undefined : chiSquareTail(kupiec, 1);
  }

  get independence(): number | undefined {
    return independenceRatio(this.transitions);
  }

  /** Christoffersen's ratio of conditional coverage: both of the above; chi-square with two degrees of freedom. */
  get conditionalCoverage(): number | undefined {
    const { kupiec, independence } = this;
    return kupiec === undefined || independence === undefined ? undefined : kupiec + independence;
  }

  /** Exceptions among the latest 250 forecasts. */
  get recentExceptions(): number {
    return this.#recentExceptions;
  }

  /** Zone of the latest 250 forecasts; undefined before there are as many, or unless they were made at 99 %. */
  get zone(): BaselZone | undefined {
    return this.#count < BASEL_DAYS || this.#p !== BASEL_TAIL ? undefined : baselZone(this.#recentExceptions);
  }
}
