import { once } from 'node:events';
import { fork } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { percentAbove, quantilesOf } from '../../alerts/quantiles.js';
import { Pace } from './pace.js';

/** What a fill's rows take on their way to the bridge; the subscribers of one metric get fewer. */
export const FRAME_BYTES = 112;

const childOf = (name) => fileURLToPath(new URL(`../processes/${name}`, import.meta.url));

/**
 * The way of a fill without anything of ours: from before the sending of a frame in this process, through a second one that
 * sends it on, to so many clients in a third. As many processes are woken and as many sockets written to.
 *
 * @param relay - file in `processes`, and what it is told; it says where it listens.
 * @param clients - file in `processes`.
 * @param connect - to where the relay listens, before the clients; resolves with what sends a frame and what hangs up.
 */
export async function relayLatency({ relay, clients, connect }, count, publishes, onWarm) {
  const relaying = fork(childOf(relay.file), relay.args);
  const [address] = await once(relaying, 'message');
  const { send, end } = await connect(address);
  const receiving = fork(childOf(clients), [address, String(count)]);
  await once(receiving, 'message');
  const ask = async (question) => {
    const answer = once(receiving, 'message');
    receiving.send(question);
    return (await answer)[0];
  };
  const pace = new Pace(count, true);
  for (let publish = 1; publish <= pace.warmUp + publishes; publish++) {
    if (publish === pace.warmUp + 1) {
      await ask('forget');
      await onWarm();
    }
    await pace.next(publish);
    const frame = Buffer.alloc(FRAME_BYTES);
    frame.writeDoubleLE(performance.timeOrigin + performance.now(), 0);
    send(frame);
  }
  await pause(300);
  const latenciesMs = await ask('latencies');
  const { p50, p99 } = quantilesOf(latenciesMs);
  receiving.disconnect();
  relaying.disconnect();
  end();
  return { 'p50 ms': [p50], 'p99 ms': [p99], 'over 1 ms %': [percentAbove(latenciesMs, 1)] };
}
