// Child of fan-out-thread.bench.js: so many subscribers of the risk lane; sends back what each was sent and when it came.
import { LiveClient } from '../../dist/client/index.js';

const [url, count] = process.argv.slice(2);
const received = [];
const onFrame = ({ type, values }) => {
  const now = performance.timeOrigin + performance.now();
  if (type === 'update') for (const sentAt of values) received.push([sentAt, now]);
};
const clients = Array.from({ length: Number(count) }, () => new LiveClient({ url, onFrame }));
for (const client of clients) {
  await client.connect();
  await client.subscribe({ names: ['probe'], lane: 'risk' }).ready;
}
process.send('ready');
process.on('message', () => {
  for (const client of clients) client.close();
  // Ends only when all of it is on its way.
  process.send(received, () => process.disconnect());
});
