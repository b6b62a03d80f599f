import { DataPointType } from '../data-types.ts';
import type { Aggregator, PointReader } from './aggregator.ts';
import { CurrentValue, LatestOfThreads, ValueSinceLastRead } from './last-value.ts';
import { MEASUREMENT } from './measurement.ts';
import { HEAD_LENGTH, Series, type SeriesParts } from './series.ts';
import type { SharedSource } from './shared-source.ts';

const measurement = MEASUREMENT;

// Block: number of records, start time, last value, position of its record among all records of the storage.
const UPDATES = 0;
const VALUE = 2;
const ORDER = 3;
const BLOCK_LENGTH = HEAD_LENGTH + 2;

/** Numbers the records of a storage. */
class RecordCount {
  value = 0;
}

class OrderedLastValueSeries extends Series<number> {
  readonly #count: RecordCount;

  constructor(parts: SeriesParts, count: RecordCount) {
    super(parts);
    this.#count = count;
  }

  record(): void {
    const { cells, at } = this;
    cells[at + VALUE] = measurement[0]!;
    cells[at + ORDER] = ++this.#count.value;
    cells[at + UPDATES]! += 1;
  }

  get order(): number {
    return this.cells[this.at + ORDER]!;
  }

  snapshot(): number {
    return this.cells[this.at + VALUE]!;
  }

  clear(): void {
    this.cells.fill(0, this.at + VALUE, this.at + BLOCK_LENGTH);
  }

  absorb(value: number): void {
    this.cells[this.at + VALUE] = value;
  }
}

/** Of the series of one thread, the one recorded last; of several threads, the one of the thread that recorded more. */
class LatestRecord extends LatestOfThreads {
  protected override latestOf(changed: readonly Series<number>[]): Series<number> | undefined {
    let latest: OrderedLastValueSeries | undefined = undefined;
    for (const series of changed as readonly OrderedLastValueSeries[]) {
      if (latest === undefined || series.order >= latest.order) latest = series;
    }
    return latest;
  }
}

/**
 * Keeps the value recorded last, and which series it was recorded under: a view may make several attribute sets of
 * another thread one, after the fact, and then the last of their values counts.
 */
export class OrderedLastValueAggregator implements Aggregator<number, number, OrderedLastValueSeries> {
  readonly dataPointType: DataPointType = DataPointType.GAUGE;
  readonly isMonotonic = false;
  readonly blockLength: number = BLOCK_LENGTH;
  readonly #count = new RecordCount();

  createSeries(parts: SeriesParts): OrderedLastValueSeries {
    return new OrderedLastValueSeries(parts, this.#count);
  }

  share(
    own: OrderedLastValueSeries,
    members: readonly OrderedLastValueSeries[],
    before: SharedSource<number> | undefined,
  ): SharedSource<number> {
    return new LatestRecord(own, members, before as LatestRecord | undefined);
  }

  forget(): void {
    // Everything is in the block.
  }

  createPointReader(delta: boolean): PointReader<number, number> {
    return delta ? new ValueSinceLastRead() : new CurrentValue();
  }
}
