/** What fills are compared with, in the order of their cells; the values of `trading.execution.benchmark`. */
export const BENCHMARKS = [
  'decision_mid',
  'arrival_mid',
  'ack_mid',
  'far_touch',
  'limit',
  'expected',
  'interval_vwap',
] as const;

export const DECISION_MID = 0;
export const ARRIVAL_MID = 1;
export const ACK_MID = 2;
export const FAR_TOUCH = 3;
export const LIMIT = 4;
export const EXPECTED = 5;
export const INTERVAL_VWAP = 6;
