import { QuantError } from '../errors.ts';
import { tailRank } from '../statistics/tail-rank.ts';
import { LossLaws, type LossLaw } from './loss-law.ts';
import { BOUND, FACTOR, ScenarioMemory } from './scenario-memory.ts';

/** Losses of today's positions in the tail of the scenarios; all positive = loss. */
export interface TailRisk {
  /** Loss with ceil(p·T) - 1 larger ones, or that of a fitted law; NaN where the law has none. */
  readonly valueAtRisk: number;
  /** Coherent expected shortfall (Rockafellar and Uryasev 2000), or that of a fitted law; NaN where it has none. */
  readonly expectedShortfall: number;
  /** Scenarios in the tail; all of them for a fitted law, which is made of all. */
  readonly tailCount: number;
}

/** Marginal risks by instrument: what one more unit of exposure adds. */
export interface MarginalRisk {
  readonly valueAtRisk: Float64Array;
  readonly expectedShortfall: Float64Array;
}

const FIRST_CAPACITY = 8;
/** Most scenarios of a book: 128 MiB for each instrument. */
export const SCENARIOS_MAX: number = 2 ** 24;
const DEFAULT_LAMBDA = 0.94;

/** A tail as it was found last. */
class Tail implements TailRisk {
  readonly p: number;
  readonly law: LossLaw;
  valueAtRisk = Number.NaN;
  expectedShortfall = Number.NaN;
  tailCount = 0;
  /** False once the losses have changed. */
  isCurrent = false;
  /** Gathers start from here; a hint, never trusted. */
  bound = -Infinity;
  /** Smallest loss of the tail while it is the widest one and ordered. */
  edge = Number.NaN;

  constructor(p: number, law: LossLaw) {
    this.p = p;
    this.law = law;
  }
}

/**
 * Today's positions revalued on past returns: the loss of the whole book in each of T scenarios, kept current by adding
 * what one position changed. A change costs one pass over T numbers and the tail another; neither allocates.
 *
 * The widest tail is found from where it was: the losses above a bound a little below its last value at risk are gathered
 * in the pass that changes them, and only they are ordered; narrower tails are looked for among those. A change that moves
 * the whole distribution costs one full selection. `bench/scenario.bench.js` has the times.
 */
export class ScenarioBook {
  readonly scenarioCount: number;
  /** Loss of the book by scenario: -Σ exposure × return. */
  readonly #losses: Float64Array;
  readonly #scratch: Float64Array;
  readonly #memory: ScenarioMemory;
  #exposures: Float64Array;
  #size = 0;
  /** Instruments with an exposure. */
  #heldCount = 0;
  readonly #input = new Float64Array(1);
  /** One for each probability and law asked for so far. */
  readonly #tails: Tail[] = [];
  /** The empirical one with the most scenarios: where it is, the others are. */
  #widest: Tail | undefined;
  /** Losses in the scratch, all those above the widest tail's bound; -1 when they are not those of today. */
  #gatheredCount = -1;
  /** Losses at the beginning of the scratch that are the largest of all; 0 when they are not ordered yet. */
  #orderedCount = 0;
  readonly #laws: LossLaws;

  /**
   * `scenarioCount`: whole number from 1 to 16,777,216 ({@link SCENARIOS_MAX}); `lambda`: fading of the `ewma` law, between 0 and 1. Throws
   * {@link QuantError} `invalid_option`.
   */
  constructor(scenarioCount: number, lambda: number = DEFAULT_LAMBDA) {
    if (!Number.isInteger(scenarioCount) || scenarioCount < 1 || scenarioCount > SCENARIOS_MAX) {
      throw new QuantError(
        'invalid_option',
        `scenarioCount is ${scenarioCount}; it must be a whole number from 1 to ${SCENARIOS_MAX}`,
      );
    }
    if (!(lambda > 0 && lambda < 1)) {
      throw new QuantError('invalid_option', `lambda is ${lambda}; it must lie between 0 and 1`);
    }
    this.scenarioCount = scenarioCount;
    this.#memory = new ScenarioMemory(scenarioCount);
    this.#losses = this.#memory.losses;
    this.#laws = new LossLaws(this.#losses, lambda);
    this.#scratch = this.#memory.gathered;
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
    this.#memory.reserve(index);
    this.#size++;
    this.#memory.returns.set(returns, index * this.#memory.stride);
    return index;
  }

