import { isMonotonic, type Rule, selectorsOf } from '../rules/rule.ts';
import { renderTemplate, type TemplatePart, templateParts } from '../rules/template.ts';
import type { Alert, AlertState } from './alert.ts';
import type { Due } from './due-queue.ts';
import { fingerprintOf } from './fingerprint.ts';
import { IncreaseWindow } from './increase-window.ts';
import { measure } from './measure.ts';
import { Member } from './member.ts';

/** Told of every change of an alert's state. */
export type OnTransition = (alert: Alert) => void;

/** A rule with what all its groups share. */
export class CompiledRule {
  readonly rule: Rule;
  readonly groups: Map<string, Group> = new Map();
  readonly summary: readonly TemplatePart[];
  readonly description: readonly TemplatePart[] | undefined;

  constructor(rule: Rule) {
    this.rule = rule;
    this.summary = templateParts(rule.summary);
    this.description = rule.description === undefined ? undefined : templateParts(rule.description);
  }
}

/** What a group's alert was when an earlier life ended. */
export type SavedAlert = Pick<Alert, 'fingerprint' | 'rule' | 'labels' | 'activeAtMs' | 'startsAtMs'>;

/** One combination of labels of one rule: its series, and the state of its alert. */
export class Group implements Due {
  readonly rule: Rule;
  readonly members: Member[] = [];
  /** Shared by the members: per input, per window. */
  readonly windows: readonly (readonly IncreaseWindow[])[];
  /** When it came to be; of an absence that an earlier life told, when that life began to miss it. */
  createdMs: number;
  /** Silence counts from here: nobody listened before. -Infinity when an earlier life told of it. */
  listenedFromMs: number;
  readonly fingerprint: string;
  readonly labels: Readonly<Record<string, string>>;
  queuedMs: number = Number.POSITIVE_INFINITY;
  /** In the list of groups to be looked at. */
  isDirty = false;
  readonly #compiled: CompiledRule;
  readonly #seriesLabels: Readonly<Record<string, string>>;
  #state: 'inactive' | 'pending' | 'firing' = 'inactive';
  #activeAtMs = 0;
  #startsAtMs = 0;
  /** Since when the condition has ended, while the alert is kept firing. */
  #endedMs: number = Number.NaN;
  #value: number = Number.NaN;
  #threshold: number = Number.NaN;

  constructor(compiled: CompiledRule, seriesLabels: Readonly<Record<string, string>>, nowMs: number, startMs: number) {
    const { rule } = compiled;
    this.#compiled = compiled;
    this.rule = rule;
    this.createdMs = nowMs;
    this.listenedFromMs = startMs;
    this.#seriesLabels = seriesLabels;
    this.labels = { ...seriesLabels, ...rule.labels, alertname: rule.name, severity: rule.severity };
    this.fingerprint = fingerprintOf(this.labels);
    this.windows = sharedWindows(rule);
  }

  get isFiring(): boolean {
    return this.#state === 'firing';
  }

  /** Pending or firing. */
  get isActive(): boolean {
    return this.#state !== 'inactive';
  }

