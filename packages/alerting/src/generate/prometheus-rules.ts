import { AlertingError } from '../errors.ts';
import { durationText } from '../rules/duration.ts';
import type { Rule, RuleSet, Tier } from '../rules/rule.ts';
import { tierFault } from '../rules/tier-fault.ts';
import { annotationsOf } from './annotations.ts';
import { firingExpression } from './promql.ts';

/** An alerting rule as Prometheus' rule files have it. */
export interface PrometheusRule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly keep_firing_for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** A rule file of Prometheus. */
export interface PrometheusRuleFile {
  readonly groups: readonly {
    readonly name: string;
    readonly interval: string;
    readonly rules: readonly PrometheusRule[];
  }[];
}

/** Rules of a tier. @throws AlertingError `TIER_UNABLE` for one that the tier cannot evaluate. */
export function rulesOfTier({ rules }: RuleSet, tier: Tier): readonly Rule[] {
  const ofTier = rules.filter(({ tiers }) => tiers.includes(tier));
  for (const rule of ofTier) {
    const fault = tierFault(rule, tier);
    if (fault !== undefined)
      throw new AlertingError('TIER_UNABLE', `rule ${rule.name} is not for tier ${tier}: ${fault}`);
  }
  return ofTier;
}

/**
 * The rules of the tier `prometheus` as a rule file; the alerts have the labels, and so the fingerprints, of the other
 * tiers. @throws AlertingError `TIER_UNABLE`
 */
export function prometheusRuleFile(rules: RuleSet, group: string, interval: string = '1s'): PrometheusRuleFile {
  return { groups: [{ name: group, interval, rules: rulesOfTier(rules, 'prometheus').map(prometheusRule) }] };
}

function prometheusRule(rule: Rule): PrometheusRule {
  return {
    alert: rule.name,
    expr: firingExpression(rule),
    for: durationText(rule.forMs),
    ...(rule.keepFiringMs === 0 ? {} : { keep_firing_for: durationText(rule.keepFiringMs) }),
    labels: { severity: rule.severity, ...rule.labels },
    annotations: annotationsOf(rule, 'prometheus'),
  };
}
