import { RuleEngine } from '../engine/rule-engine.ts';
import type { SeriesUpdate } from '../engine/series.ts';
import type { RuleSet, Severity, Tier } from '../rules/rule.ts';

/** History, ascending in time: a store, a file, whatever can be iterated. */
export type History = AsyncIterable<SeriesUpdate> | Iterable<SeriesUpdate>;

/** An alert that would have fired. */
export interface WouldHaveFired {
  readonly rule: string;
  readonly severity: Severity;
  readonly labels: Readonly<Record<string, string>>;
  readonly summary: string;
  /** Unix milliseconds. */
  readonly fromMs: number;
  /** `undefined` when it still fires at the end of the history. */
  readonly toMs: number | undefined;
  readonly value: number | undefined;
}

/** What a preview came to. */
export interface Preview {
  readonly updates: number;
  readonly fromMs: number | undefined;
  readonly toMs: number | undefined;
  readonly fired: readonly WouldHaveFired[];
  /** Updates that came after later ones; they were left out. */
  readonly late: number;
}

/** Runs rules over history as they would have run then, in its own time. */
export async function previewRules(rules: RuleSet, history: History, tier: Tier = 'bridge'): Promise<Preview> {
  const fired: WouldHaveFired[] = [];
  const open = new Map<string, number>();
  const slots = new Map<string, number>();
  let engine: RuleEngine | undefined;
  let [updates, late] = [0, 0];
  let [fromMs, toMs]: (number | undefined)[] = [undefined, undefined];
  for await (const { series, timeMs, value, startMs } of history) {
    engine ??= new RuleEngine(rules, {
      tier,
      startMs: timeMs,
      onTransition: (alert) => {
        const { fingerprint, state, rule, severity, labels, annotations, startsAtMs, endsAtMs } = alert;
        if (state === 'firing') {
          open.set(fingerprint, fired.length);
          const summary = annotations['summary'] ?? '';
          fired.push({ rule, severity, labels, summary, fromMs: startsAtMs!, toMs: undefined, value: alert.value });
        }
        const index = open.get(fingerprint);
        if (state !== 'resolved' || index === undefined) return;
        open.delete(fingerprint);
        fired[index] = { ...fired[index]!, toMs: endsAtMs };
      },
    });
    fromMs ??= timeMs;
    if (toMs !== undefined && timeMs < toMs) {
      late++;
      continue;
    }
    if (toMs !== undefined && timeMs > toMs) {
      engine.evaluate(toMs);
      // What comes due between two points does so at its time.
      while (engine.nextDueMs < timeMs) engine.evaluate(engine.nextDueMs);
    }
    toMs = timeMs;
    updates++;
    const key = JSON.stringify([series.name, series.field, sorted(series.attributes), sorted(series.resource)]);
    const slot = slots.get(key) ?? engine.register(series, timeMs);
    slots.set(key, slot);
    engine.update(slot, timeMs, value, startMs);
  }
  if (toMs !== undefined) engine?.evaluate(toMs);
  return { updates, fromMs, toMs, fired, late };
}

function sorted(attributes: Readonly<Record<string, unknown>> = {}): unknown {
  return Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1));
}
