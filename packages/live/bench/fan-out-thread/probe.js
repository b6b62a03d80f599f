/** The one series of fan-out-thread.bench.js; its value is when it was sent, Unix milliseconds. */
export const PROBE = { name: 'probe', kind: 'gauge', field: 'value', unit: 'ms', attributes: {}, resource: {} };
