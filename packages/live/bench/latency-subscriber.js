// Child of latency.bench.js: subscribes on the lane and sends back how long each update took, in microseconds.
import { LiveClient } from '../dist/client/index.js';

const [url, lane] = process.argv.slice(2);
const latencies = [];
const client = new LiveClient({
  url,
  onFrame: (frame) => {
    const now = performance.timeOrigin + performance.now();
    if (frame.type === 'update') for (const sentAt of frame.values) latencies.push((now - sentAt) * 1_000);
  },
});
await client.connect();
await client.subscribe({ names: ['probe'], lane }).ready;
process.send('ready');
process.on('message', () => {
  process.send(latencies);
  client.close();
  process.disconnect();
});
