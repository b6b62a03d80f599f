import { ATTR_TRADING_SYMBOL, METRIC_TRADING_FILL_COUNT, prometheusLabel } from '@nanometer/semconv';
import type { Arrived } from './compare.ts';
import { instanceOf, SYMBOLS } from './workload.ts';

/** A batch has about a dozen fills of each symbol: two of the eight symbols fire with each, through all but the longest lives. */
const FILLS_PER_RULE = 50;
const RULES = 160;

/**
 * The rule file of the bridge: each life fires each rule once per symbol, when its fills pass the rule's number. Totals only
 * grow, so whatever a fault makes the bridge miss in between, the alert must come with the next total, and can never end.
 */
export function alertRules(): string {
  const rules = Array.from({ length: RULES }, (_, index) => ({
    name: nameOf(index),
    kind: 'threshold',
    metric: METRIC_TRADING_FILL_COUNT.name,
    by: ['job', 'instance', ATTR_TRADING_SYMBOL],
    aggregate: 'sum',
    above: thresholdOf(index),
    // Longer than any run is: a life that has ended must not end its alerts.
    lookback: '1d',
    severity: 'critical',
    summary: '{{instance}} has {{value}} fills',
    tiers: ['bridge'],
  }));
  return JSON.stringify({ rules });
}

/** The alerts that totals must have fired, each as `keyOf` has it. */
export function expectedAlerts(arrived: Arrived): Set<string> {
  const expected = new Set<string>();
  for (const [life, { fills }] of arrived) {
    for (const [symbol, value] of fills.entries()) {
      for (let index = 0; index < RULES && value > thresholdOf(index); index += 1) {
        expected.add(`${nameOf(index)} ${instanceOf(life)} ${SYMBOLS[symbol]}`);
      }
    }
  }
  return expected;
}

/** Which alert of which life and symbol the labels of a notification are of. */
export function keyOf(labels: Readonly<Record<string, string>>): string {
  return `${labels['alertname']} ${labels['instance']} ${labels[prometheusLabel(ATTR_TRADING_SYMBOL)]}`;
}

function thresholdOf(index: number): number {
  return (index + 1) * FILLS_PER_RULE;
}

function nameOf(index: number): string {
  return `Fills${thresholdOf(index)}`;
}
