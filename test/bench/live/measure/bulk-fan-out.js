import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';

const SECONDS = 3;
const CLIENTS = 10;
const childOf = (name) => fileURLToPath(new URL(`../processes/${name}`, import.meta.url));
const answerOf = (child, message) =>
  new Promise((resolve) => {
    child.once('message', resolve);
    if (message !== undefined) child.send(message);
  });

/** Updates per second that one thread takes, and rows per second that its clients, in another process, are given. */
export async function bulkFanOut() {
  const server = fork(childOf('fan-out-server.js'));
  const url = await answerOf(server);
  const clients = fork(childOf('subscribers.js'), [url, 'x', 'bulk', String(CLIENTS)]);
  await answerOf(clients);
  server.send('go');
  await pause(1_000);
  const [before, rowsBefore] = await Promise.all([answerOf(server, 'stats'), answerOf(clients, 'rows')]);
  await pause(SECONDS * 1_000);
  const [after, rowsAfter] = await Promise.all([answerOf(server, 'stats'), answerOf(clients, 'rows')]);
  const seconds = (after.at - before.at) / 1_000;
  server.disconnect();
  clients.kill();
  return {
    clients: CLIENTS,
    updatesPerSecond: Math.round((after.updatesReceived - before.updatesReceived) / seconds),
    deliveriesPerSecond: Math.round((rowsAfter - rowsBefore) / seconds),
    framesConflated: after.framesConflated - before.framesConflated,
  };
}
