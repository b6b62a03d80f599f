import { decodeFrame, encodeFrame, SeriesStore } from '@nanometer/live';

const ROWS = 1_000;
const FRAMES = 2_000;

/** Nanoseconds per row to decode a frame of 1,000 rows and take it over into the client's store; the best of ten runs. */
export function decodeCost() {
  const ids = Uint32Array.from({ length: ROWS }, (_, id) => id);
  const values = Float64Array.from(ids, (id) => id * 1.5);
  const flags = { conflated: false, final: false, backfill: false };
  const header = { type: 'update', ...flags, stream: 0, epoch: 1, sequence: 1, baseTimeMs: 1e12 };
  const frame = encodeFrame(header, ids, ids, values);
  const store = new SeriesStore(ROWS);
  const series = { name: 'x', kind: 'gauge', field: 'value', unit: '1', attributes: {}, resource: {} };
  store.define(Array.from(ids, (id) => ({ ...series, id })));
  let best = Infinity;
  for (let run = 0; run < 10; run++) {
    const start = performance.now();
    for (let index = 0; index < FRAMES; index++) store.apply(decodeFrame(frame));
    best = Math.min(best, ((performance.now() - start) * 1e6) / (ROWS * FRAMES));
  }
  return { nsPerUpdate: Math.round(best * 100) / 100 };
}
