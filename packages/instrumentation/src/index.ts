export { isCount, isDuration, isName } from './checks.ts';
export { DropCounter } from './drop-counter.ts';
export { type MeterOptions, meterOf } from './meter-options.ts';
