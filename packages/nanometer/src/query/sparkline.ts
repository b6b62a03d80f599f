const BARS = Array.from('▁▂▃▄▅▆▇█');
const GAP = ' ';

/**
 * Values as bars, the least the lowest and the greatest the highest; a value that is absent is a gap. More values than `width` are
 * shown by the greatest of each group, so that no spike is lost.
 */
export function sparkline(values: readonly (number | null)[], width: number): string {
  const size = Math.max(1, Math.ceil(values.length / width));
  const shown: (number | null)[] = [];
  for (let from = 0; from < values.length; from += size) {
    const group = values.slice(from, from + size).filter((value) => value !== null);
    shown.push(group.length === 0 ? null : Math.max(...group));
  }
  const present = shown.filter((value) => value !== null);
  const least = Math.min(...present);
  // Halves: the difference of two doubles can be beyond them.
  const range = Math.max(...present) / 2 - least / 2;
  return shown.map((value) => (value === null ? GAP : BARS[barOf(value / 2 - least / 2, range)]!)).join('');
}

function barOf(above: number, range: number): number {
  return range > 0 ? Math.min(BARS.length - 1, Math.floor((above / range) * BARS.length)) : 0;
}
