// Child of measure/bare-ws.js and measure/bare-relay.js: so many clients of a bare server; answers with what it is asked for.
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { answerWithLatencies } from './latencies.js';

const [url, count] = process.argv.slice(2);
const note = answerWithLatencies();
const onMessage = (data) => note(data.readDoubleLE(0));
const clients = Array.from({ length: Number(count) }, () => new WebSocket(url, { perMessageDeflate: false }));
for (const client of clients) {
  client.on('message', onMessage);
  if (client.readyState !== WebSocket.OPEN) await once(client, 'open');
}
process.send('ready');
