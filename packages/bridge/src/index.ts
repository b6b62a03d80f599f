export { type Bridge, type BridgeAddresses, createBridge } from './create-bridge.ts';
export { BridgeError, type BridgeErrorCode } from './errors.ts';
export { FAN_OUT_MODES, type FanOutMode, type FanOutStats } from './fan-out/fan-out.ts';
export type { DropCause, OutputLedger, OutputName, Transport } from './ledger.ts';
export type { BridgeAlertOptions, BridgeHistoryOptions, BridgeOptions } from './options.ts';
export type { BridgeStatsdOptions } from './outputs/statsd-options.ts';
export type { AlertStats, BridgeStats } from './stats.ts';
