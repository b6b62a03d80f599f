// Child of measure/bare-relay.js: a bare server that sends what its first connection sends to all the others.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';
import { freshSocketPath } from '../measure/fresh-socket-path.js';

const http = createServer();
http.listen(process.argv[2] === 'unix' ? { path: freshSocketPath() } : { port: 0, host: '127.0.0.1' });
await once(http, 'listening');
const server = new WebSocketServer({ server: http, perMessageDeflate: false });
const clients = [];
server.on('connection', (socket) => {
  if (server.clients.size > 1) clients.push(socket);
  else {
    socket.on('message', (data) => {
      for (const client of clients) client.send(data);
    });
  }
});
process.once('disconnect', () => process.exit(0));
const address = http.address();
process.send(typeof address === 'string' ? `ws+unix:${address}:/` : `ws://127.0.0.1:${address.port}`);
