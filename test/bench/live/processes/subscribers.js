// Child of the suite `live`: so many subscribers of one metric; sends back what each received and when (Unix milliseconds, of
// the machine's one clock), or for `bulk` how many rows all of them were given. Over the WebSocket that the clients of the
// bare server have (bare-clients.js), so that the difference is not that of two libraries.
import { setTimeout as pause } from 'node:timers/promises';
import { LiveClient } from '@nanometer/live';
import { WebSocket } from 'ws';

const [url, name, lane, count] = process.argv.slice(2);
const received = [];
let rows = 0;
const onFrame = (frame) => {
  rows += frame.count;
  if (lane === 'bulk') return;
  const now = performance.timeOrigin + performance.now();
  for (const value of frame.values) received.push(value, now);
};
const clients = Array.from({ length: Number(count) }, () => new LiveClient({ url, onFrame, WebSocket }));
for (const client of clients) {
  await client.connect();
  await client.subscribe({ names: [name], lane }).ready;
}
process.send('ready');
process.once('disconnect', () => process.exit(0));
process.on('message', (message) => {
  if (message === 'rows') process.send(rows);
  else if (message === 'forget') received.length = 0;
  else void finish();
});

async function finish() {
  // What is on its way arrives.
  await pause(300);
  for (const client of clients) client.close();
  // Ends only when all of it is on its way: of a hundred subscribers it is megabytes.
  process.send(received, () => process.disconnect());
}
