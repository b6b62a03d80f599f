import type { Cell } from '../store/measure.ts';

/**
 * Causes of a drop that are no loss: the bridge had the point, or a later one of the same total, by the other way in. A
 * desk that pushes what it changes sends most of it twice.
 */
const SUPERSEDED: ReadonlySet<string> = new Set(['duplicate_point', 'stale_point']);

/** Points dropped, by what became of them; NaN where nothing is known. */
export interface DroppedPoints {
  readonly lost: number;
  readonly superseded: number;
}

/** Sums cells keyed by output and cause, all of them or those of one output. */
export function droppedPoints(cells: readonly Cell[], output?: string): DroppedPoints {
  let lost = NaN;
  let superseded = NaN;
  for (const { key, value } of cells) {
    if ((output !== undefined && key[0] !== output) || Number.isNaN(value)) continue;
    if (isSuperseded(key[1] as string)) superseded = (superseded || 0) + value;
    else lost = (lost || 0) + value;
  }
  return { lost, superseded };
}

/** Whether a later point stands for those dropped by a cause. */
export function isSuperseded(cause: string): boolean {
  return SUPERSEDED.has(cause);
}
