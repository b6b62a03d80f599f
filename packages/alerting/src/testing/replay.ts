import type { RuleEngine } from '../engine/rule-engine.ts';
import type { Check, RuleTest } from './parse-rule-test.ts';

/** Feeds a test's samples to an engine, step by step, and calls back at the time of each check. */
export function replay(engine: RuleEngine, test: RuleTest, onCheck: (check: Check) => void): void {
  const { checks, series, everyMs } = test;
  const slots: (number | undefined)[] = series.map(() => undefined);
  const lastMs = checks.at(-1)?.atMs ?? 0;
  let next = 0;
  const checkBefore = (nowMs: number): void => {
    for (; next < checks.length && checks[next]!.atMs < nowMs; next++) {
      engine.evaluate(checks[next]!.atMs);
      onCheck(checks[next]!);
    }
  };
  for (let step = 0; step * everyMs <= lastMs; step++) {
    const nowMs = step * everyMs;
    checkBefore(nowMs);
    for (const [index, each] of series.entries()) {
      const sample = each.samples[step];
      if (sample === undefined) continue;
      // A series exists from its first sample on.
      const slot = (slots[index] ??= engine.register({ ...each.series }, nowMs));
      engine.update(slot, nowMs, sample);
    }
    engine.evaluate(nowMs);
  }
  checkBefore(Number.POSITIVE_INFINITY);
}
