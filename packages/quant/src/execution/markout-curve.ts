import { carryCells, type Tape } from '../number/tape.ts';
import { addToSum, sumAt } from '../number/cell-table.ts';
import { P2Quantile } from '../statistics/p2-quantile.ts';

/** One point of a markout curve, in basis points of the mid before the fill. */
export interface MarkoutPoint {
  readonly horizon: number;
  readonly count: number;
  /** Mean over fills, after fees. */
  readonly mean: number;
  /** Mean weighted by notional, after fees: M(h). */
  readonly weightedMean: number;
  /** Sample deviation over the root of the count, of {@link mean}; undefined for a single fill. */
  readonly error: number | undefined;
}

/** What one horizon says of spreads: basis points, notional-weighted means, twice the one-way distance. */
export interface SpreadPoint {
  readonly horizon: number;
  readonly count: number;
  /** Of the fills that have reached the horizon; {@link effective} = {@link realized} + {@link impact}. */
  readonly effective: number;
  readonly realized: number;
  readonly impact: number;
  /** Median over fills of the realized spread, estimated in constant memory (P²). */
  readonly realizedMedian: number;
}

/** Cells of a markout on its way into a {@link MarkoutCurve}: an argument that is a double may be boxed on its way. */
export const CURVE_NET_BPS = 0;
export const CURVE_EFFECTIVE_BPS = 1;
export const CURVE_REALIZED_BPS = 2;
export const CURVE_IMPACT_BPS = 3;
export const CURVE_NOTIONAL = 4;
export const CURVE_CELLS = 7;
/** Own scratch behind what the caller writes. */
const PRODUCT = 5;

// Cells of a horizon: count, Welford's mean and squares, then compensated sums.
const COUNT = 0;
const MEAN = 1;
const SQUARES = 2;
const WEIGHT = 3;
const NET = 5;
const EFFECTIVE = 7;
const REALIZED = 9;
const IMPACT = 11;
const STRIDE = 13;

/**
 * How fills look after some time, by horizon: D·(mid later - fill price)/mid·10⁴ less fees (the markout), and the
 * spreads that go with it. A curve that starts positive and falls is an edge that decays. Memory is constant.
 */
export class MarkoutCurve {
  readonly horizons: readonly number[];
  readonly #cells: Float64Array;
  readonly #medians: readonly P2Quantile[];

  constructor(horizons: readonly number[]) {
    this.horizons = [...horizons];
    this.#cells = new Float64Array(horizons.length * STRIDE);
    this.#medians = horizons.map(() => new P2Quantile(0.5));
  }

  /**
   * Takes what the first five cells say of one fill at a horizon, of which there is one for each index. False, and
   * nothing changes, where one of them is not finite or the notional not positive. Does not allocate.
   */
  add(horizonIndex: number, values: Float64Array): boolean {
    const notional = values[CURVE_NOTIONAL] as number;
    for (let cell = 0; cell < CURVE_NOTIONAL; cell++) if (!Number.isFinite(values[cell])) return false;
    if (!(notional > 0 && notional < Infinity)) return false;
    const cells = this.#cells;
    const from = horizonIndex * STRIDE;
    const net = values[CURVE_NET_BPS] as number;
    const count = (cells[from + COUNT] as number) + 1;
    const delta = net - (cells[from + MEAN] as number);
    const mean = (cells[from + MEAN] as number) + delta / count;
    cells[from + COUNT] = count;
    cells[from + MEAN] = mean;
    cells[from + SQUARES] = (cells[from + SQUARES] as number) + delta * (net - mean);
    addToSum(cells, from + WEIGHT, values, CURVE_NOTIONAL);
    for (let cell = 0; cell < CURVE_NOTIONAL; cell++) {
      values[PRODUCT] = notional * (values[cell] as number);
      addToSum(cells, from + NET + 2 * cell, values, PRODUCT);
    }
    (this.#medians[horizonIndex] as P2Quantile).addFrom(values, CURVE_REALIZED_BPS);
    return true;
  }

  /** Fills that have reached a horizon. */
  countAt(horizonIndex: number): number {
    return this.#cells[horizonIndex * STRIDE + COUNT] ?? 0;
  }

  /** Points of every horizon that a fill has reached, in the order of the horizons. */
  get points(): readonly MarkoutPoint[] {
    return this.#reached().map((from) => {
      const cells = this.#cells;
      const count = cells[from + COUNT] as number;
      return {
        horizon: this.horizons[from / STRIDE] as number,
        count,
        mean: cells[from + MEAN] as number,
        weightedMean: sumAt(cells, from + NET) / sumAt(cells, from + WEIGHT),
        error: count < 2 ? undefined : Math.sqrt((cells[from + SQUARES] as number) / (count - 1) / count),
      };
    });
  }

  /** Spreads at every horizon that a fill has reached, in the order of the horizons. */
  get spreads(): readonly SpreadPoint[] {
    return this.#reached().map((from) => {
      const cells = this.#cells;
      const weight = sumAt(cells, from + WEIGHT);
      return {
        horizon: this.horizons[from / STRIDE] as number,
        count: cells[from + COUNT] as number,
        effective: sumAt(cells, from + EFFECTIVE) / weight,
        realized: sumAt(cells, from + REALIZED) / weight,
        impact: sumAt(cells, from + IMPACT) / weight,
        realizedMedian: (this.#medians[from / STRIDE] as P2Quantile).value as number,
      };
    });
  }

  carry(tape: Tape): void {
    carryCells(tape, this.#cells);
    for (const median of this.#medians) median.carry(tape);
  }

  #reached(): number[] {
    const offsets = this.horizons.map((_, at) => at * STRIDE);
    return offsets.filter((from) => (this.#cells[from + COUNT] as number) > 0);
  }
}
