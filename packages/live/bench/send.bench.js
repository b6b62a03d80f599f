// What a frame of 8 rows costs per connection: written as a message that all connections share, and by `send` of `ws`.
// CPU of this process per frame and connection, 100 connections whose clients are in another process; interleaved.
// ./node_modules/.bin/node packages/live/bench/send.bench.js [--json]
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { cpus, loadavg } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { WebSocketServer } from 'ws';
import { openFrame, sealFrame } from '../dist/protocol/encode-frame.js';
import { MESSAGE_ROOM, binaryMessage } from '../dist/server/streams/binary-message.js';

const CONNECTIONS = 100;
const FRAMES = 200;
const ROUNDS = 7;
const SUBSCRIBERS = new URL('send-subscribers.js', import.meta.url);
const HEADER = { type: 'update', conflated: false, final: false, backfill: false, stream: 0, epoch: 1, sequence: 1 };
const AS_BINARY = { binary: true, compress: false };

const http = createServer();
const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
const connections = [];
http.on('upgrade', (request, wire, head) => {
  sockets.handleUpgrade(request, wire, head, (socket) => connections.push({ socket, wire }));
});
http.listen(0, '127.0.0.1');
await once(http, 'listening');
const child = fork(SUBSCRIBERS, [String(http.address().port), String(CONNECTIONS)]);
await once(child, 'message');

const frame = () => sealFrame(openFrame(8, MESSAGE_ROOM), { ...HEADER, baseTimeMs: 1e12 });
const ways = {
  'send of ws': () => {
    const bytes = frame();
    for (const { socket } of connections) socket.send(bytes, AS_BINARY);
  },
  'shared message': () => {
    const message = binaryMessage(frame());
    for (const { wire } of connections) wire.write(message);
  },
};

/** User and system CPU in µs per frame and connection; a pause between frames lets the clients read. */
async function measured(send) {
  let micros = 0;
  for (let index = 0; index < FRAMES; index++) {
    const before = process.cpuUsage();
    send();
    // What the streams do after the turn of the event loop is part of it.
    await pause(0);
    const { user, system } = process.cpuUsage(before);
    micros += user + system;
    await pause(2);
  }
  return micros / FRAMES / CONNECTIONS;
}

const results = Object.fromEntries(Object.keys(ways).map((name) => [name, []]));
for (let round = 0; round <= ROUNDS; round++) {
  for (const [name, send] of Object.entries(ways)) {
    const micros = await measured(send);
    // The first round warms up.
    if (round > 0) results[name].push(micros);
  }
}
child.disconnect();
http.close();
for (const { socket } of connections) socket.terminate();

const rig = { node: process.version, cpu: cpus()[0]?.model, cores: cpus().length, load1: loadavg()[0] };
const rows = Object.entries(results).map(([way, samples]) => {
  const sorted = samples.toSorted((a, b) => a - b);
  return { way, 'least µs': Number(sorted[0].toFixed(2)), 'median µs': Number(sorted[ROUNDS >> 1].toFixed(2)) };
});
if (process.argv.includes('--json')) console.log(JSON.stringify({ benchmark: 'send', rig, rows }, undefined, 2));
else {
  console.log(`CPU per frame and connection (${rig.node}, ${rig.cores} cores, load ${rig.load1})`);
  console.table(rows);
}