  /** Gives an instrument other scenario returns, keeping its exposure. Throws as {@link add}. */
  replace(index: number, returns: ArrayLike<number>): void {
    this.#check(returns);
    const exposure = this.#exposures[index]!;
    this.#apply(index, -exposure);
    this.#memory.returns.set(returns, index * this.#memory.stride);
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
    if (change === 0) return true;
    this.#heldCount += Number(exposure !== 0) - Number(this.#exposures[index] !== 0);
    this.#exposures[index] = exposure;
    this.#changed();
    const memory = this.#memory;
    const widest = this.#widest;
    memory.input[FACTOR] = -change;
    // A flat book is exactly flat, not the rounding of its history.
    if (this.#heldCount === 0) this.#losses.fill(0);
    else if (widest === undefined) memory.add(index);
    else {
      memory.input[BOUND] = widest.bound;
      this.#gatheredCount = memory.addAndGather(index);
    }
    return true;
  }

  /** A copy of an instrument's scenario returns. */
  returns(index: number): Float64Array | undefined {
    if (!(index >= 0 && index < this.#size)) return undefined;
    const { returns, stride } = this.#memory;
    return returns.slice(index * stride, index * stride + this.scenarioCount);
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
    this.#changed();
    for (let index = 0; index < this.#size; index++) this.#apply(index, this.#exposures[index]!);
  }

  /**
   * Tail risk at probability `p` under a law; the object is reused by the next call for it. Undefined unless
   * 0 < p ≤ 0.5.
   */
  tail(p: number, law: LossLaw = 'empirical'): TailRisk | undefined {
    if (!(p > 0 && p <= 0.5)) return undefined;
    const tail = this.#tailOf(p, law);
    if (tail.isCurrent) return tail;
    tail.isCurrent = true;
    if (law === 'empirical') return this.#selected(tail);
    this.#laws.tailInto(law, p, tail);
    tail.tailCount = this.scenarioCount;
    return tail;
  }

  #changed(): void {
    this.#gatheredCount = -1;
    this.#orderedCount = 0;
    this.#laws.changed();
    const tails = this.#tails;
    for (let at = 0; at < tails.length; at++) tails[at]!.isCurrent = false;
  }

  #selected(tail: Tail): TailRisk {
    const share = tail.p * this.scenarioCount;
    const wanted = tailRank(tail.p, this.scenarioCount);
    if (this.#orderedCount === 0) this.#order();
    const scratch = this.#scratch;
    const ordered = this.#orderedCount;
    // The widest tail is all that is ordered, and its end is known.
    if (wanted < ordered) selectLargest(scratch, ordered, wanted);
    const bound = wanted < ordered ? scratch[wanted - 1]! : this.#widest!.edge;
    let above = 0;
    for (let i = 0; i < wanted; i++) if (scratch[i]! > bound) above += scratch[i]! - bound;
    tail.valueAtRisk = bound;
    tail.expectedShortfall = bound + above / share;
    tail.tailCount = wanted;
    return tail;
  }

  /** Brings the scenarios of the widest tail to the beginning of the scratch. */
  #order(): void {
    const widest = this.#widest!;
    const wanted = tailRank(widest.p, this.scenarioCount);
    let gathered = this.#gatheredCount < 0 ? this.#gather(widest.bound) : this.#gatheredCount;
    if (gathered < wanted) gathered = this.#gather(-Infinity);
    const bound = selectLargest(this.#scratch, gathered, wanted);
    widest.edge = bound;
    widest.bound = bound - 0.1 * Math.abs(bound);
    this.#orderedCount = wanted;
  }

  #tailOf(p: number, law: LossLaw): Tail {
    const tails = this.#tails;
    for (let at = 0; at < tails.length; at++) {
      const tail = tails[at]!;
      if (tail.p === p && tail.law === law) return tail;
    }
    const tail = new Tail(p, law);
    tails.push(tail);
    if (law === 'empirical' && !(this.#widest !== undefined && this.#widest.p >= p)) {
      this.#widest = tail;
      this.#gatheredCount = -1;
      this.#orderedCount = 0;
    }
    return tail;
  }

  /**
   * Share of the expected shortfall that each instrument bears: the average of its own loss over the tail's scenarios.
   * Written into `into` by index; they add up to the expected shortfall (Euler). Undefined where {@link tail} is.
   */
  components(p: number, into: Float64Array): number | undefined {
    const marginal = this.marginal(p);
    if (marginal === undefined) return undefined;
    for (let index = 0; index < this.#size; index++) {
      into[index] = marginal.expectedShortfall[index]! * this.#exposures[index]!;
    }
    return this.tail(p)?.expectedShortfall;
  }

  /**
   * What one more unit of exposure to each instrument adds to value at risk and expected shortfall, by index, also for
   * instruments without exposure. Times the exposures they add up to the whole (Euler), and so are the components. NaN
   * where the law has no tail. Costs a pass over all returns; allocates. Undefined where {@link tail} is.
   */
  marginal(p: number, law: LossLaw = 'empirical'): MarginalRisk | undefined {
    const tail = this.tail(p, law);
    if (tail === undefined) return undefined;
    const count = this.scenarioCount;
    const ofValueAtRisk = new Float64Array(count);
    const ofShortfall = new Float64Array(count);
    if (law === 'empirical') this.#empiricalWeights(tail, p, ofValueAtRisk, ofShortfall);
    else this.#laws.weightsInto(law, p, ofValueAtRisk, ofShortfall);
    return { valueAtRisk: this.#weighted(ofValueAtRisk), expectedShortfall: this.#weighted(ofShortfall) };
  }

  #empiricalWeights(
    { valueAtRisk }: TailRisk,
    p: number,
    ofValueAtRisk: Float64Array,
    ofShortfall: Float64Array,
  ): void {
    const losses = this.#losses;
    const share = p * this.scenarioCount;
    let above = 0;
    let edges = 0;
    for (let t = 0; t < losses.length; t++) {
      if (losses[t]! > valueAtRisk) above++;
      else if (losses[t] === valueAtRisk) edges++;
    }
    for (let t = 0; t < losses.length; t++) {
      if (losses[t]! > valueAtRisk) ofShortfall[t] = 1 / share;
      else if (losses[t] === valueAtRisk) {
        ofValueAtRisk[t] = 1 / edges;
        // The scenarios at the value at risk itself share what is left of the tail.
        ofShortfall[t] = (share - above) / share / edges;
      }
    }
  }

  /** Weighted loss per unit of exposure, by instrument. */
  #weighted(weights: Float64Array): Float64Array {
    const count = this.scenarioCount;
    const { returns, stride } = this.#memory;
    const result = new Float64Array(this.#size);
    for (let index = 0; index < this.#size; index++) {
      let sum = 0;
      for (let t = 0; t < count; t++) {
        // Most weights of an empirical tail are 0.
        if (weights[t] !== 0) sum -= weights[t]! * returns[index * stride + t]!;
      }
      result[index] = sum;
    }
    return result;
  }

  #apply(index: number, change: number): void {
    if (change === 0) return;
    this.#changed();
    this.#memory.input[FACTOR] = -change;
    this.#memory.add(index);
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
    const exposures = new Float64Array(this.#exposures.length * 2);
    exposures.set(this.#exposures);
    this.#exposures = exposures;
  }
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
