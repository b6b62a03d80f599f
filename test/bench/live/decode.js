import { decodeFrame, encodeFrame, SeriesStore } from '@nanometer/live';

const ROWS = 1_000;
const FRAMES = 500;
const RUNS = 40;

/** Nanoseconds per row, a sample per run. */
function perRow(work) {
  return Array.from({ length: RUNS }, () => {
    const start = performance.now();
    for (let index = 0; index < FRAMES; index++) work();
    return ((performance.now() - start) * 1e6) / (ROWS * FRAMES);
  });
}

const ids = Uint32Array.from({ length: ROWS }, (_, id) => id);
const values = Float64Array.from(ids, (id) => id * 1.5);
const flags = { conflated: false, final: false, backfill: false };
const frame = encodeFrame(
  { type: 'update', ...flags, stream: 0, epoch: 1, sequence: 1, baseTimeMs: 1e12 },
  ids,
  ids,
  values,
);

/** A frame of 1,000 rows, decoded and taken over into the client's store. */
async function decode() {
  const store = new SeriesStore(ROWS);
  const series = { name: 'x', kind: 'gauge', field: 'value', unit: '1', attributes: {}, resource: {} };
  store.define(Array.from(ids, (id) => ({ ...series, id })));
  return { 'update ns': perRow(() => store.apply(decodeFrame(frame))) };
}

/** The same columns read in place, with no check of anything, into an array of values and one of times. */
async function bareColumns() {
  const state = new Float64Array(ROWS);
  const times = new Float64Array(ROWS);
  const { buffer, byteOffset } = frame;
  const read = () => {
    const rowIds = new Uint32Array(buffer, byteOffset + 32, ROWS);
    const dt = new Uint32Array(buffer, byteOffset + 32 + 4 * ROWS, ROWS);
    const rowValues = new Float64Array(buffer, byteOffset + 32 + 8 * ROWS, ROWS);
    for (let row = 0; row < ROWS; row++) {
      state[rowIds[row]] = rowValues[row];
      times[rowIds[row]] = 1e12 + dt[row] / 1_000;
    }
  };
  return { 'update ns': perRow(read) };
}

export const cases = [
  {
    name: 'decode in the client, 1,000 rows a frame',
    yardstick: 'columns',
    libraries: { '@nanometer/live': decode, 'typed arrays': bareColumns },
    targets: [{ library: '@nanometer/live', measure: 'update ns', atMost: 5, scaledBy: 'columns' }],
  },
];
