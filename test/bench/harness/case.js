// A file in export/ exports `cases`, a list of
//
//   name       what is measured, unique among all files
//   libraries  library → async () → measure → samples, e.g. { 'CPU ms': [4.1, 4.0, ...] }; runs in a process of its own
//   peers      packages whose versions the report states
//   targets    { library, measure, atMost | atLeast } in the measure's unit, or { library, measure, against, times }:
//              the best of `library` is at least `times` better than the best of `against`
//
// The last word of a measure is its unit; one that ends in `/s` is better when it is higher.
import { readdirSync } from 'node:fs';

const FOLDER = new URL('../export/', import.meta.url);

/** All cases, in the order of their files' names. */
export async function readCases() {
  const files = readdirSync(FOLDER)
    .filter((file) => file.endsWith('.js'))
    .sort();
  const cases = [];
  for (const file of files) {
    for (const each of await casesOf(file)) cases.push({ file, peers: [], targets: [], ...each });
  }
  const names = cases.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new Error(`two cases are called "${twice}"`);
  return cases;
}

/** The cases of one file. */
export async function casesOf(file) {
  return (await import(new URL(file, FOLDER))).cases;
}
