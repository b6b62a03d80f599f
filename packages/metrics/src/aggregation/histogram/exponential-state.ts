import { sumOf } from '../copy-cells.ts';
import { type BucketRun, NO_BASE } from './bucket-window.ts';

/** Everything a base-2 exponential histogram holds at one moment. */
export interface ExponentialState {
  /** 20 to -10; bucket i holds (2^(i / 2^scale), 2^((i + 1) / 2^scale)]. */
  readonly scale: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  readonly zeroCount: number;
  readonly positive: BucketRun;
  /** Buckets of the magnitudes of negative values. */
  readonly negative: BucketRun;
}

/** Measurements in all buckets. */
export function countOf(state: Pick<ExponentialState, 'zeroCount' | 'positive' | 'negative'>): number {
  return state.zeroCount + sumOf(state.positive.counts) + sumOf(state.negative.counts);
}

/** How many times the scale must be halved for two runs to fit `maxSize` buckets together. */
function changeToFit(a: BucketRun, b: BucketRun, maxSize: number): number {
  const runs = [a, b].filter(({ counts }) => counts.length > 0);
  if (runs.length === 0) return 0;
  let low = Math.min(...runs.map(({ offset }) => offset));
  let high = Math.max(...runs.map(({ offset, counts }) => offset + counts.length - 1));
  let change = 0;
  for (; high - low >= maxSize; change++) {
    low >>= 1;
    high >>= 1;
  }
  return change;
}

function downscaled(run: BucketRun, change: number): BucketRun {
  if (change === 0 || run.counts.length === 0) return run;
  const offset = run.offset >> change;
  const counts = Array.from({ length: ((run.offset + run.counts.length - 1) >> change) - offset + 1 }, () => 0);
  for (let i = 0; i < run.counts.length; i++) counts[((run.offset + i) >> change) - offset]! += run.counts[i]!;
  return { offset, counts };
}

function added(a: BucketRun, b: BucketRun): BucketRun {
  if (a.counts.length === 0) return b;
  if (b.counts.length === 0) return a;
  const offset = Math.min(a.offset, b.offset);
  const end = Math.max(a.offset + a.counts.length, b.offset + b.counts.length);
  const counts = Array.from({ length: end - offset }, () => 0);
  for (const run of [a, b]) {
    for (let i = 0; i < run.counts.length; i++) counts[run.offset + i - offset]! += run.counts[i]!;
  }
  return { offset, counts };
}

/**
 * Joins two histograms at the largest scale at which the result has at most `maxSize` buckets per sign. Associative and
 * commutative but for the rounding of the sum: the buckets are exact at every scale.
 */
export function mergeExponential(a: ExponentialState, b: ExponentialState, maxSize: number): ExponentialState {
  const common = Math.min(a.scale, b.scale);
  const positive = [downscaled(a.positive, a.scale - common), downscaled(b.positive, b.scale - common)] as const;
  const negative = [downscaled(a.negative, a.scale - common), downscaled(b.negative, b.scale - common)] as const;
  const change = Math.max(changeToFit(...positive, maxSize), changeToFit(...negative, maxSize));
  return {
    scale: common - change,
    sum: a.sum + b.sum,
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
    zeroCount: a.zeroCount + b.zeroCount,
    positive: added(downscaled(positive[0], change), downscaled(positive[1], change)),
    negative: added(downscaled(negative[0], change), downscaled(negative[1], change)),
  };
}

/** Buckets where they lie: `length` cells from `from`, the first one with index `base`. */
export interface BucketView {
  readonly cells: ArrayLike<number>;
  readonly from: number;
  readonly length: number;
  readonly base: number;
}

/** A state that is not copied: valid until the next record. */
export interface ExponentialView {
  readonly scale: number;
  readonly sum: number;
  readonly zeroCount: number;
  readonly positive: BucketView;
  readonly negative: BucketView;
}

export const NO_BUCKETS: BucketView = { cells: [], from: 0, length: 0, base: NO_BASE };

function runView({ offset, counts }: BucketRun): BucketView {
  return counts.length === 0 ? NO_BUCKETS : { cells: counts, from: 0, length: counts.length, base: offset };
}

export function viewOf(state: ExponentialState): ExponentialView {
  return { ...state, positive: runView(state.positive), negative: runView(state.negative) };
}
