// Child of fan-out.bench.js: so many subscribers of the probe on one lane; sends back what each was sent and when it came since it was
// last asked, Unix milliseconds.
import { LiveClient } from '@nanometer/live';

const [url, lane, count] = process.argv.slice(2);
let received = [];
const onFrame = ({ values }) => {
  const now = performance.timeOrigin + performance.now();
  for (const sentAt of values) received.push(sentAt, now);
};
for (let index = 0; index < Number(count); index++) {
  const client = new LiveClient({ url, onFrame });
  await client.connect();
  await client.subscribe({ names: ['probe'], lane }).ready;
}
process.on('message', () => {
  process.send(received);
  received = [];
});
process.once('disconnect', () => process.exit(0));
process.send('ready');
