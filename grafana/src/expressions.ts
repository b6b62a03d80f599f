import { ALERTS } from './alerts.ts';
import { DESK_ROWS } from './desk/board.ts';
import { PIPELINE_RULES } from './pipeline-rules.ts';

/** A PromQL expression and where a person meets it. */
export interface Expression {
  readonly where: string;
  readonly expression: string;
}

/**
 * Every expression of the board and of the rules, the rules' without their comparison: with data flowing, each must
 * have a result.
 */
export function allExpressions(): readonly Expression[] {
  const panels = DESK_ROWS.flatMap(({ panels }) => panels).flatMap(({ title, queries }) =>
    queries.map(({ expression, legend }) => ({ where: `panel "${title}", ${legend}`, expression })),
  );
  const alerts = ALERTS.filter(({ alwaysHasResult }) => alwaysHasResult).map(({ title, expression }) => ({
    where: `alert "${title}"`,
    expression,
  }));
  const rules = PIPELINE_RULES.map(({ alert, expression }) => ({ where: `Prometheus rule ${alert}`, expression }));
  return [...panels, ...alerts, ...rules];
}

/** Replaces what Grafana fills in: every variable selects all, rates look back over `window`. */
export function withoutVariables(expression: string, window: string): string {
  return expression.replaceAll('$__rate_interval', window).replaceAll(/"\$(?:job|exchange|strategy)"/g, '".*"');
}
