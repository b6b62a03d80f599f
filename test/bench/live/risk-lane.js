// Three processes: the desk, a bridge, and the subscribers. Each figure of a latency is one run's. Beside it, what three
// processes need that do nothing but send a frame on.
import { startHiccupMeter } from '../alerts/hiccup-meter.js';
import { bareRelayLatency } from './measure/bare-relay.js';
import { positionLatency } from './measure/position-latency.js';

const LIVE = '@nanometer/live';
const RELAY = 'ws relay';
const FILLS = 1_000;
const LIMITS_MS = { 1: { p50: 0.2, p99: 1 }, 10: { p50: 0.2, p99: 1 }, 100: { p50: 0.6 } };

async function fillToSubscribers(subscribers) {
  const meter = await startHiccupMeter();
  const { latencyMs, onFillAndFlushMs, mergedPercent } = await positionLatency(subscribers, FILLS);
  const hiccupMs = await meter.stop();
  return {
    'p50 ms': [latencyMs.p50],
    'p99 ms': [latencyMs.p99],
    'in the desk p50 ms': [onFillAndFlushMs.p50],
    'hiccup p99 ms': [hiccupMs.p99],
    'fills seen as one with the next %': [mergedPercent],
  };
}

export const cases = Object.entries(LIMITS_MS).map(([subscribers, limits]) => ({
  name: `fill to subscriber, ${subscribers} on the risk lane`,
  libraries: {
    [LIVE]: async () => fillToSubscribers(Number(subscribers)),
    [RELAY]: async () => bareRelayLatency(Number(subscribers), FILLS),
  },
  targets: Object.entries(limits).map(([quantile, atMost]) => ({
    library: LIVE,
    measure: `${quantile} ms`,
    atMost,
    scaledBy: `frame to ${subscribers}, ${quantile}`,
  })),
}));
