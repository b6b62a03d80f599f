// Child of measure/bare-relay.js: a bare server that sends what its first connection sends to all the others.
import { once } from 'node:events';
import { WebSocketServer } from 'ws';

const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
await once(server, 'listening');
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
process.send(`ws://127.0.0.1:${server.address().port}`);
