export type { DropReason } from './drops.ts';
export type { ErrorEvent, IngestEvent, ProcessedEvent, QueueSizeEvent } from './events.ts';
export { type PipelineInstrumentationOptions, PipelineOptionError } from './options.ts';
export { PipelineInstrumentation } from './pipeline-instrumentation.ts';
export { VERSION } from './version.ts';
export type { AnyFunction, WrapOptions } from './wrap.ts';
