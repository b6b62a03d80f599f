/** The document as tables for people. */
export function printReport({ machine, node, versions, load, rows, reference, targets, elsewhere }) {
  const peers = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  console.log(`${machine}, node ${node}, load ${load.before.toFixed(2)} to ${load.after.toFixed(2)}`);
  if (peers.length > 0) console.log(peers.join(', '));
  printRows(rows);
  if (targets.length > 0) printTargets(reference, targets);
  for (const { what, command } of elsewhere) console.log(`\n${what}: ${command}`);
}

function printRows(rows) {
  let heading = '';
  for (const row of rows) {
    const group = `${row.case}: ${row.measure}`;
    if (group !== heading) {
      console.log(`\n${group.padEnd(88)}${'best'.padStart(10)}${'median'.padStart(10)}`);
      heading = group;
    }
    console.log(`  ${row.library.padEnd(86)}${String(row.best).padStart(10)}${String(row.median).padStart(10)}`);
  }
}

function printTargets({ machine, yardsticks }, targets) {
  console.log(`\nscaled: what it would be on ${machine}, by the yardsticks of this run, of each the least slow`);
  for (const { yardstick, library, measure, there, here, slower, case: name, beside } of yardsticks) {
    const place = beside === undefined ? '' : ` (beside "${name}")`;
    console.log(`  ${yardstick}: ${library}, ${measure}: ${here} here, ${there} there, ${slower.toFixed(2)} x${place}`);
  }
  const heads = ['target', 'raw', '', 'scaled', '', 'by'];
  const lines = targets.map((each) => [
    `${each.target}: ${each.library}, ${each.measure}`,
    figure(each.measured, each.unit),
    word(each.met),
    each.scaled === undefined ? '-' : figure(each.scaled, each.unit),
    each.scaled === undefined ? 'no yardstick' : word(each.scaledMet),
    each.scaledBy ?? '-',
  ]);
  const widths = heads.map((head, i) => Math.max(head.length, ...lines.map((cells) => cells[i].length)));
  const show = (cells) => cells.map((cell, i) => cell.padEnd(widths[i])).join('  ');
  console.log(`\n  ${show(heads)}`);
  let name = '';
  for (const [i, cells] of lines.entries()) {
    if (targets[i].case !== name) console.log(`  ${(name = targets[i].case)}`);
    console.log(`  ${show(cells)}`);
  }
}

function figure(value, unit) {
  return `${value} ${unit}`;
}

function word(met) {
  return met ? 'met' : 'MISSED';
}
