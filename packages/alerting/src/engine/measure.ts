import type { Aggregate, Condition, Level } from '../rules/rule.ts';
import type { Group } from './group.ts';

/** What a condition sees: whether it holds, on which value against which threshold. */
export interface Measured {
  holds: boolean;
  /** NaN when there is nothing to compare. */
  value: number;
  threshold: number;
  /** When to look again although nothing comes, Unix milliseconds; Infinity for never. */
  againMs: number;
}

/** Looks at a group now. The result is reused by the next call. */
export function measure(group: Group, condition: Condition, nowMs: number): Measured {
  RESULT.holds = false;
  RESULT.value = Number.NaN;
  RESULT.threshold = Number.NaN;
  RESULT.againMs = Number.POSITIVE_INFINITY;
  switch (condition.kind) {
    case 'threshold':
      compare(group, aggregated(group, 0, condition.aggregate, nowMs), condition.level);
      if (group.isActive) RESULT.againMs = group.oldestLiveMs(nowMs) + group.rule.lookbackMs + 1;
      break;
    case 'staleness':
      measureStaleness(group, condition.aggregate, condition.afterMs, condition.forgetMs, nowMs);
      break;
    case 'absence': {
      const seenMs = Math.max(group.newestMs, group.createdMs);
      RESULT.threshold = condition.afterMs / 1000;
      RESULT.value = (nowMs - seenMs) / 1000;
      RESULT.holds = nowMs - seenMs > condition.afterMs;
      if (!RESULT.holds) RESULT.againMs = seenMs + condition.afterMs + 1;
      break;
    }
    case 'rate': {
      const scale = condition.perMs / condition.windowMs;
      const { aggregate, windowMs, level } = condition;
      const increase =
        aggregate === 'sum' ? sharedIncrease(group, 0, 0, nowMs) : memberIncrease(group, aggregate, nowMs);
      // What has been seen for less than a window looks slower than it is: too slow is said of whole windows only.
      const isEarly = level.direction === 'below' && nowMs - group.createdMs < windowMs;
      compare(group, isEarly ? Number.NaN : increase * scale, level);
      if (Math.abs(increase) > 0) lookAgain(windowMs, nowMs);
      if (isEarly) RESULT.againMs = Math.min(RESULT.againMs, group.createdMs + windowMs);
      break;
    }
    case 'ratio':
      measureRatio(group, condition, nowMs);
      break;
    case 'burnRate':
      measureBurn(group, condition, nowMs);
      break;
  }
  return RESULT;
}

// One object for all: it is read before the next measurement, and the hot path makes none.
const RESULT: Measured = { holds: false, value: Number.NaN, threshold: Number.NaN, againMs: Number.POSITIVE_INFINITY };

function compare(group: Group, value: number, level: Level): void {
  const threshold = group.isFiring ? level.clear : level.limit;
  RESULT.value = value;
  RESULT.threshold = level.limit;
  RESULT.holds = level.direction === 'above' ? value > threshold : value < threshold;
}

function lookAgain(windowMs: number, nowMs: number): void {
  RESULT.againMs = Math.min(RESULT.againMs, nowMs + Math.max(windowMs / 60, 1));
}

/** The members of an input whose last point is recent enough, as one value; NaN when there is none. */
function aggregated(group: Group, input: number, aggregate: Aggregate, nowMs: number): number {
  const { members } = group;
  const sinceMs = nowMs - group.rule.lookbackMs;
  let result = Number.NaN;
  for (let index = 0; index < members.length; index++) {
    const member = members[index]!;
    if (member.input !== input || member.seenMs < sinceMs) continue;
    result = combined(result, member.value, aggregate);
  }
  return result;
}

function combined(before: number, value: number, aggregate: Aggregate): number {
  // What is no number is no value.
  if (value !== value) return before;
  if (before !== before) return value;
  if (aggregate === 'sum') return before + value;
  return aggregate === 'min' ? Math.min(before, value) : Math.max(before, value);
}

function memberIncrease(group: Group, aggregate: Aggregate, nowMs: number): number {
  const sinceMs = nowMs - group.rule.lookbackMs;
  let result = Number.NaN;
  for (const member of group.members) {
    if (member.seenMs < sinceMs || member.ownWindow === undefined) continue;
    result = combined(result, member.ownWindow.increase(nowMs), aggregate);
  }
  return result;
}

/** Increase of all members of an input over one of its windows; NaN when no member is alive. */
function sharedIncrease(group: Group, input: number, window: number, nowMs: number): number {
  if (group.newestOf(input) < nowMs - group.rule.lookbackMs) return Number.NaN;
  return group.windows[input]![window]!.increase(nowMs);
}

function measureStaleness(group: Group, aggregate: Aggregate, afterMs: number, forgetMs: number, nowMs: number): void {
  let age = Number.NaN;
  let againMs = Number.POSITIVE_INFINITY;
  for (const { seenMs } of group.members) {
    if (nowMs - seenMs > forgetMs) continue;
    const sinceMs = Math.max(seenMs, group.listenedFromMs);
    const memberAge = nowMs - sinceMs;
    age = combined(age, memberAge, aggregate);
    againMs = Math.min(againMs, seenMs + forgetMs + 1);
    if (memberAge <= afterMs) againMs = Math.min(againMs, sinceMs + afterMs + 1);
  }
  RESULT.value = age / 1000;
  RESULT.threshold = afterMs / 1000;
  RESULT.holds = age > afterMs;
  RESULT.againMs = againMs;
}

function measureRatio(group: Group, condition: Extract<Condition, { kind: 'ratio' }>, nowMs: number): void {
  const { windowMs, minimum, level } = condition;
  const isWindowed = windowMs !== undefined;
  const numerator = isWindowed ? sharedIncrease(group, 0, 0, nowMs) : aggregated(group, 0, 'sum', nowMs);
  const denominator = isWindowed ? sharedIncrease(group, 1, 0, nowMs) : aggregated(group, 1, 'sum', nowMs);
  const counts = denominator > 0 && !(denominator < (minimum ?? 0));
  compare(group, counts ? numerator / denominator : Number.NaN, level);
  if (isWindowed && denominator > 0) lookAgain(windowMs, nowMs);
  if (!isWindowed && group.isActive) RESULT.againMs = group.oldestLiveMs(nowMs) + group.rule.lookbackMs + 1;
}

function measureBurn(group: Group, condition: Extract<Condition, { kind: 'burnRate' }>, nowMs: number): void {
  const { windows, objective } = condition;
  for (let index = 0; index < windows.length; index++) {
    const { factor, longMs, shortMs } = windows[index]!;
    const long = burn(group, 2 * index, objective, nowMs);
    const short = burn(group, 2 * index + 1, objective, nowMs);
    const holds = long > factor && short > factor;
    if (index === 0 || (holds && !RESULT.holds)) {
      RESULT.value = long;
      RESULT.threshold = factor;
    }
    RESULT.holds ||= holds;
    if (long > 0) lookAgain(short > 0 ? shortMs : longMs, nowMs);
  }
}

/** How many times as fast as the objective allows bad events come; NaN while nothing comes at all. */
function burn(group: Group, window: number, objective: number, nowMs: number): number {
  const total = sharedIncrease(group, 1, window, nowMs);
  return total > 0 ? sharedIncrease(group, 0, window, nowMs) / total / (1 - objective) : Number.NaN;
}
