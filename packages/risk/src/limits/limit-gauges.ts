import { type BoundCounter, bindCounter } from '@nanometer/metrics';
import { ATTR_RISK_LIMIT_LEVEL, ATTR_RISK_LIMIT_NAME } from '@nanometer/semconv';
import { AbsentGauge } from '../absent-gauge.ts';
import type { Drops } from '../drops.ts';
import type { Instruments } from '../instruments.ts';
import type { KillSwitch } from './kill-switch.ts';
import type { LimitSubject } from './limit-kinds.ts';
import type { LimitBreach } from './limit-options.ts';
import type { LimitWatch } from './limit-watch.ts';

interface LimitSeries {
  readonly watch: LimitWatch;
  readonly utilization: AbsentGauge;
  readonly softBreaches: BoundCounter;
  readonly hardBreaches: BoundCounter;
}

/** Checks every limit, writes its series, tells of crossings and trips the kill switch. */
export class LimitGauges {
  readonly #subject: LimitSubject;
  readonly #killSwitch: KillSwitch;
  readonly #drops: Drops;
  readonly #onBreach: ((breach: LimitBreach) => void) | undefined;
  readonly #series: readonly LimitSeries[];

  constructor(
    subject: LimitSubject,
    watches: readonly LimitWatch[],
    instruments: Instruments,
    killSwitch: KillSwitch,
    drops: Drops,
    onBreach: ((breach: LimitBreach) => void) | undefined,
  ) {
    this.#subject = subject;
    this.#killSwitch = killSwitch;
    this.#drops = drops;
    this.#onBreach = onBreach;
    this.#series = watches.map((watch) => {
      const name = { [ATTR_RISK_LIMIT_NAME]: watch.name };
      return {
        watch,
        utilization: new AbsentGauge(instruments.limitUtilization, name),
        softBreaches: bindCounter(instruments.limitBreachCount, { ...name, [ATTR_RISK_LIMIT_LEVEL]: 'soft' }),
        hardBreaches: bindCounter(instruments.limitBreachCount, { ...name, [ATTR_RISK_LIMIT_LEVEL]: 'hard' }),
      };
    });
  }

  update(): void {
    const series = this.#series;
    for (let at = 0; at < series.length; at++) {
      const { watch, utilization } = series[at]!;
      const crossed = watch.update(this.#subject);
      watch.recordTo(utilization);
      if (crossed !== 0) this.#breach(series[at]!, crossed);
    }
  }

  #breach({ watch, softBreaches, hardBreaches }: LimitSeries, crossed: number): void {
    const used = watch.used ?? Number.NaN;
    if ((crossed & 1) !== 0) {
      softBreaches.add(1);
      this.#tell({ name: watch.name, level: 'soft', used, limit: watch.soft ?? watch.limit });
    }
    if ((crossed & 2) !== 0) {
      hardBreaches.add(1);
      // The switch is tripped before anybody is told, so that who is told sees it tripped.
      if (watch.kills) this.#killSwitch.trip(watch.name);
      this.#tell({ name: watch.name, level: 'hard', used, limit: watch.limit });
    }
  }

  #tell(breach: LimitBreach): void {
    try {
      this.#onBreach?.(breach);
    } catch {
      // An event method never throws, also not what a callback threw: it is counted instead.
      this.#drops.count('callback_failed');
    }
  }
}
