import type { ExposureDimension } from '@nanometer/quant';
import type { AbsentGauge } from '../absent-gauge.ts';
import type { LimitSubject, Use } from './limit-kinds.ts';
import type { GroupLimit, LimitLevels, LimitState } from './limit-options.ts';

const USED = 0;

/** Follows one limit. */
export class LimitWatch implements LimitState {
  readonly name: string;
  readonly dimension: ExposureDimension | undefined;
  readonly group: string | undefined;
  readonly limit: number;
  readonly soft: number | undefined;
  /** Whether a breach of the hard level trips the kill switch. */
  readonly kills: boolean;
  readonly #use: Use;
  /** What is used, NaN where that has no value. */
  readonly #cells = Float64Array.of(Number.NaN);
  /** The soft level, or one that is never crossed. */
  readonly #softLevel: number;
  #softBreached = false;
  #breached = false;
  #softBreachCount = 0;
  #breachCount = 0;

  constructor(name: string, levels: LimitLevels, use: Use, bounded?: Pick<GroupLimit, 'dimension' | 'group'>) {
    this.name = name;
    this.dimension = bounded?.dimension;
    this.group = bounded?.group;
    this.limit = levels.hard;
    this.soft = levels.soft;
    this.kills = levels.kill ?? false;
    this.#softLevel = levels.soft ?? Infinity;
    this.#use = use;
  }

  /** What it watches, as of the latest update; undefined while that has no value. */
  get used(): number | undefined {
    const value = this.#cells[USED]!;
    return Number.isNaN(value) ? undefined : value;
  }

  get utilization(): number | undefined {
    const { used } = this;
    return used === undefined ? undefined : used / this.limit;
  }

  get softBreached(): boolean {
    return this.#softBreached;
  }

  get breached(): boolean {
    return this.#breached;
  }

  get softBreachCount(): number {
    return this.#softBreachCount;
  }

  get breachCount(): number {
    return this.#breachCount;
  }

  /** What it remembers between events: both breaches and how often they came. */
  snapshot(): readonly number[] {
    return [Number(this.#softBreached), Number(this.#breached), this.#softBreachCount, this.#breachCount];
  }

  /** Takes {@link snapshot} back: a breach that lasts is no new one. */
  restore([softBreached = 0, breached = 0, softBreachCount = 0, breachCount = 0]: readonly number[]): void {
    this.#softBreached = softBreached !== 0;
    this.#breached = breached !== 0;
    this.#softBreachCount = softBreachCount;
    this.#breachCount = breachCount;
  }

  /** Looks at its subject; returns whether a level was crossed from below: 0, or the sum of 1 (soft) and 2 (hard). */
  update(subject: LimitSubject): number {
    const cells = this.#cells;
    this.#use(subject, cells);
    const softBreached = cells[USED]! > this.#softLevel;
    const breached = cells[USED]! > this.limit;
    const crossed = Number(softBreached && !this.#softBreached) + 2 * Number(breached && !this.#breached);
    this.#softBreached = softBreached;
    this.#breached = breached;
    if ((crossed & 1) !== 0) this.#softBreachCount++;
    if ((crossed & 2) !== 0) this.#breachCount++;
    return crossed;
  }

  /** Writes the utilization to a gauge, which is cleared where it has no value, or no end. */
  recordTo(gauge: AbsentGauge): void {
    const used = this.#cells[USED]!;
    if (Number.isFinite(used)) gauge.record(used / this.limit);
    else gauge.clear();
  }
}
