// The machine on which the targets were set is not this one. What it needed for some peers is known; a run that measures the
// same peers knows by how much this machine, under the load of the moment, is slower, and can say what its own times would
// have been there.

/** What the peers needed on the machine on which the targets were set, for the cases of the same names. */
export const REFERENCE = {
  machine: 'the machine on which the targets were set',
  source:
    'the yardsticks that stand beside the targets: prom-client 29 ms, stock OTLP 8 ms with collect; best runs of a bare ws server on loopback and of columns in typed arrays',
  yardsticks: {
    scrape: { library: 'prom-client', measure: 'CPU ms', there: 29 },
    OTLP: { library: '@opentelemetry/otlp-transformer', measure: 'time ms', there: 8 },
    'frame to 1, p50': { library: 'ws', measure: 'p50 ms', there: 0.044 },
    'frame to 1, p99': { library: 'ws', measure: 'p99 ms', there: 0.43 },
    'frame to 10, p50': { library: 'ws', measure: 'p50 ms', there: 0.067 },
    'frame to 10, p99': { library: 'ws', measure: 'p99 ms', there: 0.62 },
    'frame to 100, p50': { library: 'ws', measure: 'p50 ms', there: 0.443 },
    columns: { library: 'typed arrays', measure: 'update ns', there: 2.4 },
  },
};

/** The measure under which a library states prom-client's scrape, run in turns with its own work: see beside.js. */
export const BESIDE = 'prom-client beside it, CPU ms';

/**
 * The yardsticks with what they needed in this run; `slower` is how many times more than on the reference machine. A
 * yardstick whose case did not run is left out. One that ran in turns with a library names it in `beside`.
 */
export function yardsticksOf(cases, rows) {
  return cases.flatMap(({ name, yardstick = [] }) => [
    ...[yardstick].flat().map((each) => yardstickOf(name, each, rowOf(name, each, rows))),
    ...rows
      .filter((row) => row.case === name && row.measure === BESIDE)
      .map((row) => yardstickOf(name, 'scrape', row, row.library)),
  ]);
}

function rowOf(name, yardstick, rows) {
  const { library, measure } = REFERENCE.yardsticks[yardstick];
  const row = rows.find((each) => each.case === name && each.library === library && each.measure === measure);
  if (row === undefined) throw new Error(`"${name}" has no ${measure} of ${library}, the yardstick "${yardstick}"`);
  return row;
}

function yardstickOf(name, yardstick, { best }, beside) {
  const { library, measure, there } = REFERENCE.yardsticks[yardstick];
  return { yardstick, case: name, library, measure, there, here: best, slower: best / there, beside };
}
