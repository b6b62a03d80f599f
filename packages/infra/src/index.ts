export { InfraInstrumentation } from './infra-instrumentation.ts';
export { type HostGroup, type InfraInstrumentationOptions, InfraOptionError } from './options.ts';
export { VERSION } from './version.ts';
