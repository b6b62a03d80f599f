// What the server does per update: keep the value, and put it into a frame.
// ./node_modules/.bin/node --expose-gc packages/live/bench/encode.bench.js [--json]
import { encodeRows } from '../dist/server/streams/encode-rows.js';
import { FrameTexts } from '../dist/server/streams/frame-texts.js';
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
]);
