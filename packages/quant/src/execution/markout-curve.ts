import { Moments } from '../statistics/moments.ts';

/** One point of a markout curve, in basis points of the mid at the fill. */
export interface MarkoutPoint {
  readonly horizon: number;
  readonly count: number;
  /** Mean over fills. */
  readonly mean: number;
  /** Mean weighted by notional. */
  readonly weightedMean: number;
  /** Standard error of {@link mean}; undefined for a single fill. */
  readonly error: number | undefined;
}

class Horizon {
  readonly moments = new Moments();
  weight = 0;
  weighted = 0;
}

/**
 * How fills of one side look after some time: D·(mid later - fill price)/mid·10⁴ less fees, by horizon. A curve that
 * starts positive and falls is an edge that decays.
 */
export class MarkoutCurve {
  readonly #horizons = new Map<number, Horizon>();

  /** Takes a settled markout in basis points and the fill's notional, which must be positive. */
  add(horizon: number, bps: number, notional: number): boolean {
    if (!Number.isFinite(bps) || !(notional > 0 && notional < Infinity)) return false;
    let entry = this.#horizons.get(horizon);
    if (entry === undefined) this.#horizons.set(horizon, (entry = new Horizon()));
    entry.moments.add(bps);
    entry.weight += notional;
    entry.weighted += notional * bps;
    return true;
  }

  /** Points of every horizon with a fill, in order of horizon. */
  get points(): readonly MarkoutPoint[] {
    return [...this.#horizons]
      .sort(([a], [b]) => a - b)
      .map(([horizon, { moments, weight, weighted }]) => {
        const { count, deviation } = moments;
        const error = deviation === undefined ? undefined : deviation / Math.sqrt(count);
        return { horizon, count, mean: moments.mean!, weightedMean: weighted / weight, error };
      });
  }
}
