import type { Cell } from '../store/measure.ts';

/** Whether a value can be believed: there is none, it is current, or its source has fallen silent. */
export interface Freshness {
  readonly state: 'none' | 'fresh' | 'stale';
  /** Age of the source's newest value in milliseconds; 0 when there is none. */
  readonly ageMs: number;
}

const NONE: Freshness = { state: 'none', ageMs: 0 };

/** Freshness of what is made of these cells: as old as the most overdue source among them. */
export function freshness(cells: readonly (Cell | undefined)[], nowMs: number): Freshness {
  let worst: Freshness = NONE;
  let worstOverdue = -Infinity;
  for (const cell of cells) {
    if (cell === undefined || Number.isNaN(cell.value)) continue;
    const source = cell.oldestSource(nowMs);
    if (source === undefined) continue;
    const ageMs = Math.max(0, nowMs - source.newestMs);
    const overdue = ageMs / source.staleAfterMs;
    if (overdue <= worstOverdue) continue;
    worstOverdue = overdue;
    worst = { state: overdue > 1 ? 'stale' : 'fresh', ageMs };
  }
  return worst;
}
