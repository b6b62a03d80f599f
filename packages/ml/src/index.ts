export type { DropReason } from './drops.ts';
export type { InferenceEvent, OutcomeEvent, PredictionEvent } from './events.ts';
export { MlInstrumentation } from './ml-instrumentation.ts';
export { type MlInstrumentationOptions, MlOptionError } from './options.ts';
export { VERSION } from './version.ts';
