import { carryCells, type Tape } from '../number/tape.ts';
import { QuantError } from '../errors.ts';
import { PageHinkley } from '../regime/page-hinkley.ts';
import { ForgettingRegression } from '../statistics/forgetting-regression.ts';
import { Moments } from '../statistics/moments.ts';

/** Options of a {@link LifetimeEdge}; counts are in fills. */
export interface LifetimeEdgeOptions {
  /** Half-life of the fast mean, 20 by default. */
  readonly fastHalfLife?: number;
  /** Half-life of the slow mean, above that of the fast one; 200 by default. */
  readonly slowHalfLife?: number;
  /** Forgetting factor of the slope over time, 0.995 by default. */
  readonly forgetting?: number;
  /** Deviation an alarm tolerates, in standard deviations of the edge; 0.25 by default. */
  readonly tolerance?: number;
  /** Sum of deviations beyond it that raises the alarm, in standard deviations; 25 by default. */
  readonly threshold?: number;
  /** Fewest fills for a ratio or a slope; 100 by default. */
  readonly minimumCount?: number;
}

/** Fills that measure the deviation before the alarm listens. */
const ALARM_WARM_UP = 30;

/**
 * Whether the edge of a strategy lasts: e is the net edge of a fill in basis points, one per fill in order of time.
 * The ratio of a fast to a slow exponential mean falls below 1 while the edge fades, the slope over time says how fast,
 * and Page and Hinkley's test raises an alarm when the mean has moved. Constant memory; {@link add} does not allocate.
 */
export class LifetimeEdge {
  readonly #fastDecay: number;
  readonly #slowDecay: number;
  readonly #minimumCount: number;
  readonly #line: ForgettingRegression;
  readonly #test: PageHinkley;
  #scale = new Moments();
  readonly #row = new Float64Array(2);
  /** Weighted sum and weight of the fast mean, then of the slow one: the weight removes the bias of the start. */
  readonly #means = new Float64Array(4);
  #count = 0;
  #firstTime = 0;
  #declines = 0;
  #rises = 0;

  /** Throws {@link QuantError} `invalid_option`. */
  constructor(options: LifetimeEdgeOptions = {}) {
    const { fastHalfLife = 20, slowHalfLife = 200, forgetting = 0.995, minimumCount = 100 } = options;
    if (!(fastHalfLife > 0 && slowHalfLife > fastHalfLife && slowHalfLife < Infinity)) {
      throw new QuantError(
        'invalid_option',
        `half-lives are ${fastHalfLife} and ${slowHalfLife} fills; the fast one must be above 0 and below the slow one`,
      );
    }
    if (!Number.isSafeInteger(minimumCount) || minimumCount < 3) {
      throw new QuantError('invalid_option', `minimumCount is ${minimumCount}; it must be a whole number from 3`);
    }
    this.#fastDecay = 2 ** (-1 / fastHalfLife);
    this.#slowDecay = 2 ** (-1 / slowHalfLife);
    this.#minimumCount = minimumCount;
    this.#line = new ForgettingRegression(1, forgetting);
    this.#test = new PageHinkley(options.tolerance ?? 0.25, options.threshold ?? 25);
  }

  /**
   * Takes the net edge in basis points of a fill at a time in hours. NaN and ±Infinity are ignored. Returns the
   * direction in which the mean has moved when that raises an alarm; the test then starts anew.
   */
  add(edgeBps: number, timeHours: number): 'up' | 'down' | undefined {
    if (!Number.isFinite(edgeBps) || !Number.isFinite(timeHours)) return undefined;
    if (this.#count++ === 0) this.#firstTime = timeHours;
    this.#follow(0, this.#fastDecay, edgeBps);
    this.#follow(2, this.#slowDecay, edgeBps);
    // Hours since the first fill: the precision of the slope is not spent on the epoch.
    this.#row[0] = timeHours - this.#firstTime;
    this.#row[1] = edgeBps;
    this.#line.add(this.#row);
    return this.#listen(edgeBps);
  }

  get count(): number {
    return this.#count;
  }

  /** Exponential mean of the latest edges, in basis points; undefined before the first. */
  get fast(): number | undefined {
    return this.#count === 0 ? undefined : (this.#means[0] as number) / (this.#means[1] as number);
  }

  get slow(): number | undefined {
    return this.#count === 0 ? undefined : (this.#means[2] as number) / (this.#means[3] as number);
  }

  /** Fast over slow mean; undefined below the minimum count and while the slow mean shows no edge (not above 0). */
  get ratio(): number | undefined {
    const { fast, slow } = this;
    if (fast === undefined || slow === undefined || this.#count < this.#minimumCount || !(slow > 0)) return undefined;
    return fast / slow;
  }

  /** Basis points per hour, and its t-statistic; undefined below the minimum count or when time stands still. */
  get slope(): { readonly bpsPerHour: number; readonly t: number | undefined } | undefined {
    if (this.#count < this.#minimumCount) return undefined;
    const fit = this.#line.fit();
    return fit === undefined ? undefined : { bpsPerHour: fit.slopes[0] as number, t: fit.slopeT[0] };
  }

  /** Alarms so far by direction: `down` is an edge that has decayed. */
  get alarms(): { readonly up: number; readonly down: number } {
    return { up: this.#rises, down: this.#declines };
  }

  carry(tape: Tape): void {
    this.#count = tape.count(this.#count);
    this.#firstTime = tape.number(this.#firstTime);
    this.#declines = tape.count(this.#declines);
    this.#rises = tape.count(this.#rises);
    carryCells(tape, this.#means);
    this.#line.carry(tape);
    for (const part of [this.#scale, this.#test]) part.restore(part.snapshot().map((value) => tape.number(value)));
  }

  #follow(at: number, decay: number, edge: number): void {
    this.#means[at] = decay * (this.#means[at] as number) + edge;
    this.#means[at + 1] = decay * (this.#means[at + 1] as number) + 1;
  }

  #listen(edge: number): 'up' | 'down' | undefined {
    const { deviation } = this.#scale;
    const isMeasured = this.#scale.count >= ALARM_WARM_UP && deviation !== undefined && deviation > 0;
    this.#scale.add(edge);
    if (!isMeasured) return undefined;
    const change = this.#test.add(edge / deviation);
    if (change === undefined) return undefined;
    if (change === 'down') this.#declines++;
    else this.#rises++;
    // The deviation is that of the regime; a new one is measured anew.
    this.#scale = new Moments();
    return change;
  }
}
