export { Collected, type ProviderClass, type Recording, recordingOf, SDKS } from './recording.ts';
export { sharedData } from './shared-data.ts';
export { until } from './until.ts';
