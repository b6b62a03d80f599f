// What the server does per update: keep the value, and put it into a frame.
// ./node_modules/.bin/node --expose-gc packages/live/bench/encode.bench.js [--json]
import { deflateRawSync } from 'node:zlib';
import { encodeRows } from '../dist/server/streams/encode-rows.js';
import { encodeUpdates } from '../dist/server/streams/encode-updates.js';
import { FrameTexts } from '../dist/server/streams/frame-texts.js';
import { UpdateRows } from '../dist/server/streams/update-rows.js';
import { SeriesTable } from '../dist/server/series-table.js';
import { report } from './report.js';

const HEADER = { type: 'update', conflated: false, stream: 0, epoch: 1, sequence: 1, numbered: true, nowMs: 0 };

function table(series) {
  const table = new SeriesTable(series);
  for (let index = 0; index < series; index++) {
    table.register({ name: 'x', kind: 'gauge', field: 'value', unit: '1', attributes: { index }, resource: {} });
  }
  return table;
}

function timed(updates, action) {
  const start = performance.now();
  action();
  return ((performance.now() - start) * 1e6) / updates;
}

function encodeCase(rows, frames) {
  const source = table(rows);
  for (let id = 0; id < rows; id++) source.write(id, 1e12 + id / 1000, id);
  const ids = source.dirtyIds.slice();
  const texts = new FrameTexts(source);
  let bytes = 0;
  return {
    name: `encode, ${rows} rows per frame`,
    run: () =>
      timed(rows * frames, () => {
        for (let frame = 0; frame < frames; frame++) bytes += encodeRows(source, ids, HEADER, texts)[0].bytes.length;
      }),
    extra: () => ({ bytesPerUpdate: Math.round((100 * bytes) / (8 * rows * frames)) / 100 }),
  };
}

/** Every update kept and sent, as lossless streams have it. */
function losslessCase(rows, frames) {
  const source = table(rows);
  const texts = new FrameTexts(source);
  const updates = new UpdateRows();
  return {
    name: `note and encode each update, ${rows} rows per frame`,
    run: () =>
      timed(rows * frames, () => {
        for (let frame = 0; frame < frames; frame++) {
          for (let id = 0; id < rows; id++) updates.push(id, 1e12 + id / 1000, id);
          encodeUpdates(updates, HEADER, texts);
          updates.clear();
        }
      }),
  };
}

/** A snapshot is compressed once per group; what each level costs and saves per row of prices that differ a little. */
function deflateCase(level) {
  const source = table(10_000);
  for (let id = 0; id < 10_000; id++) source.write(id, 1e12, 100 + (id % 977) / 100);
  const [{ bytes }] = encodeRows(source, source.dirtyIds.slice(), HEADER, new FrameTexts(source));
  let size = 0;
  return {
    name: `deflate a snapshot of 10,000 rows, level ${level}`,
    run: () =>
      timed(10_000, () => {
        size = deflateRawSync(bytes.subarray(32), { level }).byteLength;
      }),
    extra: () => ({ bytesPerUpdate: Math.round(size / 100) / 100 }),
  };
}

const updated = table(10_000);
await report('encode', [
  {
    name: 'update, 10,000 series, all dirty each tick',
    run: () =>
      timed(10_000 * 100, () => {
        for (let tick = 0; tick < 100; tick++) {
          for (let id = 0; id < 10_000; id++) updated.write(id, 1e12 + tick, id + tick);
          updated.clearDirty();
        }
      }),
  },
  encodeCase(20, 20_000),
  encodeCase(1_000, 1_000),
  encodeCase(10_000, 100),
  losslessCase(20, 20_000),
  losslessCase(1_000, 1_000),
  deflateCase(1),
  deflateCase(6),
]);
