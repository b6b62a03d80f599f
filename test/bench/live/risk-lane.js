// Three processes: the desk, a bridge, and the subscribers. Each figure of a latency is one run's. Beside it, what three
// processes need that do nothing but send a frame on: by WebSocket, and by sockets alone, which is the floor on this machine.
// All of them are on one machine, so that Unix sockets join them; to one subscriber the same by TCP stands beside it.
import { startHiccupMeter } from '../alerts/hiccup-meter.js';
import { bareRelayLatency } from './measure/bare-relay.js';
import { positionLatency } from './measure/position-latency.js';
import { socketRelayLatency } from './measure/socket-relay.js';
import { stolenTime } from './measure/stolen-time.js';

const LIVE = '@nanometer/live';
const LIVE_BY_TCP = '@nanometer/live, TCP';
const RELAY = 'ws relay';
const SOCKETS = 'sockets alone';
const RELAY_BY_TCP = 'ws relay, TCP';
const FILLS = 1_000;
const LIMITS_MS = { 1: { p50: 0.2, p99: 1 }, 10: { p50: 0.2, p99: 1 }, 100: { p50: 0.6 } };

async function fillToSubscribers(subscribers, transport) {
  const { machine, result } = await besideMeter((onWarm) => positionLatency(subscribers, FILLS, transport, onWarm));
  return {
    'p50 ms': [result.latencyMs.p50],
    'p99 ms': [result.latencyMs.p99],
    'over 1 ms %': [result.over1MsPercent],
    'waited for a processor p50 ms': [result.waitedMs.p50],
    'of the slowest 1 % waited ms': [result.waitedOfSlowestMs.p50],
    'in the desk p50 ms': [result.onFillAndFlushMs.p50],
    'fills seen as one with the next %': [result.mergedPercent],
    ...machine,
  };
}

async function relayed(measure) {
  const { machine, result } = await besideMeter(measure);
  return { ...result, ...machine };
}

const byWebSocket = async (clients, transport) =>
  relayed((onWarm) => bareRelayLatency(clients, FILLS, transport, onWarm));
const bySockets = async (clients) => relayed((onWarm) => socketRelayLatency(clients, FILLS, onWarm));

const BY_TCP = {
  [LIVE_BY_TCP]: async () => fillToSubscribers(1, 'tcp'),
  [RELAY_BY_TCP]: async () => byWebSocket(1, 'tcp'),
};

async function besideMeter(measure) {
  let meter;
  let stolenPercent;
  // What the machine does while everything is being compiled is not beside what is measured.
  const result = await measure(async () => {
    meter = await startHiccupMeter();
    stolenPercent = stolenTime();
  });
  const stolen = stolenPercent();
  const hiccupMs = await meter.stop();
  const machine = {
    'hiccup p99 ms': [hiccupMs.p99],
    'hiccups over 1 ms %': [hiccupMs.over1MsPercent],
    'stolen by the host %': [stolen],
  };
  return { result, machine };
}

export const cases = Object.entries(LIMITS_MS).map(([subscribers, limits]) => ({
  name: `fill to subscriber, ${subscribers} on the risk lane`,
  libraries: {
    [LIVE]: async () => fillToSubscribers(Number(subscribers), 'unix'),
    [RELAY]: async () => byWebSocket(Number(subscribers), 'unix'),
    [SOCKETS]: async () => bySockets(Number(subscribers)),
    ...(subscribers === '1' ? BY_TCP : {}),
  },
  targets: Object.entries(limits).map(([quantile, atMost]) => ({
    library: LIVE,
    measure: `${quantile} ms`,
    atMost,
    scaledBy: `frame to ${subscribers}, ${quantile}`,
  })),
}));