  get #isOfSilence(): boolean {
    const { kind } = this.rule.condition;
    return kind === 'absence' || kind === 'staleness';
  }

  /** Time of the newest point of any member. */
  get newestMs(): number {
    let newest = Number.NEGATIVE_INFINITY;
    for (const { seenMs } of this.members) newest = Math.max(newest, seenMs);
    return newest;
  }

  newestOf(input: number): number {
    let newest = Number.NEGATIVE_INFINITY;
    for (const member of this.members) if (member.input === input) newest = Math.max(newest, member.seenMs);
    return newest;
  }

  /** Time of the oldest last point that still counts. */
  oldestLiveMs(nowMs: number): number {
    const sinceMs = nowMs - this.rule.lookbackMs;
    let oldest = Number.POSITIVE_INFINITY;
    for (const { seenMs } of this.members) if (seenMs >= sinceMs) oldest = Math.min(oldest, seenMs);
    return oldest;
  }

  /** Takes a series in. */
  join(input: number): Member {
    const { condition } = this.rule;
    const isAlone = condition.kind === 'rate' && condition.aggregate !== 'sum';
    const windows = isAlone ? [new IncreaseWindow(condition.windowMs)] : (this.windows[input] ?? []);
    const member = new Member(this, input, windows, isMonotonic(selectorsOf(condition)[input]!));
    this.members.push(member);
    return member;
  }

  leave(member: Member): void {
    this.members.splice(this.members.indexOf(member), 1);
  }

  /** Goes on with an alert that fired when an earlier life ended. */
  adopt({ activeAtMs, startsAtMs }: SavedAlert): void {
    this.#state = startsAtMs === undefined ? 'pending' : 'firing';
    this.#activeAtMs = activeAtMs;
    this.#startsAtMs = startsAtMs ?? 0;
    this.listenedFromMs = Number.NEGATIVE_INFINITY;
    const { condition } = this.rule;
    // It was missing for long enough then, and nothing has come since.
    if (condition.kind === 'absence') this.createdMs = Math.min(this.createdMs, activeAtMs - condition.afterMs - 1);
  }

  /** Compares, changes state, tells; returns when to look again, Infinity for never. */
  evaluate(nowMs: number, onTransition: OnTransition, isCatchingUp: boolean): number {
    const { holds, value, threshold, againMs } = measure(this, this.rule.condition, nowMs);
    // What seems to be missing may have come and not been read yet.
    if (isCatchingUp && holds && this.#isOfSilence) return nowMs;
    this.#value = value;
    this.#threshold = threshold;
    return Math.min(againMs, holds ? this.#hold(nowMs, onTransition) : this.#end(nowMs, onTransition));
  }

  #hold(nowMs: number, onTransition: OnTransition): number {
    this.#endedMs = Number.NaN;
    if (this.#state === 'firing') return this.#lookbackEnd(nowMs);
    const { forMs } = this.rule;
    if (this.#state === 'inactive') {
      this.#state = 'pending';
      this.#activeAtMs = nowMs;
      if (forMs > 0) onTransition(this.alert('pending', nowMs));
    }
    const dueMs = this.#activeAtMs + forMs;
    if (nowMs < dueMs) return dueMs;
    this.#state = 'firing';
    this.#startsAtMs = nowMs;
    onTransition(this.alert('firing', nowMs));
    return this.#lookbackEnd(nowMs);
  }

  /** A firing alert whose series are all gone must end some time. */
  #lookbackEnd(nowMs: number): number {
    if (this.#isOfSilence) return Number.POSITIVE_INFINITY;
    return this.oldestLiveMs(nowMs) + this.rule.lookbackMs + 1;
  }

  #end(nowMs: number, onTransition: OnTransition): number {
    if (this.#state === 'inactive') return Number.POSITIVE_INFINITY;
    if (this.#state === 'pending') {
      this.#state = 'inactive';
      onTransition(this.alert('inactive', nowMs));
      return Number.POSITIVE_INFINITY;
    }
    if (Number.isNaN(this.#endedMs)) this.#endedMs = nowMs;
    const dueMs = this.#endedMs + this.rule.keepFiringMs;
    if (nowMs < dueMs) return dueMs;
    this.resolve(nowMs, onTransition);
    return Number.POSITIVE_INFINITY;
  }

  /** Ends what fires; a group that has lost its series has nothing to go on. */
  resolve(nowMs: number, onTransition: OnTransition): void {
    if (this.#state === 'inactive') return;
    const state: AlertState = this.#state === 'firing' ? 'resolved' : 'inactive';
    const alert = this.alert(state, nowMs);
    this.#state = 'inactive';
    this.#endedMs = Number.NaN;
    onTransition(alert);
  }

  /** The alert as it is now. */
  alert(state: AlertState, nowMs: number): Alert {
    const { rule } = this;
    const value = Number.isNaN(this.#value) ? undefined : this.#value;
    const threshold = Number.isNaN(this.#threshold) ? undefined : this.#threshold;
    const values = { value, threshold, labels: this.labels, seriesLabels: this.#seriesLabels };
    const { summary, description } = this.#compiled;
    return {
      fingerprint: this.fingerprint,
      rule: rule.name,
      severity: rule.severity,
      state,
      labels: this.labels,
      annotations: {
        summary: renderTemplate(summary, values),
        ...(description === undefined ? {} : { description: renderTemplate(description, values) }),
        ...(rule.runbook === undefined ? {} : { runbook_url: rule.runbook }),
      },
      value,
      threshold,
      activeAtMs: this.#activeAtMs,
      startsAtMs: state === 'firing' || state === 'resolved' ? this.#startsAtMs : undefined,
      endsAtMs: state === 'resolved' ? nowMs : undefined,
    };
  }

  /** The alert while it is pending or fires. */
  current(nowMs: number): Alert | undefined {
    return this.#state === 'inactive' ? undefined : this.alert(this.#state, nowMs);
  }
}

function sharedWindows({ condition }: Rule): readonly (readonly IncreaseWindow[])[] {
  if (condition.kind === 'rate' && condition.aggregate === 'sum') return [[new IncreaseWindow(condition.windowMs)]];
  if (condition.kind === 'ratio' && condition.windowMs !== undefined) {
    const { windowMs } = condition;
    return [[new IncreaseWindow(windowMs)], [new IncreaseWindow(windowMs)]];
  }
  if (condition.kind !== 'burnRate') return [];
  const windows = (): IncreaseWindow[] =>
    condition.windows.flatMap(({ longMs, shortMs }) => [new IncreaseWindow(longMs), new IncreaseWindow(shortMs)]);
  return [windows(), windows()];
}
