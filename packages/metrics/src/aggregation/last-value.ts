import { DataPointType } from '../data-types.ts';
import type { Aggregator, PointReader } from './aggregator.ts';
import { Column } from './column.ts';
import { MEASUREMENT } from './measurement.ts';
import { HEAD_LENGTH, Series, type SeriesParts } from './series.ts';
import { SharedSource } from './shared-source.ts';
import type { Source } from './source.ts';

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

/** The state is the value. */
export class LastValueSeries extends Series<number> {
  record(): void {
    setLastValue(this.cells, this.at, measurement[0]!);
  }

  snapshot(): number {
    return this.cells[this.at + VALUE]!;
  }

  clear(): void {
    this.cells[this.at + VALUE] = 0;
  }

  absorb(value: number): void {
    this.cells[this.at + VALUE] = value;
  }
}

/**
 * The gauge of several threads: the value of the one seen to record last. No clock is read and no lock taken to record,
 * so among threads that recorded between two looks the one that joined last wins.
 */
export class LatestOfThreads extends SharedSource<number> {
  readonly #seenUpdates: Map<Series<number>, number>;
  #latest: Series<number>;

  constructor(own: Series<number>, members: readonly Series<number>[], before: LatestOfThreads | undefined) {
    super(own, members, (_, latest) => latest);
    const seen = before === undefined ? [] : [...before.#seenUpdates];
    const inUse = new Set([own, ...members]);
    this.#seenUpdates = new Map(seen.filter(([series]) => inUse.has(series)));
    this.#latest = before === undefined ? own : before.#latest;
  }

  override snapshot(): number {
    const changed = [this.own, ...this.members].filter((series) => {
      const { updates } = series;
      if (updates === (this.#seenUpdates.get(series) ?? 0)) return false;
      this.#seenUpdates.set(series, updates);
      return true;
    });
    this.#latest = this.latestOf(changed) ?? this.#latest;
    return this.#latest.snapshot();
  }

  /** Which of the series that have been recorded since the last look counts. */
  protected latestOf(changed: readonly Series<number>[]): Series<number> | undefined {
    return changed.at(-1);
  }

  override inherit(gone: Series<number>): void {
    this.snapshot();
    const ownValue = this.own.snapshot();
    super.inherit(gone);
    if (this.#latest === gone) this.#latest = this.own;
    else this.own.absorb(ownValue);
    this.#seenUpdates.set(this.own, this.own.updates);
  }
}

export class CurrentValue implements PointReader<number, number> {
  read(source: Source<number>): number | undefined {
    return source.updates === 0 ? undefined : source.snapshot();
  }

  forget(): void {
    // The current value needs no baseline.
  }
}

/** Reports a gauge only when it was recorded since this reader last looked, be it with the same value. */
export class ValueSinceLastRead implements PointReader<number, number> {
  readonly #updates = new Column(0);

  read(source: Source<number>): number | undefined {
    const { ordinal, updates } = source;
    if (updates === this.#updates.get(ordinal)) return undefined;
    this.#updates.set(ordinal, updates);
    return source.snapshot();
  }

  forget(ordinal: number): void {
    this.#updates.set(ordinal, 0);
  }
}

/** Keeps the value recorded last. */
export class LastValueAggregator implements Aggregator<number, number, LastValueSeries> {
  readonly dataPointType: DataPointType = DataPointType.GAUGE;
  readonly isMonotonic = false;
  readonly blockLength: number = BLOCK_LENGTH;

  createSeries(parts: SeriesParts): LastValueSeries {
    return new LastValueSeries(parts);
  }

  share(
    own: LastValueSeries,
    members: readonly LastValueSeries[],
    before: SharedSource<number> | undefined,
  ): SharedSource<number> {
    return new LatestOfThreads(own, members, before as LatestOfThreads | undefined);
  }

  forget(): void {
    // Everything is in the block.
  }

  createPointReader(delta: boolean): PointReader<number, number> {
    return delta ? new ValueSinceLastRead() : new CurrentValue();
  }
}
