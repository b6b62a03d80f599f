// What the client does per update: decode the frame and take its rows over into the store.
// ./node_modules/.bin/node --expose-gc packages/live/bench/decode.bench.js [--json]
import { SeriesStore, decodeFrame, encodeFrame } from '../dist/index.js';
import { report } from './report.js';

const UPDATES = 2_000_000;

function prepared(rows) {
  const ids = Uint32Array.from({ length: rows }, (_, id) => id);
  const values = Float64Array.from(ids, (id) => id * 1.5);
  const header = {
    type: 'update',
    conflated: false,
    final: false,
    backfill: false,
    stream: 0,
    epoch: 1,
    sequence: 1,
    baseTimeMs: 1e12,
  };
  const store = new SeriesStore(rows);
  const series = { name: 'x', kind: 'gauge', field: 'value', unit: '1', attributes: {}, resource: {} };
  store.define(Array.from(ids, (id) => ({ ...series, id })));
  const rowsOf = Array.from(ids, (id) => ({ id, timeMs: 1e12 + id / 1000, value: id * 1.5 }));
  return { frame: encodeFrame(header, ids, ids, values), store, json: JSON.stringify({ sequence: 1, rows: rowsOf }) };
}

function binaryCase(rows) {
  const { frame, store } = prepared(rows);
  return {
    name: `decode and apply, ${rows} rows per frame`,
    run: () => {
      const frames = UPDATES / rows;
      const start = performance.now();
      for (let index = 0; index < frames; index++) store.apply(decodeFrame(frame));
      return ((performance.now() - start) * 1e6) / UPDATES;
    },
    extra: () => ({ bytesPerUpdate: frame.length / rows }),
  };
}

function jsonCase(rows) {
  const { json } = prepared(rows);
  const values = new Float64Array(rows);
  const times = new Float64Array(rows);
  return {
    name: `JSON rows, ${rows} per message`,
    run: () => {
      const messages = UPDATES / 10 / rows;
      const start = performance.now();
      for (let index = 0; index < messages; index++) {
        for (const row of JSON.parse(json).rows) {
          values[row.id] = row.value;
          times[row.id] = row.timeMs;
        }
      }
      return ((performance.now() - start) * 1e6) / (messages * rows);
    },
    extra: () => ({ bytesPerUpdate: json.length / rows }),
  };
}

/** What no decoder can be faster than: the same rows copied from columns that are there already. */
function bareCase(rows) {
  const ids = Uint32Array.from({ length: rows }, (_, id) => id);
  const from = Float64Array.from(ids, (id) => id * 1.5);
  const values = new Float64Array(rows);
  const times = new Float64Array(rows);
  return {
    name: `bare copy loop, ${rows} rows`,
    run: () => {
      const frames = UPDATES / rows;
      const start = performance.now();
      for (let index = 0; index < frames; index++) copyRows(ids, from, values, times);
      return ((performance.now() - start) * 1e6) / UPDATES;
    },
  };
}

function copyRows(ids, from, values, times) {
  for (let row = 0; row < ids.length; row++) {
    const id = ids[row];
    values[id] = from[row];
    times[id] = 1e12 + id / 1000;
  }
}

await report('decode', [
  bareCase(1_000),
  binaryCase(20),
  binaryCase(1_000),
  binaryCase(10_000),
  jsonCase(20),
  jsonCase(1_000),
]);
