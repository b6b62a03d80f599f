export { ReplayError, DemoError, type ReplayErrorCode, type DemoErrorCode } from './errors.ts';
export { openReplay } from './replay/open-replay.ts';
