import type { Attributes } from '@opentelemetry/api';
import type { Block } from '../arena/arena.ts';

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
  /** Unix milliseconds of the first record, or of the `bind` that came before it. */
  readonly startTimeMillis: number;
}

/** One attribute set of one storage: a slot in the arena and the code that writes it. */
export abstract class Series {
  readonly ordinal: number;
  readonly attributes: Attributes;
  readonly cells: Float64Array<SharedArrayBuffer>;
  readonly at: number;

  constructor(parts: SeriesParts) {
    this.ordinal = parts.ordinal;
    this.attributes = parts.attributes;
    this.cells = parts.block.cells;
    this.at = parts.block.at;
    this.cells[this.at + START] = parts.startTimeMillis;
  }

  /** Records `MEASUREMENT`, which the instrument's guard has let through. */
  abstract record(): void;

  /** Number of records so far. */
  get updates(): number {
    return this.cells[this.at + UPDATES]!;
  }

  get startTimeMillis(): number {
    return this.cells[this.at + START]!;
  }
}
