import { AlertCenter } from '../center/alert-center.ts';
import type { CenterOptions } from '../center/center-options.ts';
import type { Alert } from '../engine/alert.ts';
import { RuleEngine } from '../engine/rule-engine.ts';
import type { SeriesIdentity } from '../engine/series.ts';
import type { RuleSet, Tier } from '../rules/rule.ts';
import { CatchUp } from './catch-up.ts';
import { type CollectedMetrics, fieldOf } from './collected-metrics.ts';

/** Settings of an {@link AlertService}. */
export interface AlertServiceOptions extends Omit<CenterOptions, 'inhibitions'> {
  readonly rules: RuleSet;
  /** Which rules of the file are evaluated here. Default `process`. */
  readonly tier?: Extract<Tier, 'process' | 'bridge'>;
  /** Called on the change itself, before anything is kept or sent. Must not throw; what it throws is told as trouble. */
  readonly onAlert?: (alert: Alert) => void;
  /** Milliseconds between two looks at what time alone brings, such as the end of `for`. Default 100. */
  readonly evaluateEveryMillis?: number;
  /** Most series that rules look at. Default 200,000. */
  readonly seriesLimit?: number;
  /** Most combinations of labels over all rules. Default 100,000. */
  readonly groupLimit?: number;
}

const TICK_MS = 1000;

/** A series of this process that rules look at. */
export class WatchedSeries {
  readonly #engine: RuleEngine;
  readonly #slot: number;
  readonly #now: () => number;
  readonly #catchUp: CatchUp;

  constructor(engine: RuleEngine, slot: number, now: () => number, catchUp: CatchUp) {
    this.#engine = engine;
    this.#slot = slot;
    this.#now = now;
    this.#catchUp = catchUp;
  }

  /** Whether any rule looks at it; without one, `update` does nothing. */
  get isWatched(): boolean {
    return this.#slot >= 0;
  }

  /**
   * Compares a new value: of sums the running total, NaN for no value. When it returns, `onAlert` has been called for
   * what it changed. Never throws.
   */
  update(value: number, atMs: number = this.#now()): void {
    if (this.#slot >= 0) this.#engine.updateNow(this.#slot, atMs, value, Number.NaN, this.#catchUp.isOn(atMs));
  }
}

/** Rules evaluated and alerts delivered in one process: the engine, the center and what they need of time. */
export class AlertService {
  readonly engine: RuleEngine;
  readonly center: AlertCenter;
  readonly #now: () => number;
  readonly #catchUp: CatchUp;
  readonly #timers: readonly NodeJS.Timeout[];
  readonly #slots = new Map<string, number>();

  private constructor(engine: RuleEngine, center: AlertCenter, now: () => number, evaluateEveryMs: number) {
    this.engine = engine;
    this.center = center;
    this.#now = now;
    this.#catchUp = new CatchUp(evaluateEveryMs, now());
    this.#timers = [setInterval(() => this.#turn(), evaluateEveryMs), setInterval(() => center.tick(), TICK_MS)];
    for (const timer of this.#timers) timer.unref();
  }

  /** Opens the state and begins. @throws AlertingError as `AlertCenter.open` */
  static async open(options: AlertServiceOptions): Promise<AlertService> {
    const { rules, tier = 'process', onAlert, evaluateEveryMillis = 100, now = Date.now } = options;
    const center = await AlertCenter.open({ ...options, inhibitions: rules.inhibitions });
    const onTrouble = options.onTrouble ?? ((text: string) => void process.stderr.write(`alerts: ${text}\n`));
    const onTransition =
      onAlert === undefined
        ? center.onTransition
        : (alert: Alert): void => {
            try {
              onAlert(alert);
            } catch (error) {
              onTrouble(`onAlert failed: ${String(error)}`);
            }
            center.onTransition(alert);
          };
    const { seriesLimit, groupLimit } = options;
    const engine = new RuleEngine(rules, {
      tier,
      onTransition,
      startMs: now(),
      ...(seriesLimit === undefined ? {} : { seriesLimit }),
      ...(groupLimit === undefined ? {} : { groupLimit }),
    });
    engine.restore(center.restorable(), now());
    center.tick();
    return new AlertService(engine, center, now, evaluateEveryMillis);
  }

  #turn(): void {
    const nowMs = this.#now();
    this.#catchUp.turn(nowMs);
    this.evaluate(nowMs);
  }

  /**
   * Compares all that has changed or is due. When this process has just been away, what is due waits for an interval of
   * `evaluateEveryMillis` and a turn of the event loop, as what came meanwhile has not been read yet.
   */
  evaluate(atMs: number): void {
    this.engine.evaluate(atMs, this.#catchUp.isOn(atMs));
  }

  /** Binds a series once, so that each of its values can be compared as it is recorded. */
  watch(series: SeriesIdentity): WatchedSeries {
    return new WatchedSeries(this.engine, this.engine.register(series, this.#now()), this.#now, this.#catchUp);
  }

  /** Compares all that a metric reader collected. Sums and histograms must be cumulative. */
  takeCollected({ resource, scopeMetrics }: CollectedMetrics): void {
    const nowMs = this.#now();
    for (const { metrics } of scopeMetrics) {
      for (const { descriptor, dataPoints } of metrics) {
        for (const { field } of this.engine.fieldsOf(descriptor.name)) {
          for (const { attributes, startTime, value } of dataPoints) {
            const number = fieldOf(value, field);
            if (number === undefined) continue;
            const identity = { name: descriptor.name, field, attributes, resource: resource.attributes };
            this.engine.update(this.#slotOf(identity, nowMs), nowMs, number, startTime[0] * 1000 + startTime[1] / 1e6);
          }
        }
      }
    }
    this.evaluate(nowMs);
  }

  #slotOf(identity: SeriesIdentity, nowMs: number): number {
    const key = JSON.stringify([
      identity.name,
      identity.field,
      Object.entries(identity.attributes).sort(([a], [b]) => (a < b ? -1 : 1)),
    ]);
    const known = this.#slots.get(key);
    if (known !== undefined) return known;
    const slot = this.engine.register(identity, nowMs);
    // The engine's limit is this map's limit.
    if (slot >= 0) this.#slots.set(key, slot);
    return slot;
  }

  /** Stops; what waits for receivers is kept when there is a folder. */
  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    await this.center.close();
  }
}
