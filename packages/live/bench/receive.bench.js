// What a client does with a small frame out of a socket's buffer, where it lies at no multiple of 8: as `ws` tells its own
// listeners, copied into small arrays; and as its `onmessage` tells it, copied into an ArrayBuffer of its own.
// ./node_modules/.bin/node --expose-gc packages/live/bench/receive.bench.js [--json]
import { decodeFrame, encodeFrame } from '../dist/index.js';
import { report } from './report.js';

const MESSAGES = 200_000;
/** Of an unmasked message with less than 126 bytes. */
const HEADER_BYTES = 2;

function received(rows) {
  const ids = Uint32Array.from({ length: rows }, (_, id) => id);
  const header = { type: 'update', conflated: false, final: false, backfill: false, stream: 0, epoch: 1, sequence: 1 };
  const frame = encodeFrame({ ...header, baseTimeMs: 1e12 }, ids, ids, Float64Array.from(ids));
  const buffer = Buffer.concat([Buffer.alloc(HEADER_BYTES), frame]);
  return buffer.subarray(HEADER_BYTES);
}

function caseOf(name, rows, decode) {
  const message = received(rows);
  return {
    name: `${name}, ${rows} rows`,
    run: () => {
      let count = 0;
      const start = performance.now();
      for (let at = 0; at < MESSAGES; at++) count += decode(message).count;
      const elapsedMs = performance.now() - start;
      if (count !== MESSAGES * rows) throw new Error('rows are missing');
      return (elapsedMs * 1e6) / MESSAGES;
    },
  };
}

const asItIs = (message) => decodeFrame(message);
const inItsOwnBuffer = ({ buffer, byteOffset, byteLength }) =>
  decodeFrame(buffer.slice(byteOffset, byteOffset + byteLength));

await report(
  'receive',
  [1, 3, 8, 9, 100].flatMap((rows) => [
    caseOf('as it is', rows, asItIs),
    caseOf('in its own buffer', rows, inItsOwnBuffer),
  ]),
);
