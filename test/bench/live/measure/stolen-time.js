import { readFileSync } from 'node:fs';

/**
 * Begins to count; what it returns answers with the percentage of the processors' time since then that a virtual machine's host gave
 * to others (`steal` of `/proc/stat`); NaN where a system does not tell.
 */
export function stolenTime() {
  const before = ticks();
  return () => {
    const after = ticks();
    return (100 * (after.stolen - before.stolen)) / (after.all - before.all);
  };
}

function ticks() {
  try {
    const [, ...columns] = readFileSync('/proc/stat', 'latin1').split('\n', 1)[0].split(/ +/);
    const counts = columns.slice(0, 8).map(Number);
    return { all: counts.reduce((sum, count) => sum + count, 0), stolen: counts[7] };
  } catch {
    return { all: NaN, stolen: NaN };
  }
}
