import { QuantError } from '../errors.ts';

/** Losses of today's positions in the tail of the scenarios; all positive = loss. */
export interface TailRisk {
  /** Loss with ceil(p·T) - 1 larger ones. */
  readonly valueAtRisk: number;
  /** Coherent expected shortfall (Rockafellar and Uryasev 2000). */
  readonly expectedShortfall: number;
  /** Scenarios in the tail. */
  readonly tailCount: number;
}

const FIRST_CAPACITY = 8;

/** A tail as it was found last. */
class Tail implements TailRisk {
  readonly p: number;
  valueAtRisk = Number.NaN;
  expectedShortfall = Number.NaN;
  tailCount = 0;
  /** Gathers start from here; a hint, never trusted. */
  bound = -Infinity;

  constructor(p: number) {
    this.p = p;
  }
}

/**
 * Today's positions revalued on past returns: the loss of the whole book in each of T scenarios, kept current by adding
 * what one position changed. A change costs one pass over T numbers and the tail another; neither allocates.
 *
 * The tail is found from where it was: the losses above the last value at risk are gathered in one pass, and only they
 * are ordered. A change that moves the whole distribution costs one full selection.
 */
export class ScenarioBook {
  readonly scenarioCount: number;
  /** Loss of the book by scenario: -Σ exposure × return. */
  readonly #losses: Float64Array;
  readonly #scratch: Float64Array;
  #returns: Float64Array;
  #exposures: Float64Array;
  #size = 0;
  readonly #input = new Float64Array(1);
  /** One for each probability asked for so far. */
  readonly #tails: Tail[] = [];

  /** `scenarioCount`: whole number from 1 to 100,000. Throws {@link QuantError} `invalid_option`. */
  constructor(scenarioCount: number) {
    if (!Number.isInteger(scenarioCount) || scenarioCount < 1 || scenarioCount > 100_000) {
      throw new QuantError(
        'invalid_option',
        `scenarioCount is ${scenarioCount}; it must be a whole number from 1 to 100000`,
      );
    }
    this.scenarioCount = scenarioCount;
    this.#losses = new Float64Array(scenarioCount);
    this.#scratch = new Float64Array(scenarioCount);
    this.#returns = new Float64Array(scenarioCount * FIRST_CAPACITY);
    this.#exposures = new Float64Array(FIRST_CAPACITY);
  }

  /** Instruments so far. */
  get size(): number {
    return this.#size;
  }

