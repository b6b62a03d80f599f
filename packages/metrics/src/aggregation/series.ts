import type { Block, Page } from '../arena/arena.ts';
import type { Source } from './source.ts';

// Every block begins with the number of records and the start time. The number of records tells readers whether there
// is anything new, with no flag to clear and therefore nothing that two readers could contend for.
const UPDATES = 0;
const START = 1;
/** Where the cells of an aggregation begin. */
export const HEAD_LENGTH = 2;

/** The number of records of the series whose block begins at a cell. */
export function updatesAt(cells: Float64Array, at: number): number {
  return cells[at + UPDATES]!;
}

/** What a series is made of. */
export interface SeriesParts {
  readonly block: Block;
  /** Position within its storage; readers keep their baselines under it. */
  readonly ordinal: number;
  /** Whether another thread writes the block: such a series is for reading. */
  readonly isForeign?: boolean;
}

/**
 * One attribute set of one storage: a slot in the arena and the code that writes it. A handle has one of its own; the
 * storage has a single one that it moves to where it is needed, since ten thousand would take as much memory as what
 * they describe. Two series of one block are the same: all state is in the block.
 */
export abstract class Series<State = unknown> implements Source<State> {
  ordinal: number;
  cells: Float64Array<SharedArrayBuffer>;
  ints: Int32Array<SharedArrayBuffer>;
  at: number;
  protected readonly isForeign: boolean;

  constructor({ block, ordinal, isForeign = false }: SeriesParts) {
    this.ordinal = ordinal;
    this.cells = block.cells;
    this.ints = block.ints;
    this.at = block.at;
    this.isForeign = isForeign;
  }

  /** Goes to another block. */
  moveTo(page: Page, at: number, ordinal: number): void {
    // Seldom another page, and writing an object's reference costs more than comparing it.
    if (this.cells !== page.cells) {
      this.cells = page.cells;
      this.ints = page.ints;
    }
    this.at = at;
    this.ordinal = ordinal;
  }

  /** Records `MEASUREMENT`, which the instrument's guard has let through. */
  abstract record(): void;

  abstract snapshot(): State;

  /** Makes the aggregation's cells what they are before the first record. */
  abstract clear(): void;

  /** Adds what another thread left behind. */
  abstract absorb(state: State): void;

  get isShared(): boolean {
    return false;
  }

  get updates(): number {
    return updatesAt(this.cells, this.at);
  }

  get startTimeMillis(): number {
    return this.cells[this.at + START]!;
  }

  /** Makes the block one without a record; what is recorded from now on is a new series. */
  reset(startTimeMillis: number): void {
    this.clear();
    this.cells[this.at + UPDATES] = 0;
    this.cells[this.at + START] = startTimeMillis;
  }

  /** Takes over the records of a thread that is gone. */
  inherit(gone: Series<State>): void {
    this.absorb(gone.snapshot());
    this.cells[this.at + START] = Math.min(this.startTimeMillis, gone.startTimeMillis);
    // Last, so that a reader which sees the count also sees what it counts.
    this.cells[this.at + UPDATES]! += gone.updates;
  }
}
