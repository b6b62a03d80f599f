// The yardsticks: a bare WebSocket server with frames of 32 bytes and clients in another process, as it was measured on
// the machine on which the targets were set.
import { bareLatency } from './measure/bare-ws.js';

const LIBRARY = 'ws';

export const cases = [1, 10, 100].map((clients) => ({
  name: `a frame to ${clients} clients of a bare server`,
  peers: [LIBRARY],
  yardstick: [`frame to ${clients}, p50`, ...(clients === 100 ? [] : [`frame to ${clients}, p99`])],
  libraries: { [LIBRARY]: async () => bareLatency(clients) },
}));
