// A file in the folder of a suite (export/, desk/, ...) exports `cases`, a list of
//
//   name       what is measured, unique among all files
//   libraries  library → async () → measure → samples, e.g. { 'CPU ms': [4.1, 4.0, ...] }; runs in a process of its own
//   peers      packages whose versions the report states
//   yardstick  the case is one of reference.js, or a list of them, by which figures are scaled to the machine on which the
//              targets were set. A library may instead measure that yardstick in turns with its own work: beside.js
//   targets    { library, measure, atMost | atLeast, scaledBy? } in the measure's unit, `scaledBy` a yardstick, or
//              { library, measure, against, times | timesAtMost }: the best of `library` is at least `times` better than
//              the best of `against`, or at most so many times as much
//
// The last word of a measure is its unit; one that ends in `/s` is better when it is higher.
import { readdirSync } from 'node:fs';

const folderOf = (suite) => new URL(`../${suite}/`, import.meta.url);

/** All cases of a suite, in the order of their files' names. */
export async function readCases(suite) {
  const files = readdirSync(folderOf(suite))
    .filter((file) => file.endsWith('.js'))
    .sort();
  const cases = [];
  for (const file of files) {
    for (const each of await casesOf(suite, file)) cases.push({ file, peers: [], targets: [], ...each });
  }
  const names = cases.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new Error(`two cases are called "${twice}"`);
  return cases;
}

/** The cases of one file of a suite. */
export async function casesOf(suite, file) {
  return (await import(new URL(file, folderOf(suite)))).cases;
}
