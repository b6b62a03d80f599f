import { type Field, type Rule, type RuleSet, type Selector, selectorsOf, type Tier } from '../rules/rule.ts';
import { prometheusLabel } from '@nanometer/semconv';
import type { Alert } from './alert.ts';
import { DueQueue } from './due-queue.ts';
import { ForwardTime } from './forward-time.ts';
import { CompiledRule, Group, type OnTransition, type SavedAlert } from './group.ts';
import type { Member } from './member.ts';
import { keysOf, labelsOf, matches, type SeriesIdentity, type SeriesKeys } from './series.ts';

/** Settings of a {@link RuleEngine}. */
export interface RuleEngineOptions {
  /** Which rules of the file are evaluated here. */
  readonly tier: Tier;
  readonly onTransition: OnTransition;
  /** When it begins, Unix milliseconds: absence is counted from here. */
  readonly startMs: number;
  /** Most series that rules look at; further ones are counted in `seriesDropped`. Default 200,000. */
  readonly seriesLimit?: number;
  /** Most combinations of labels over all rules; further ones are counted in `groupsDropped`. Default 100,000. */
  readonly groupLimit?: number;
}

interface Input {
  readonly compiled: CompiledRule;
  readonly index: number;
  readonly selector: Selector;
}

const NO_MEMBERS: readonly Member[] = [];

/**
 * Evaluates rules over updates of series. Pure: no clock, no I/O; time is what it is told. When that goes back by more than a
 * second, the clock was set back, and what the engine counts in time goes on from where it was. A series is registered once and then updated by its slot, which touches only the rules that look at it; `evaluate` compares what
 * has changed or is due.
 */
export class RuleEngine {
  readonly #onTransition: OnTransition;
  readonly #startMs: number;
  readonly #seriesLimit: number;
  readonly #groupLimit: number;
  readonly #inputs = new Map<string, Input[]>();
  readonly #compiled: readonly CompiledRule[];
  /** By slot. */
  readonly #members: (readonly Member[])[] = [];
  readonly #freeSlots: number[] = [];
  #dirty: Group[] = [];
  readonly #due = new DueQueue<Group>();
  readonly #time = new ForwardTime();
  readonly #restored = new Map<string, SavedAlert & { readonly deadlineMs: number }>();
  #groups = 0;
  #series = 0;
  /** Evaluations of one rule for one combination of labels. */
  evaluations = 0;
  /** Series beyond the limit. */
  seriesDropped = 0;
  /** Combinations of labels beyond the limit. */
  groupsDropped = 0;

  constructor({ rules }: RuleSet, options: RuleEngineOptions) {
    // Alerts have the clock's time, not the engine's own.
    this.#onTransition = (alert) => options.onTransition(this.#time.aheadMs === 0 ? alert : this.#onTheClock(alert));
    this.#startMs = options.startMs;
    this.#seriesLimit = options.seriesLimit ?? 200_000;
    this.#groupLimit = options.groupLimit ?? 100_000;
    this.#compiled = rules.filter(({ tiers }) => tiers.includes(options.tier)).map((rule) => new CompiledRule(rule));
    for (const compiled of this.#compiled) {
      for (const [index, selector] of selectorsOf(compiled.rule.condition).entries()) {
        const { name } = selector.metric;
        const inputs = this.#inputs.get(name) ?? [];
        inputs.push({ compiled, index, selector });
        this.#inputs.set(name, inputs);
      }
      // What is absent has no series that could make the group.
      if (compiled.rule.condition.kind === 'absence') this.#absenceGroup(compiled, this.#time.of(options.startMs));
    }
  }

  /** Series that rules look at. */
  get series(): number {
    return this.#series;
  }

  /** Combinations of labels over all rules. */
  get groups(): number {
    return this.#groups;
  }