  /**
   * Adds an instrument with its return in each scenario, as fractions, and returns its index. Throws {@link QuantError}
   * `invalid_option` when there are not exactly `scenarioCount` finite returns.
   */
  add(returns: ArrayLike<number>): number {
    const index = this.#size;
    this.#check(returns);
    if (index === this.#exposures.length) this.#grow();
    this.#size++;
    this.#returns.set(returns, index * this.scenarioCount);
    return index;
  }

  /** Gives an instrument other scenario returns, keeping its exposure. Throws as {@link add}. */
  replace(index: number, returns: ArrayLike<number>): void {
    this.#check(returns);
    const exposure = this.#exposures[index]!;
    this.#apply(index, -exposure);
    this.#returns.set(returns, index * this.scenarioCount);
    this.#apply(index, exposure);
  }

  /**
   * Sets the signed exposure of an instrument in the reporting currency, long positive. A value that is not finite
   * changes nothing; returns whether it was taken.
   */
  setExposure(index: number, exposure: number): boolean {
    this.#input[0] = exposure;
    return this.setExposureFrom(index, this.#input, 0);
  }

  /** {@link setExposure} with the exposure in an array, which never allocates. */
  setExposureFrom(index: number, values: Float64Array, from: number): boolean {
    const exposure = values[from]!;
    if (!Number.isFinite(exposure) || !(index >= 0 && index < this.#size)) return false;
    const change = exposure - this.#exposures[index]!;
    if (change !== 0) addScaled(this.#losses, this.#returns, index * this.scenarioCount, -change);
    this.#exposures[index] = exposure;
    return true;
  }

  exposure(index: number): number | undefined {
    return index >= 0 && index < this.#size ? this.#exposures[index] : undefined;
  }

  /** Loss of the book in one scenario. */
  loss(scenario: number): number | undefined {
    return this.#losses[scenario];
  }

  /** Computes the losses anew from exposures and returns, which drops the rounding of many changes. */
  recompute(): void {
    this.#losses.fill(0);
    for (let index = 0; index < this.#size; index++) this.#apply(index, this.#exposures[index]!);
  }

  /** Tail risk at probability `p`; the object is reused by the next call for it. Undefined unless 0 < p ≤ 0.5. */
  tail(p: number): TailRisk | undefined {
    if (!(p > 0 && p <= 0.5)) return undefined;
    const tail = this.#tailOf(p);
    const count = this.scenarioCount;
    const share = p * count;
    // p·T may land a rounding above a whole number: 0.07 × 100 is 7.000000000000001.
    const wanted = Math.max(1, Math.ceil(share - 1e-9));
    let gathered = this.#gather(tail.bound);
    if (gathered < wanted || gathered > 4 * wanted + 16) gathered = this.#gather(-Infinity);
    const scratch = this.#scratch;
    const bound = selectLargest(scratch, gathered, wanted);
    let above = 0;
    for (let i = 0; i < gathered; i++) if (scratch[i]! > bound) above += scratch[i]! - bound;
    tail.bound = bound - 0.1 * Math.abs(bound);
    tail.valueAtRisk = bound;
    tail.expectedShortfall = bound + above / share;
    tail.tailCount = wanted;
    return tail;
  }

  #tailOf(p: number): Tail {
    const tails = this.#tails;
    for (let at = 0; at < tails.length; at++) if (tails[at]!.p === p) return tails[at]!;
    const tail = new Tail(p);
    tails.push(tail);
    return tail;
  }

  /**
   * Share of the expected shortfall that each instrument bears: the average of its own loss over the tail's scenarios.
   * Written into `into` by index; they add up to the expected shortfall (Euler). Undefined where {@link tail} is.
   */
  components(p: number, into: Float64Array): number | undefined {
    const tail = this.tail(p);
    if (tail === undefined) return undefined;
    const { valueAtRisk, expectedShortfall } = tail;
    const share = p * this.scenarioCount;
    into.fill(0, 0, this.#size);
    let counted = 0;
    for (let scenario = 0; scenario < this.scenarioCount; scenario++) {
      if (!(this.#losses[scenario]! > valueAtRisk)) continue;
      counted++;
      this.#addScenario(scenario, 1 / share, into);
    }
    // The scenarios at the value at risk itself share what is left of the tail.
    const edges = this.#edges(valueAtRisk);
    const rest = (share - counted) / share;
    for (const scenario of edges) this.#addScenario(scenario, rest / edges.length, into);
    return expectedShortfall;
  }

  #edges(valueAtRisk: number): number[] {
    const edges: number[] = [];
    for (let scenario = 0; scenario < this.scenarioCount; scenario++) {
      if (this.#losses[scenario] === valueAtRisk) edges.push(scenario);
    }
    return edges;
  }

  #addScenario(scenario: number, weight: number, into: Float64Array): void {
    const count = this.scenarioCount;
    for (let index = 0; index < this.#size; index++) {
      into[index]! -= weight * this.#exposures[index]! * this.#returns[index * count + scenario]!;
    }
  }

  #apply(index: number, change: number): void {
    if (change === 0) return;
    addScaled(this.#losses, this.#returns, index * this.scenarioCount, -change);
  }

  /** Copies the losses above `bound` to the scratch; returns how many. */
  #gather(bound: number): number {
    const losses = this.#losses;
    const scratch = this.#scratch;
    let gathered = 0;
    for (let i = 0; i < losses.length; i++) {
      const loss = losses[i]!;
      if (loss > bound) scratch[gathered++] = loss;
    }
    return gathered;
  }

  #check(returns: ArrayLike<number>): void {
    if (returns.length !== this.scenarioCount) {
      throw new QuantError('invalid_option', `${returns.length} scenario returns; there must be ${this.scenarioCount}`);
    }
    for (let i = 0; i < returns.length; i++) {
      if (!Number.isFinite(returns[i])) {
        throw new QuantError('invalid_option', `scenario return ${i} is ${returns[i]}; it must be a finite number`);
      }
    }
  }

  #grow(): void {
    const returns = new Float64Array(this.#returns.length * 2);
    returns.set(this.#returns);
    this.#returns = returns;
    const exposures = new Float64Array(this.#exposures.length * 2);
    exposures.set(this.#exposures);
    this.#exposures = exposures;
  }
}

function addScaled(into: Float64Array, from: Float64Array, at: number, factor: number): void {
  for (let i = 0; i < into.length; i++) into[i]! += factor * from[at + i]!;
}

/**
 * Orders the first `length` values so that the `rank` largest come first, and returns the smallest of those (Hoare's
 * selection). `rank` from 1 to `length`.
 */
function selectLargest(values: Float64Array, length: number, rank: number): number {
  let low = 0;
  let high = length - 1;
  const at = rank - 1;
  while (low < high) {
    const pivot = values[(low + high) >>> 1]!;
    let left = low;
    let right = high;
    while (left <= right) {
      while (values[left]! > pivot) left++;
      while (values[right]! < pivot) right--;
      if (left <= right) {
        const swap = values[left]!;
        values[left++] = values[right]!;
        values[right--] = swap;
      }
    }
    if (at <= right) high = right;
    else if (at >= left) low = left;
    else break;
  }
  return values[at]!;
}
