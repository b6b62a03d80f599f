/** One row per case, measure and library: the best of all samples and the median of the runs' medians. */
export function rowsOf(runs) {
  const groups = new Map();
  for (const { name, library, measured } of runs) {
    for (const [measure, samples] of Object.entries(measured)) {
      const key = JSON.stringify([name, measure, library]);
      groups.set(key, [...(groups.get(key) ?? []), samples]);
    }
  }
  const rows = [...groups].map(([key, samples]) => {
    const [name, measure, library] = JSON.parse(key);
    const all = samples.flat();
    return {
      case: name,
      measure,
      library,
      unit: unitOf(measure),
      best: rounded(isRate(measure) ? Math.max(...all) : Math.min(...all)),
      median: rounded(median(samples.map(median))),
    };
  });
  // Libraries of a measure side by side, in the order in which they ran.
  const order = [...new Set(rows.map(groupOf))];
  return rows.toSorted((a, b) => order.indexOf(groupOf(a)) - order.indexOf(groupOf(b)));
}

/** Whether more is better. */
export function isRate(measure) {
  return measure.endsWith('/s');
}

function groupOf(row) {
  return `${row.case}\n${row.measure}`;
}

function unitOf(measure) {
  return measure.split(' ').at(-1);
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}

function rounded(value) {
  return Number(value.toPrecision(4));
}
