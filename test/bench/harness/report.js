import { isRate } from './rows.js';

/** A target with what was measured: by the best of all samples, since load only ever makes things worse. */
export function judge(name, target, rows) {
  const { library, measure, against, times, atMost, atLeast } = target;
  const bestOf = (wanted) =>
    rows.find((row) => row.case === name && row.measure === measure && row.library === wanted)?.best;
  const own = bestOf(library);
  if (own === undefined) throw new Error(`"${name}" has no ${measure} of ${library}`);
  if (against === undefined) {
    const met = atMost === undefined ? own >= atLeast : own <= atMost;
    const wanted = atMost === undefined ? `at least ${atLeast}` : `at most ${atMost}`;
    return { case: name, measure, library, target: wanted, measured: own, met };
  }
  const other = bestOf(against);
  if (other === undefined) throw new Error(`"${name}" has no ${measure} of ${against}`);
  const measured = Number((isRate(measure) ? own / other : other / own).toPrecision(3));
  return {
    case: name,
    measure,
    library,
    target: `${Number(times.toPrecision(3))} x ${against}`,
    measured,
    met: measured >= times,
  };
}

/** The document as a table for people. */
export function printReport({ machine, node, versions, load, rows, targets }) {
  const peers = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  console.log(`${machine}, node ${node}, load ${load.before.toFixed(2)} to ${load.after.toFixed(2)}`);
  if (peers.length > 0) console.log(peers.join(', '));
  let heading = '';
  for (const row of rows) {
    const group = `${row.case}: ${row.measure}`;
    if (group !== heading) {
      console.log(`\n${group.padEnd(72)}${'best'.padStart(10)}${'median'.padStart(10)}`);
      heading = group;
    }
    console.log(`  ${row.library.padEnd(70)}${String(row.best).padStart(10)}${String(row.median).padStart(10)}`);
  }
  if (targets.length > 0) console.log('\ntargets');
  for (const { case: name, measure, library, target, measured, met } of targets) {
    console.log(`  ${met ? 'met   ' : 'MISSED'} ${name}, ${library}, ${measure}: ${measured} (${target})`);
  }
}
