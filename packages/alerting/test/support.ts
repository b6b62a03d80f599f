import { type Alert, parseRules, RuleEngine, type RuleSet, type SeriesIdentity } from '@nanometer/alerting';

/** Rules of one metric of our own, each given as YAML lines. */
export function rulesOf(...rules: readonly Readonly<Record<string, unknown>>[]): RuleSet {
  const text = JSON.stringify({
    rules: rules.map((rule) =>
      Object.assign(
        { name: 'A', severity: 'warning', summary: 'v={{value}}', tiers: ['bridge'] },
        'numerator' in rule || 'bad' in rule ? {} : { metric: 'x', custom: true },
        rule,
      ),
    ),
  });
  return parseRules('rules.yaml', text);
}

/** An engine whose transitions are written down as `time rule state value`. */
export class Recorded {
  readonly log: string[] = [];
  readonly alerts: Alert[] = [];
  readonly engine: RuleEngine;
  nowMs = 0;
  readonly #slots = new Map<string, number>();

  constructor(rules: RuleSet, limits: { seriesLimit?: number; groupLimit?: number } = {}) {
    this.engine = new RuleEngine(rules, {
      tier: 'bridge',
      startMs: 0,
      ...limits,
      onTransition: (alert) => {
        this.alerts.push(alert);
        this.log.push(`${this.nowMs} ${alert.rule} ${alert.state} ${alert.value}`);
      },
    });
  }

  /** Updates a series and compares. */
  at(nowMs: number, value: number, series: Partial<SeriesIdentity> = {}, startMs?: number): this {
    this.nowMs = nowMs;
    const identity = { name: 'x', attributes: {}, ...series };
    const key = JSON.stringify(identity);
    const slot = this.#slots.get(key) ?? this.engine.register(identity, nowMs);
    this.#slots.set(key, slot);
    this.engine.update(slot, nowMs, value, startMs);
    this.engine.evaluate(nowMs);
    return this;
  }

  /** Lets time pass. */
  pass(nowMs: number): this {
    this.nowMs = nowMs;
    this.engine.evaluate(nowMs);
    return this;
  }
}
