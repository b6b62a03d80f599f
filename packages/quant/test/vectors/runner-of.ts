import { INDICATOR_RUNNERS } from './runners/indicators.ts';
import { LEDGER_RUNNERS } from './runners/ledger.ts';
import { MICROSTRUCTURE_RUNNERS } from './runners/microstructure.ts';
import { RETURN_PATTERNS, RETURN_RUNNERS } from './runners/returns.ts';
import { RISK_PATTERNS, RISK_RUNNERS } from './runners/risk.ts';
import { STATISTICS_RUNNERS } from './runners/statistics.ts';
import type { VectorRunner } from './vector.ts';

const BY_NAME: Readonly<Record<string, VectorRunner>> = {
  ...LEDGER_RUNNERS,
  ...RETURN_RUNNERS,
  ...RISK_RUNNERS,
  ...STATISTICS_RUNNERS,
  ...MICROSTRUCTURE_RUNNERS,
  ...INDICATOR_RUNNERS,
};
const BY_PATTERN = [...RETURN_PATTERNS, ...RISK_PATTERNS];

/** The runner of a metric, by its name or by the pattern of a name with parameters; undefined when there is none. */
export function runnerOf(metric: string): VectorRunner | undefined {
  return BY_NAME[metric] ?? BY_PATTERN.find(([pattern]) => pattern.test(metric))?.[1];
}