  /** Fields of a metric that some rule looks at, with the windows that its percentiles need; empty when none does. */
  fieldsOf(name: string): readonly { readonly field: Field; readonly windowMs: number }[] {
    const fields = (this.#inputs.get(name) ?? []).map(({ selector, compiled }) => {
      const { condition } = compiled.rule;
      return { field: selector.field, windowMs: condition.kind === 'threshold' ? condition.windowMs : 60_000 };
    });
    return [...new Map(fields.map((each) => [`${each.field} ${each.windowMs}`, each])).values()];
  }

  /** The slot of a series, or -1 when no rule looks at it. Registering the same series twice gives two slots. */
  register(series: SeriesIdentity, clockMs: number): number {
    const inputs = this.#inputs.get(series.name);
    if (inputs === undefined) return -1;
    const nowMs = clockMs + this.#time.aheadMs;
    const keys = keysOf(series);
    const field = series.field ?? 'value';
    const members: Member[] = [];
    for (const input of inputs) {
      if (input.selector.field !== field || !matches(input.selector.where, keys)) continue;
      if (this.#series >= this.#seriesLimit) {
        this.seriesDropped++;
        break;
      }
      const group = this.#groupOf(input.compiled, keys, nowMs);
      if (group !== undefined) members.push(group.join(input.index));
    }
    if (members.length === 0) return -1;
    this.#series++;
    const slot = this.#freeSlots.pop() ?? this.#members.length;
    this.#members[slot] = members;
    return slot;
  }

  /** Takes a new value; `startMs` is when a running total began, NaN when that is not known. Never throws. */
  update(slot: number, clockMs: number, value: number, startMs: number = Number.NaN): void {
    this.#take(slot, this.#time.of(clockMs), value, startMs + this.#time.aheadMs);
  }

  /** Takes the value that a series had when the engine began, which may have come long before. */
  begin(slot: number, seenMs: number, value: number, startMs: number = Number.NaN): void {
    this.#take(slot, seenMs, value, startMs);
  }

  #take(slot: number, nowMs: number, value: number, startMs: number): void {
    const members = this.#members[slot] ?? NO_MEMBERS;
    for (let index = 0; index < members.length; index++) {
      const member = members[index]!;
      member.update(nowMs, value, startMs);
      const { group } = member;
      if (group.isDirty) continue;
      group.isDirty = true;
      this.#dirty.push(group);
    }
  }

  /**
   * Takes a new value and compares it at once: callbacks have run when it returns. Other groups are not looked at.
   * `isCatchingUp` as of {@link evaluate}.
   */
  updateNow(
    slot: number,
    clockMs: number,
    value: number,
    startMs: number = Number.NaN,
    isCatchingUp: boolean = false,
  ): void {
    const members = this.#members[slot] ?? NO_MEMBERS;
    const nowMs = this.#time.of(clockMs);
    for (let index = 0; index < members.length; index++) {
      const member = members[index]!;
      member.update(nowMs, value, startMs + this.#time.aheadMs);
      this.#evaluate(member.group, nowMs, isCatchingUp);
    }
  }

  /**
   * Compares all that has changed or is due. While points that came may not have been read yet (`isCatchingUp`), what time alone
   * brings waits, and what is silent is not taken for missing.
   */
  evaluate(clockMs: number, isCatchingUp: boolean = false): void {
    const dirty = this.#dirty;
    const nowMs = this.#time.of(clockMs);
    if (dirty.length > 0) {
      this.#dirty = [];
      for (let index = 0; index < dirty.length; index++) {
        dirty[index]!.isDirty = false;
        this.#evaluate(dirty[index]!, nowMs, isCatchingUp);
      }
    }
    if (isCatchingUp) return;
    for (let group = this.#due.take(nowMs); group !== undefined; group = this.#due.take(nowMs)) {
      this.#evaluate(group, nowMs, false);
    }
    if (this.#restored.size > 0) this.#giveUpRestored(nowMs);
  }

  /** When something is due although nothing comes; Infinity for never. */
  get nextDueMs(): number {
    return this.#due.nextMs - this.#time.aheadMs;
  }

  #evaluate(group: Group, nowMs: number, isCatchingUp: boolean): void {
    this.evaluations++;
    const againMs = group.evaluate(nowMs, this.#onTransition, isCatchingUp);
    // Never at once again: time has to pass first.
    if (againMs !== Number.POSITIVE_INFINITY) this.#due.add(group, Math.max(againMs, nowMs + 1));
  }

  /** Lets go of a series. The alerts of a combination that has no series left end, except those about its silence. */
  forget(slot: number, clockMs: number): void {
    const members = this.#members[slot];
    if (members === undefined || members.length === 0) return;
    const nowMs = clockMs + this.#time.aheadMs;
    this.#members[slot] = NO_MEMBERS;
    this.#freeSlots.push(slot);
    this.#series--;
    for (const member of members) {
      const { group } = member;
      const { kind } = group.rule.condition;
      group.leave(member);
      if (group.members.length > 0 || kind === 'absence') continue;
      group.resolve(nowMs, this.#onTransition);
      const compiled = this.#compiled.find(({ rule }) => rule === group.rule);
      for (const [key, each] of compiled?.groups ?? []) if (each === group) compiled!.groups.delete(key);
      this.#groups--;
    }
  }

  /**
   * Goes on with alerts of an earlier life. One whose series comes back within the rule's lookback is the same alert; one
   * whose series does not, or whose rule is gone, is resolved.
   */
  restore(alerts: readonly SavedAlert[], clockMs: number): void {
    const nowMs = this.#time.of(clockMs);
    for (const alert of alerts) {
      const compiled = this.#compiled.find(({ rule }) => rule.name === alert.rule);
      const group = [...(compiled?.groups.values() ?? [])].find(({ fingerprint }) => fingerprint === alert.fingerprint);
      if (group !== undefined) group.adopt(alert);
      const deadlineMs = compiled === undefined ? nowMs : nowMs + compiled.rule.lookbackMs;
      if (group === undefined) this.#restored.set(alert.fingerprint, { ...alert, deadlineMs });
    }
    this.#giveUpRestored(nowMs);
  }

  #giveUpRestored(nowMs: number): void {
    for (const [fingerprint, saved] of this.#restored) {
      if (saved.deadlineMs > nowMs) continue;
      this.#restored.delete(fingerprint);
      const { rule, labels, activeAtMs, startsAtMs } = saved;
      this.#onTransition({
        fingerprint,
        rule,
        severity: (labels['severity'] ?? 'info') as Rule['severity'],
        state: startsAtMs === undefined ? 'inactive' : 'resolved',
        labels,
        annotations: {},
        value: undefined,
        threshold: undefined,
        activeAtMs,
        startsAtMs,
        endsAtMs: startsAtMs === undefined ? undefined : nowMs,
      });
    }
  }

  /** Alerts that are pending or fire, as they are now. */
  *alerts(nowMs: number): Generator<Alert> {
    for (const { groups } of this.#compiled) {
      for (const group of groups.values()) {
        const alert = group.current(nowMs);
        if (alert !== undefined) yield this.#onTheClock(alert);
      }
    }
  }

  #onTheClock(alert: Alert): Alert {
    const { activeAtMs, startsAtMs, endsAtMs } = alert;
    const { aheadMs } = this.#time;
    return {
      ...alert,
      activeAtMs: activeAtMs - aheadMs,
      startsAtMs: startsAtMs === undefined ? undefined : startsAtMs - aheadMs,
      endsAtMs: endsAtMs === undefined ? undefined : endsAtMs - aheadMs,
    };
  }

  #groupOf(compiled: CompiledRule, keys: SeriesKeys, nowMs: number): Group | undefined {
    const { rule, groups } = compiled;
    if (rule.condition.kind === 'absence') return groups.values().next().value;
    const labels = labelsOf(keys, rule.by);
    const key = JSON.stringify(labels);
    return groups.get(key) ?? this.#newGroup(compiled, key, labels, nowMs);
  }

  #absenceGroup(compiled: CompiledRule, nowMs: number): void {
    // As Prometheus' `absent` does: what a matcher demands is known although the series is not there.
    const labels: [string, string][] = [];
    for (const { where } of selectorsOf(compiled.rule.condition)) {
      for (const { key, test, values } of where) {
        if (test === 'in' && values.length === 1) labels.push([prometheusLabel(key), values[0]!]);
      }
    }
    labels.sort(([a], [b]) => (a < b ? -1 : 1));
    const group = this.#newGroup(compiled, '', Object.fromEntries(labels), nowMs);
    if (group !== undefined) this.#evaluate(group, nowMs, false);
  }

  #newGroup(
    compiled: CompiledRule,
    key: string,
    labels: Readonly<Record<string, string>>,
    nowMs: number,
  ): Group | undefined {
    if (this.#groups >= this.#groupLimit) {
      this.groupsDropped++;
      return undefined;
    }
    const group = new Group(compiled, labels, nowMs, this.#startMs);
    compiled.groups.set(key, group);
    this.#groups++;
    const saved = this.#restored.get(group.fingerprint);
    if (saved !== undefined) {
      this.#restored.delete(group.fingerprint);
      group.adopt(saved);
    }
    return group;
  }
}
