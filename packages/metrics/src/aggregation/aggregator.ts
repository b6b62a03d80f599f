import type { Attributes } from '@opentelemetry/api';
import type { Block } from '../arena/arena.ts';
import type { DataPointType } from '../data-types.ts';

/** One attribute set of one storage: a slot in the arena and the code that writes it. */
export interface Series {
  /** Position within its storage; readers keep their baselines under it. */
  readonly ordinal: number;
  readonly attributes: Attributes;
  /** Unix milliseconds of the first record, or of the `bind` that came before it. */
  readonly startTimeMillis: number;
  readonly block: Block;
  /** Records `MEASUREMENT`, which the instrument's guard has let through. */
  record(): void;
}

/**
 * Reads points on behalf of one reader, and owns that reader's baselines, so that readers cannot disturb each other.
 * Returns `undefined` for what is not to be reported: a series never recorded or, for delta, idle since the last read.
 */
export interface PointReader<S extends Series, Value> {
  read(series: S): Value | undefined;
}

/**
 * How measurements become points. One instance serves all series of a storage.
 *
 * Every block begins with the number of records. It tells readers whether there is anything new, with no flag to clear
 * and therefore nothing that two readers could contend for.
 */
export interface Aggregator<S extends Series = Series, Value = unknown> {
  readonly dataPointType: DataPointType;
  readonly isMonotonic: boolean;
  /** Cells one series takes. */
  readonly blockLength: number;
  createSeries(block: Block, ordinal: number, attributes: Attributes, startTimeMillis: number): S;
  createPointReader(delta: boolean): PointReader<S, Value>;
}
