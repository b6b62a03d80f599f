import type { Attributes } from '@opentelemetry/api';
import type { Block } from '../arena/arena.ts';
import { DataPointType } from '../data-types.ts';
import type { Aggregator, PointReader, Series } from './aggregator.ts';
import { Column } from './column.ts';
import { MEASUREMENT } from './measurement.ts';

const measurement = MEASUREMENT;

/** Block: number of records, last value. */
const UPDATES = 0;
const VALUE = 1;
const BLOCK_LENGTH = 2;

/** Replaces the value in a block and counts the record. */
export function setLastValue(cells: Float64Array, at: number, value: number): void {
  cells[at + VALUE] = value;
  cells[at + UPDATES]! += 1;
}

export class LastValueSeries implements Series {
  readonly ordinal: number;
  readonly attributes: Attributes;
  readonly startTimeMillis: number;
  readonly block: Block;
  readonly #cells: Float64Array;
  readonly #at: number;

  constructor(block: Block, ordinal: number, attributes: Attributes, startTimeMillis: number) {
    this.ordinal = ordinal;
    this.attributes = attributes;
    this.startTimeMillis = startTimeMillis;
    this.block = block;
    this.#cells = block.cells;
    this.#at = block.at;
  }

  record(): void {
    setLastValue(this.#cells, this.#at, measurement[0]!);
  }

  get updates(): number {
    return this.#cells[this.#at + UPDATES]!;
  }

  get value(): number {
    return this.#cells[this.#at + VALUE]!;
  }
}

class CurrentValue implements PointReader<LastValueSeries, number> {
  read(series: LastValueSeries): number | undefined {
    return series.updates === 0 ? undefined : series.value;
  }
}

/** Reports a gauge only when it was recorded since this reader last looked, be it with the same value. */
class ValueSinceLastRead implements PointReader<LastValueSeries, number> {
  readonly #updates = new Column(0);

  read(series: LastValueSeries): number | undefined {
    const { ordinal, updates } = series;
    if (updates === this.#updates.get(ordinal)) return undefined;
    this.#updates.set(ordinal, updates);
    return series.value;
  }
}

/** Keeps the value recorded last. */
export class LastValueAggregator implements Aggregator<LastValueSeries, number> {
  readonly dataPointType: DataPointType = DataPointType.GAUGE;
  readonly isMonotonic = false;
  readonly blockLength: number = BLOCK_LENGTH;

  createSeries(block: Block, ordinal: number, attributes: Attributes, startTimeMillis: number): LastValueSeries {
    return new LastValueSeries(block, ordinal, attributes, startTimeMillis);
  }

  createPointReader(delta: boolean): PointReader<LastValueSeries, number> {
    return delta ? new ValueSinceLastRead() : new CurrentValue();
  }
}
