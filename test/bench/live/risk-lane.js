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
  const { hiccupMs, result } = await besideMeter(() => positionLatency(subscribers, FILLS));
  return {
    'p50 ms': [result.latencyMs.p50],
    'p99 ms': [result.latencyMs.p99],
    'in the desk p50 ms': [result.onFillAndFlushMs.p50],
    'hiccup p99 ms': [hiccupMs.p99],
    'fills seen as one with the next %': [result.mergedPercent],
  };
}

async function relayedToClients(clients) {
  const { hiccupMs, result } = await besideMeter(() => bareRelayLatency(clients, FILLS));
  return { ...result, 'hiccup p99 ms': [hiccupMs.p99] };
}

async function besideMeter(measure) {
  const meter = await startHiccupMeter();
  const result = await measure();
  return { result, hiccupMs: await meter.stop() };
}

export const cases = Object.entries(LIMITS_MS).map(([subscribers, limits]) => ({
  name: `fill to subscriber, ${subscribers} on the risk lane`,
  libraries: {
    [LIVE]: async () => fillToSubscribers(Number(subscribers)),
    [RELAY]: async () => relayedToClients(Number(subscribers)),
  },
  targets: Object.entries(limits).map(([quantile, atMost]) => ({
    library: LIVE,
    measure: `${quantile} ms`,
    atMost,
    scaledBy: `frame to ${subscribers}, ${quantile}`,
  })),
}));
