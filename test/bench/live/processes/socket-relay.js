// Child of measure/socket-relay.js: writes what its first connection sends to all the others.
import { createServer } from 'node:net';
import { freshSocketPath } from '../measure/fresh-socket-path.js';

const clients = [];
let producer;
const server = createServer((socket) => {
  if (producer !== undefined) {
    clients.push(socket);
    return;
  }
  producer = socket;
  socket.on('data', (data) => {
    for (const client of clients) client.write(data);
  });
});
const path = freshSocketPath();
server.listen(path, () => process.send(path));
process.once('disconnect', () => process.exit(0));
