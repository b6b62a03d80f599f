export { type Alert, ALERTS, DESK_RULES } from './alerts.ts';
export { DESK_ROWS, DESK_UID, deskBoard } from './desk/board.ts';
export { allExpressions, type Expression, withoutVariables } from './expressions.ts';
export { CHECKOUT, generatedFiles } from './files.ts';
export { type Query, type PanelSpec } from './panel.ts';
export { PIPELINE_RULES, type PipelineRule } from './pipeline-rules.ts';
export { RECORDING_RULES, type RecordingRule } from './recording-rules.ts';
