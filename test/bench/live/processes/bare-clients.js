// Child of measure/bare-ws.js: so many clients of a bare server; answers with what it is asked for.
import { once } from 'node:events';
import { WebSocket } from 'ws';

const [url, count] = process.argv.slice(2);
let latencies = [];
const onMessage = (data) => {
  latencies.push(performance.timeOrigin + performance.now() - data.readDoubleLE(0));
};
const clients = Array.from({ length: Number(count) }, () => new WebSocket(url, { perMessageDeflate: false }));
for (const client of clients) {
  client.on('message', onMessage);
  if (client.readyState !== WebSocket.OPEN) await once(client, 'open');
}
const answers = {
  forget: () => (latencies = []),
  latencies: () => latencies,
};
process.on('message', (question) => process.send(answers[question]()));
process.once('disconnect', () => process.exit(0));
process.send('ready');
