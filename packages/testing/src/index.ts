export { sharedData } from './shared-data.ts';
export { until } from './until.ts';
