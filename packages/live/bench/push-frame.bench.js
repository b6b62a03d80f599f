// What it takes to make the WebSocket message of a few rows, as a desk does after each fill: written into one buffer, and
// as a frame of its own that `ws` masks.
// ./node_modules/.bin/node --expose-gc packages/live/bench/push-frame.bench.js [--json]
import { Sender } from 'ws';
import { openFrame, sealFrame } from '../dist/protocol/encode-frame.js';
import { PushFrame } from '../dist/publisher/push-frame.js';
import { report } from './report.js';

const FRAMES = 200_000;
const HEADER = { type: 'update', conflated: false, final: false, backfill: false, stream: 0, epoch: 1 };
const MASKED = { fin: true, rsv1: false, opcode: 2, mask: true, readOnly: true };

function inOneBuffer(rows) {
  const frame = new PushFrame();
  return (sequence) => {
    frame.begin(rows);
    for (let row = 0; row < rows; row++) frame.row(row, row, 0, sequence);
    return frame.message(1, sequence, 1e12).length;
  };
}

function byWs(rows) {
  return (sequence) => {
    const frame = openFrame(rows);
    for (let row = 0; row < rows; row++) {
      frame.ids[row] = row;
      frame.dt[row] = 0;
      frame.values[row] = sequence;
    }
    const { buffer, byteOffset, byteLength } = sealFrame(frame, { ...HEADER, sequence, baseTimeMs: 1e12 });
    return Sender.frame(Buffer.from(buffer, byteOffset, byteLength), MASKED)[0].length;
  };
}

function caseOf(name, rows, make) {
  return {
    name: `${name}, ${rows} rows`,
    run: () => {
      const start = performance.now();
      for (let sequence = 1; sequence <= FRAMES; sequence++) make(sequence);
      const elapsedMs = performance.now() - start;
      return (elapsedMs * 1e6) / FRAMES;
    },
    extra: () => ({ messageBytes: make(1) }),
  };
}

await report(
  'push-frame',
  [5, 100].flatMap((rows) => [caseOf('in one buffer', rows, inOneBuffer(rows)), caseOf('by ws', rows, byWs(rows))]),
);
