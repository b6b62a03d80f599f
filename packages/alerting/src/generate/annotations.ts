import { prometheusLabel } from '@nanometer/semconv';
import type { Rule } from '../rules/rule.ts';
import { renderTemplate, templateParts } from '../rules/template.ts';

/** How a tier's templates spell values and labels. */
interface Spelling {
  readonly value: string;
  readonly percent: string;
  readonly series: string;
  readonly label: (name: string) => string;
}

const PROMETHEUS: Spelling = {
  value: '{{ printf "%.4g" $value }}',
  percent: '{{ $value | humanizePercentage }}',
  series: '{{ range $name, $text := $labels }}{{ $name }}={{ $text }} {{ end }}',
  label: (name) => `{{ $labels.${name} }}`,
};

// Without `$`, which Grafana's provisioning would expand from the environment.
const GRAFANA: Spelling = {
  value: '{{ printf "%.4g" .Values.A.Value }}',
  percent: '{{ humanizePercentage .Values.A.Value }}',
  series: '{{ .Labels }}',
  label: (name) => `{{ .Labels.${name} }}`,
};

/** The annotations of a rule as templates of a tier. */
export function annotationsOf(rule: Rule, tier: 'prometheus' | 'grafana'): Readonly<Record<string, string>> {
  const spelling = tier === 'prometheus' ? PROMETHEUS : GRAFANA;
  return {
    summary: templated(rule, rule.summary, spelling),
    ...(rule.description === undefined ? {} : { description: templated(rule, rule.description, spelling) }),
    ...(rule.runbook === undefined ? {} : { runbook_url: rule.runbook }),
  };
}

function templated(rule: Rule, text: string, spelling: Spelling): string {
  return templateParts(text)
    .map((part) => {
      if ('text' in part) return part.text;
      const { placeholder, format } = part;
      if (placeholder === 'value') return format === 'percent' ? spelling.percent : spelling.value;
      if (placeholder === 'series') return spelling.series;
      if (placeholder !== 'threshold') return spelling.label(prometheusLabel(placeholder));
      return renderTemplate([part], { value: undefined, threshold: thresholdOf(rule), labels: {}, seriesLabels: {} });
    })
    .join('');
}

function thresholdOf({ condition }: Rule): number | undefined {
  if ('level' in condition) return condition.level.limit;
  return condition.kind === 'burnRate' ? condition.windows[0]?.factor : condition.afterMs / 1000;
}
