export { HOSTILE_VALUES, hostileStream, unsoundSeries } from './hostile-events.ts';
export { Collected, type ProviderClass, Recording, SDKS } from './recording.ts';
export { sharedData } from './shared-data.ts';
export { type TestCertificate, testCertificate } from './test-certificate.ts';
export { until } from './until.ts';
