export { DESK_RULES_FILE } from './desk-rules.ts';
export { AlertingError, type AlertingErrorCode } from './errors.ts';
export type { Alert, AlertState } from './engine/alert.ts';
export { fingerprintOf } from './engine/fingerprint.ts';
export type { OnTransition, SavedAlert } from './engine/group.ts';
export { RuleEngine, type RuleEngineOptions } from './engine/rule-engine.ts';
export type { Attributes, SeriesIdentity, SeriesUpdate } from './engine/series.ts';
export { FileProblems, formatProblem, type Problem } from './rules/problem.ts';
export { parseRules, readRules } from './rules/read-rules.ts';
export type { Condition, Inhibition, Level, Matcher, Rule, RuleSet, Selector, Severity, Tier } from './rules/rule.ts';
export { SEVERITIES, TIERS } from './rules/rule.ts';
export { rulesSchema } from './rules/schema.ts';
export { parseRuleTests, type RuleTest, type RuleTestFile } from './testing/parse-rule-test.ts';
export { type Failure, runRuleTest, type RuleTestResult } from './testing/run-rule-test.ts';
export { AlertCenter, type CenterStats } from './center/alert-center.ts';
export type { CenterOptions } from './center/center-options.ts';
export type { Acknowledgement, AlertView, Shelf, Silence, Suppression } from './center/held-alert.ts';
export type { Notification } from './delivery/notification.ts';
export type { ReceiverOptions } from './delivery/receiver-options.ts';
export type { DropCause, ReceiverStats } from './delivery/receiver-queue.ts';
export { SIGNATURE_HEADER, signatureOf, verifySignature } from './delivery/signature.ts';
export { AlertService, type AlertServiceOptions, WatchedSeries } from './service/alert-service.ts';
export type { CollectedMetrics } from './service/collected-metrics.ts';
export { answerAlertRequest, type ApiAnswer, isAlertPath } from './api/alert-api.ts';
export { grafanaRuleFile, grafanaUid } from './generate/grafana-rules.ts';
export type {
  GrafanaPlace,
  GrafanaQuery,
  GrafanaRule,
  GrafanaRuleFile,
  GrafanaRuleGroup,
} from './generate/grafana-rules.ts';
export { type PrometheusRule, prometheusRuleFile, type PrometheusRuleFile } from './generate/prometheus-rules.ts';
export { firingExpression, promqlOf, type PromqlRule } from './generate/promql.ts';
export { ndjsonHistory } from './preview/ndjson-history.ts';
export { type History, type Preview, previewRules, type WouldHaveFired } from './preview/preview.ts';
export { promtoolTests } from './testing/promtool-tests.ts';
