import { PERCENTILES, quantilesOf } from '../query/rollup-columns.ts';
import type { Rollup } from '../rollup/rollup.ts';
import type { RollupReader } from '../store/rollup-reader.ts';
import type { MinuteColumns, MinutesWanted } from './messages.ts';

/** The last value of each minute of each series, in order of time; `undefined` when there are more than the limit. */
export function minuteColumns(
  reader: RollupReader,
  wanted: readonly MinutesWanted[],
  afterMs: number,
  untilMs: number,
  rowsLimit: number,
): MinuteColumns | undefined {
  const rows: { readonly id: number; readonly timeMs: number; readonly value: number }[] = [];
  for (const { id, identity, field } of wanted) {
    for (const rollup of reader.minutes(identity, afterMs, untilMs)) {
      const value = fieldOf(rollup, field);
      if (value === undefined) continue;
      if (rows.length === rowsLimit) return undefined;
      rows.push({ id, timeMs: rollup.lastMs, value });
    }
  }
  rows.sort((a, b) => a.timeMs - b.timeMs);
  return {
    ids: Uint32Array.from(rows, ({ id }) => id),
    timesMs: Float64Array.from(rows, ({ timeMs }) => timeMs),
    values: Float64Array.from(rows, ({ value }) => value),
  };
}

function fieldOf(rollup: Rollup, field: string): number | undefined {
  if (field === 'value' || field === 'count') return rollup.last;
  if (field === 'sum') return rollup.lastSum;
  if (field === 'min') return rollup.min;
  if (field === 'max') return rollup.max;
  const index = PERCENTILES.findIndex(([name]) => name === field);
  return quantilesOf(rollup)[index];
}
