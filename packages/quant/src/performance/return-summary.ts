import { restoredNumbers } from '../number/restored-numbers.ts';
import { Moments } from '../statistics/moments.ts';

/** What is summed up about a run of returns beside their moments; merges in order of time. */
export interface WealthPath {
  /** Wealth at the end of the run, 1 at its beginning. */
  readonly growth: number;
  readonly highest: number;
  readonly lowest: number;
  /** Largest fall from a peak as a share of it, 0 to 1 (above 1 when wealth went negative). */
  readonly maxDrawdown: number;
}

/** Path of a single return: wealth goes from 1 to 1 + r. */
export function pathOf(simpleReturn: number): WealthPath {
  const growth = 1 + simpleReturn;
  return {
    growth,
    highest: Math.max(1, growth),
    lowest: Math.min(1, growth),
    maxDrawdown: Math.max(0, -simpleReturn),
  };
}

/** Appends a later path to an earlier one; associative, so that windows can be built of parts. */
export function joinPaths(earlier: WealthPath, later: WealthPath): WealthPath {
  const across = 1 - (earlier.growth * later.lowest) / earlier.highest;
  return {
    growth: earlier.growth * later.growth,
    highest: Math.max(earlier.highest, earlier.growth * later.highest),
    lowest: Math.min(earlier.lowest, earlier.growth * later.lowest),
    maxDrawdown: Math.max(earlier.maxDrawdown, later.maxDrawdown, across),
  };
}

/** State of a {@link ReturnSummary}, plain data. */
export interface ReturnSummarySnapshot {
  readonly excess: readonly number[];
  readonly sums: readonly number[];
  /** Growth, highest, lowest, largest drawdown; empty before the first return. */
  readonly path: readonly number[];
}

/** Sums about returns relative to a target, in a form that merges. */
export class ReturnSummary {
  /** Of the returns above the riskless one. */
  readonly excess: Moments = new Moments();
  gains = 0;
  losses = 0;
  downsideSquares = 0;
  aboveTarget = 0;
  path: WealthPath | undefined = undefined;

  /** The summary of one return. `riskless` and `target` are per period; all must be finite. */
  static of(simpleReturn: number, riskless: number, target: number): ReturnSummary {
    const summary = new ReturnSummary();
    summary.excess.add(simpleReturn - riskless);
    const over = simpleReturn - target;
    if (over > 0) {
      summary.gains = over;
      summary.aboveTarget = 1;
    } else {
      summary.losses = -over;
      summary.downsideSquares = over * over;
    }
    summary.path = pathOf(simpleReturn);
    return summary;
  }

  /** A new summary of both runs, the earlier one first. */
  static join(earlier: ReturnSummary, later: ReturnSummary): ReturnSummary {
    const summary = new ReturnSummary();
    summary.append(earlier);
    summary.append(later);
    return summary;
  }

  /** Takes one later return. `riskless` and `target` are per period; all must be finite. */
  take(simpleReturn: number, riskless: number, target: number): void {
    this.excess.add(simpleReturn - riskless);
    const over = simpleReturn - target;
    if (over > 0) {
      this.gains += over;
      this.aboveTarget++;
    } else {
      this.losses -= over;
      this.downsideSquares += over * over;
    }
    const later = pathOf(simpleReturn);
    this.path = this.path === undefined ? later : joinPaths(this.path, later);
  }

  snapshot(): ReturnSummarySnapshot {
    const { path } = this;
    return {
      excess: this.excess.snapshot(),
      sums: [this.gains, this.losses, this.downsideSquares, this.aboveTarget],
      path: path === undefined ? [] : [path.growth, path.highest, path.lowest, path.maxDrawdown],
    };
  }

  /** Throws `QuantError` `invalid_snapshot`. */
  restore(snapshot: ReturnSummarySnapshot): void {
    this.excess.restore(snapshot.excess);
    const sums = restoredNumbers('ReturnSummary', snapshot.sums, 4) as [number, number, number, number];
    [this.gains, this.losses, this.downsideSquares, this.aboveTarget] = sums;
    this.path = undefined;
    if (Array.isArray(snapshot.path) && snapshot.path.length === 0) return;
    const path = restoredNumbers('ReturnSummary', snapshot.path, 4) as [number, number, number, number];
    const [growth, highest, lowest, maxDrawdown] = path;
    this.path = { growth, highest, lowest, maxDrawdown };
  }

  /** Takes a later run in. */
  append(later: ReturnSummary): void {
    this.excess.merge(later.excess);
    this.gains += later.gains;
    this.losses += later.losses;
    this.downsideSquares += later.downsideSquares;
    this.aboveTarget += later.aboveTarget;
    if (later.path !== undefined) this.path = this.path === undefined ? later.path : joinPaths(this.path, later.path);
  }

  get count(): number {
    return this.excess.count;
  }
}
