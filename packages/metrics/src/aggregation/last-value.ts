import { DataPointType } from '../data-types.ts';
import type { Aggregator, PointReader } from './aggregator.ts';
import { Column } from './column.ts';
import { MEASUREMENT } from './measurement.ts';
import { HEAD_LENGTH, Series, type SeriesParts } from './series.ts';

const measurement = MEASUREMENT;

// Block: number of records, start time, last value.
const UPDATES = 0;
const VALUE = 2;
const BLOCK_LENGTH = HEAD_LENGTH + 1;

/** Replaces the value in a block and counts the record. */
export function setLastValue(cells: Float64Array, at: number, value: number): void {
  cells[at + VALUE] = value;
  cells[at + UPDATES]! += 1;
}

export class LastValueSeries extends Series {
  record(): void {
    setLastValue(this.cells, this.at, measurement[0]!);
  }

  get value(): number {
    return this.cells[this.at + VALUE]!;
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

  createSeries(parts: SeriesParts): LastValueSeries {
    return new LastValueSeries(parts);
  }

  createPointReader(delta: boolean): PointReader<LastValueSeries, number> {
    return delta ? new ValueSinceLastRead() : new CurrentValue();
  }
}
