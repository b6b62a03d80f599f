import type { Attributes } from '@opentelemetry/api';
import type { Label } from '../labels/label-set.ts';
import type { Chunks } from './chunks.ts';
import type { FamilyType, Point } from './point.ts';

/** What stands at the head of a family. */
export interface FamilyHead {
  /** Escaped for the format. */
  readonly name: string;
  readonly type: FamilyType;
  readonly help: string;
  /** In Prometheus' words, `bytes_per_second`; empty when there is none. */
  readonly unit: string;
}

/** One series in one format, kept from scrape to scrape. */
export interface SeriesBlock {
  readonly attributes: Attributes;
  /** The same for two series of a family whose labels are the same. */
  readonly key: string;
  /** An earlier series of the family has the same labels. */
  isRepeat: boolean;
  /** Takes the point's values; `false` when they need another block (other buckets, a sum that was not there). */
  update(point: Point): boolean;
  /** Bytes that {@link appendTo} appends. */
  readonly length: number;
  appendTo(chunks: Chunks): void;
}

/** Writes families in one format. */
export interface Encoding {
  /** Names that two families may not both claim, when one of them is of this type. */
  claims(name: string, type: FamilyType): readonly string[];
  /** A block for a series. Throws when the point's value is not what its metric says. */
  createBlock(head: FamilyHead, labels: readonly Label[], point: Point): SeriesBlock;
  /** Whether {@link head} says how many bytes the series take. */
  readonly needsSize: boolean;
  /** What comes before a family's series, which take `seriesBytes`. */
  head(head: FamilyHead, seriesBytes: number): Uint8Array;
  targetInfo(labels: readonly Label[]): Uint8Array;
  /** What ends the exposition. */
  readonly end: Uint8Array;
}

/** Thrown for a point that is not what its metric says, or that the format has no form for. */
export class UnwritablePoint extends Error {
  readonly dropCause: 'invalid_point' | 'scale_out_of_range';

  constructor(dropCause: UnwritablePoint['dropCause']) {
    super(dropCause);
    this.dropCause = dropCause;
  }
}
