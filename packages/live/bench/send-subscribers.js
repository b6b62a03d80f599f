// Child of send.bench.js: so many clients that read and do nothing else.
import { once } from 'node:events';
import { WebSocket } from 'ws';

const [port, count] = process.argv.slice(2);
for (let index = 0; index < Number(count); index++) {
  const client = new WebSocket(`ws://127.0.0.1:${port}`, { perMessageDeflate: false });
  client.on('message', () => undefined);
  await once(client, 'open');
}
process.send('ready');
process.once('disconnect', () => process.exit(0));
