import type { Attributes } from '@opentelemetry/api';
import type { Block } from '../arena/arena.ts';
import type { Source } from './source.ts';

// Every block begins with the number of records and the start time. The number of records tells readers whether there
// is anything new, with no flag to clear and therefore nothing that two readers could contend for.
const UPDATES = 0;
const START = 1;
/** Where the cells of an aggregation begin. */
export const HEAD_LENGTH = 2;

/** What a series is made of. */
export interface SeriesParts {
  readonly block: Block;
  /** Position within its storage, unique for ever; readers keep their baselines under it. */
  readonly ordinal: number;
  readonly attributes: Attributes;
  /**
   * Unix milliseconds of the first record, or of the `bind` that came before it. Absent for a block that another thread
   * has set up and writes: such a series is for reading.
   */
  readonly startTimeMillis?: number;
}

/** One attribute set of one storage: a slot in the arena and the code that writes it. */
export abstract class Series<State = unknown> implements Source<State> {
  readonly ordinal: number;
  readonly attributes: Attributes;
  readonly cells: Float64Array<SharedArrayBuffer>;
  readonly at: number;

  constructor(parts: SeriesParts) {
    this.ordinal = parts.ordinal;
    this.attributes = parts.attributes;
    this.cells = parts.block.cells;
    this.at = parts.block.at;
    if (parts.startTimeMillis !== undefined) this.cells[this.at + START] = parts.startTimeMillis;
  }

  /** Records `MEASUREMENT`, which the instrument's guard has let through. */
  abstract record(): void;

  abstract snapshot(): State;

  /** Makes the block what it was before the first record. */
  abstract clear(): void;

  /** Adds what another thread left behind. */
  abstract absorb(state: State): void;

  get isShared(): boolean {
    return false;
  }

  get updates(): number {
    return this.cells[this.at + UPDATES]!;
  }

  get startTimeMillis(): number {
    return this.cells[this.at + START]!;
  }

  /** Forgets everything recorded; what is recorded from now on is a new series with the same attributes. */
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
