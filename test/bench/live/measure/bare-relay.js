import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { WebSocket } from 'ws';
import { percentAbove, quantilesOf } from '../../alerts/quantiles.js';
import { Pace } from './pace.js';

/** What a fill's rows take on their way to the bridge; the subscribers of one metric get fewer. */
const FRAME_BYTES = 112;
const childOf = (name) => fileURLToPath(new URL(`../processes/${name}`, import.meta.url));

/**
 * The way of a fill without anything of ours: from before the `send` of a frame in this process, through a bare server in a
 * second one that sends it on, to so many clients in a third. As many processes are woken and as many sockets written to.
 */
export async function bareRelayLatency(clients, publishes, transport, onWarm) {
  const relay = fork(childOf('bare-relay.js'), [transport]);
  const [url] = await once(relay, 'message');
  const producer = new WebSocket(url, { perMessageDeflate: false });
  await once(producer, 'open');
  const child = fork(childOf('bare-clients.js'), [url, String(clients)]);
  await once(child, 'message');
  const ask = async (question) => {
    const answer = once(child, 'message');
    child.send(question);
    return (await answer)[0];
  };
  const pace = new Pace(clients, true);
  for (let publish = 1; publish <= pace.warmUp + publishes; publish++) {
    if (publish === pace.warmUp + 1) {
      await ask('forget');
      await onWarm();
    }
    await pace.next(publish);
    const frame = Buffer.alloc(FRAME_BYTES);
    frame.writeDoubleLE(performance.timeOrigin + performance.now(), 0);
    producer.send(frame);
  }
  await pause(300);
  const latenciesMs = await ask('latencies');
  const { p50, p99 } = quantilesOf(latenciesMs);
  child.disconnect();
  relay.disconnect();
  producer.terminate();
  return { 'p50 ms': [p50], 'p99 ms': [p99], 'over 1 ms %': [percentAbove(latenciesMs, 1)] };
}
