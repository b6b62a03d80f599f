import { type Condition, type Field, type Rule, selectorsOf, type Tier } from './rule.ts';

const PERCENTILES: readonly Field[] = ['p50', 'p90', 'p99', 'p999'];
/** Grafana evaluates on a grid of so long and knows nothing shorter. */
export const GRAFANA_INTERVAL_MS = 10_000;
const PROMETHEUS_WINDOW_MS = 1000;

/** Why a tier cannot evaluate a rule as it is written, or `undefined` when it can. */
export function tierFault(rule: Omit<Rule, 'tiers'>, tier: Tier): string | undefined {
  if (tier === 'process') return processFault(rule.condition);
  if (tier === 'prometheus') return prometheusFault(rule);
  return tier === 'grafana' ? grafanaFault(rule.condition) : undefined;
}

function processFault(condition: Condition): string | undefined {
  if (condition.kind === 'absence' || condition.kind === 'staleness') {
    return 'a process cannot tell that it is gone itself';
  }
  return selectorsOf(condition).some(({ field }) => PERCENTILES.includes(field))
    ? 'percentiles are of a window, which readers keep and the process does not'
    : undefined;
}

function prometheusFault({ condition, by }: Omit<Rule, 'tiers'>): string | undefined {
  if (condition.kind === 'rate' && condition.windowMs < PROMETHEUS_WINDOW_MS) {
    return 'a window below 1s holds less than two points';
  }
  const level = 'level' in condition ? condition.level : undefined;
  const hasHysteresis = level !== undefined && level.clear !== level.limit;
  const isOpen = by === undefined && selectorsOf(condition).some(({ metric }) => metric.attributes === undefined);
  return hasHysteresis && isOpen
    ? 'hysteresis of a custom metric needs by, so that the firing alert can be found again'
    : undefined;
}

function grafanaFault(condition: Condition): string | undefined {
  const shortest =
    condition.kind === 'burnRate'
      ? Math.min(...condition.windows.map(({ shortMs }) => shortMs))
      : condition.kind === 'rate'
        ? condition.windowMs
        : GRAFANA_INTERVAL_MS;
  return shortest < GRAFANA_INTERVAL_MS
    ? 'Grafana evaluates every 10 s; a shorter window falls between two evaluations'
    : undefined;
}
