import { isName } from '@nanometer/instrumentation';
import { type BoundGauge, bindCounter, bindGauge } from '@nanometer/metrics';
import { ATTR_RISK_KILL_SWITCH_REASON } from '@nanometer/semconv';
import type { Counter } from '@opentelemetry/api';
import type { Instruments } from '../instruments.ts';

/** State of the kill switch. */
export interface KillSwitchState {
  readonly active: boolean;
  /** What tripped it: the name of a limit or the reason given; undefined while it is not tripped. */
  readonly reason: string | undefined;
}

const OTHER = 'other';

/** Latched: tripped once, it stays so until it is reset, whatever the limits say meanwhile. */
export class KillSwitch implements KillSwitchState {
  readonly #gauge: BoundGauge;
  readonly #trips: Counter;
  readonly #reasonLimit: number;
  readonly #reasons = new Set<string>();
  #reason: string | undefined = undefined;

  /** `reasonLimit` distinct reasons become series; further ones are `other`. */
  constructor(instruments: Instruments, reasonLimit: number) {
    this.#reasonLimit = reasonLimit;
    this.#gauge = bindGauge(instruments.killSwitchActive, {});
    this.#trips = instruments.killSwitchTripCount;
    this.#gauge.record(0);
  }

  get active(): boolean {
    return this.#reason !== undefined;
  }

  get reason(): string | undefined {
    return this.#reason;
  }

  /** Returns false when it was tripped already; the first reason stays. */
  trip(reason: string): boolean {
    if (this.active) return false;
    this.#reason = isName(reason) ? reason : OTHER;
    this.#gauge.record(1);
    if (this.#reasons.size < this.#reasonLimit) this.#reasons.add(this.#reason);
    // Reasons become series, and they are the caller's text.
    const value = this.#reasons.has(this.#reason) ? this.#reason : OTHER;
    bindCounter(this.#trips, { [ATTR_RISK_KILL_SWITCH_REASON]: value }).add(1);
    return true;
  }

  /** Goes on tripped, as it was before a restart; that is no new trip. */
  resume(reason: string): void {
    this.#reason = reason;
    this.#gauge.record(1);
  }

  /** Returns false when it was not tripped. */
  reset(): boolean {
    if (!this.active) return false;
    this.#reason = undefined;
    this.#gauge.record(0);
    return true;
  }
}
