import { DataPointType } from '../data-types.ts';
import type { Aggregator, PointReader } from './aggregator.ts';
import { Column } from './column.ts';
import { MEASUREMENT } from './measurement.ts';
import { HEAD_LENGTH, Series, type SeriesParts } from './series.ts';
import { SharedSource } from './shared-source.ts';
import type { Source } from './source.ts';

const measurement = MEASUREMENT;

// Block: number of records, start time, sum.
const UPDATES = 0;
const SUM = 2;
const BLOCK_LENGTH = HEAD_LENGTH + 1;

/**
 * What a sum grew by. Past the largest double there is nothing left to tell: Infinity − Infinity would be NaN, and all
 * that is added to it from then on.
 */
export function increase(sum: number, reported: number): number {
  const delta = sum - reported;
  return Number.isFinite(delta) ? delta : 0;
}

/**
 * Adds a value to the sum in a block. Counting it too is free: that addition runs beside the other one, which waits
 * for its own last store.
 */
export function addToSum(cells: Float64Array, at: number, value: number): void {
  cells[at + SUM]! += value;
  cells[at + UPDATES]! += 1;
}

/** The state is the sum. */
export class SumSeries extends Series<number> {
  record(): void {
    addToSum(this.cells, this.at, measurement[0]!);
  }

  snapshot(): number {
    return this.cells[this.at + SUM]!;
  }

  clear(): void {
    this.cells[this.at + SUM] = 0;
  }

  absorb(sum: number): void {
    this.cells[this.at + SUM]! += sum;
  }
}

class CumulativeSum implements PointReader<number, number> {
  read(source: Source<number>): number | undefined {
    return source.updates === 0 ? undefined : source.snapshot();
  }

  forget(): void {
    // Cumulative points need no baseline.
  }
}

/**
 * Reports sum − (what this reader has been told so far), the latter added up as its receiver adds it up. The rounding
 * of one delta is therefore made good by the next, and the receiver's total never drifts from the sum.
 */
class DeltaSum implements PointReader<number, number> {
  readonly #isMonotonic: boolean;
  readonly #updates = new Column(0);
  readonly #reported = new Column(0);

  constructor(isMonotonic: boolean) {
    this.#isMonotonic = isMonotonic;
  }

  read(source: Source<number>): number | undefined {
    const { ordinal, updates } = source;
    if (updates === this.#updates.get(ordinal)) return undefined;
    this.#updates.set(ordinal, updates);
    const reported = this.#reported.get(ordinal);
    const delta = increase(source.snapshot(), reported);
    // Only the last bit of an earlier rounding can be negative here.
    if (this.#isMonotonic && delta < 0) return 0;
    this.#reported.set(ordinal, reported + delta);
    return delta;
  }

  forget(ordinal: number): void {
    this.#updates.set(ordinal, 0);
    this.#reported.set(ordinal, 0);
  }
}

/** Adds measurements up. Doubles: exact for whole numbers to 2^53, overflow goes to infinity. */
export class SumAggregator implements Aggregator<number, number, SumSeries> {
  readonly dataPointType: DataPointType = DataPointType.SUM;
  readonly isMonotonic: boolean;
  readonly blockLength: number = BLOCK_LENGTH;

  constructor(isMonotonic: boolean) {
    this.isMonotonic = isMonotonic;
  }

  createSeries(parts: SeriesParts): SumSeries {
    return new SumSeries(parts);
  }

  share(own: SumSeries, members: readonly SumSeries[]): SharedSource<number> {
    return new SharedSource(own, members, (a, b) => a + b);
  }

  forget(): void {
    // Everything is in the block.
  }

  createPointReader(delta: boolean): PointReader<number, number> {
    return delta ? new DeltaSum(this.isMonotonic) : new CumulativeSum();
  }
}
