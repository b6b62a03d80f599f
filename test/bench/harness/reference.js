// The machine on which the targets were set is not this one. What it needed for two peers is known; a run that measures the
// same peers knows by how much this machine, under the load of the moment, is slower, and can say what its own times would
// have been there.

/** What the peers needed on the machine on which the targets were set, for the cases of the same names. */
export const REFERENCE = {
  machine: 'the machine on which the targets were set',
  source: 'the yardsticks that stand beside the targets: prom-client 29 ms, stock OTLP 8 ms with collect',
  yardsticks: {
    scrape: { library: 'prom-client', measure: 'CPU ms', there: 29 },
    OTLP: { library: '@opentelemetry/otlp-transformer', measure: 'time ms', there: 8 },
  },
};

/**
 * The yardsticks with what they needed in this run; `slower` is how many times more than on the reference machine. A
 * yardstick whose case did not run is left out.
 */
export function yardsticksOf(cases, rows) {
  return cases.flatMap(({ name, yardstick }) => {
    if (yardstick === undefined) return [];
    const { library, measure, there } = REFERENCE.yardsticks[yardstick];
    const row = rows.find((each) => each.case === name && each.library === library && each.measure === measure);
    if (row === undefined) throw new Error(`"${name}" has no ${measure} of ${library}, the yardstick "${yardstick}"`);
    return [{ yardstick, case: name, library, measure, there, here: row.best, slower: row.best / there }];
  });
}
