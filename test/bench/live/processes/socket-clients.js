// Child of measure/socket-relay.js: so many sockets that read frames; answers with what it is asked for.
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { FRAME_BYTES } from '../measure/relay-latency.js';
import { answerWithLatencies } from './latencies.js';

const [path, count] = process.argv.slice(2);
const note = answerWithLatencies();

for (let client = 0; client < Number(count); client++) {
  const socket = createConnection(path);
  // Of a frame that comes in two pieces, which on a local socket it hardly does.
  let rest = Buffer.alloc(0);
  socket.on('data', (data) => {
    const bytes = rest.length === 0 ? data : Buffer.concat([rest, data]);
    let at = 0;
    for (; at + FRAME_BYTES <= bytes.length; at += FRAME_BYTES) note(bytes.readDoubleLE(at));
    rest = bytes.subarray(at);
  });
  await once(socket, 'connect');
}
process.send('ready');
