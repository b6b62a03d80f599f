import { Column } from '../column.ts';

/** Smallest and largest measurement of a series, or of one interval of it. */
export interface Extremes {
  readonly min: number;
  readonly max: number;
}

/** Where a histogram series keeps its running minimum and maximum. */
export interface HasExtremes {
  readonly ordinal: number;
  min: number;
  max: number;
}

/** The interval of one delta reader that has not been reported yet. */
interface PendingExtremes {
  readonly min: Column;
  readonly max: Column;
}

/**
 * Splits the running minimum and maximum of each series into one interval per delta reader.
 *
 * Recording keeps a single pair. A delta reader moves that pair into the total and into the pending interval of every
 * delta reader, and starts the pair afresh: each reader gets its own interval, and recording knows of none of them.
 */
export class ExtremesLedger {
  readonly #totalMin = new Column(Infinity);
  readonly #totalMax = new Column(-Infinity);
  readonly #pending: PendingExtremes[] = [];

  /** Over the life of the series. */
  total(series: HasExtremes): Extremes {
    return {
      min: Math.min(series.min, this.#totalMin.get(series.ordinal)),
      max: Math.max(series.max, this.#totalMax.get(series.ordinal)),
    };
  }

  /** Registers a delta reader; the function returns the extremes since it was last called for that series. */
  addInterval(): (series: HasExtremes) => Extremes {
    // Its first interval is everything so far, part of which another delta reader may have moved to the total.
    const pending: PendingExtremes = { min: this.#totalMin.clone(), max: this.#totalMax.clone() };
    this.#pending.push(pending);
    return (series) => {
      this.#drain(series);
      const { ordinal } = series;
      const extremes = { min: pending.min.get(ordinal), max: pending.max.get(ordinal) };
      pending.min.set(ordinal, Infinity);
      pending.max.set(ordinal, -Infinity);
      return extremes;
    };
  }

  #drain(series: HasExtremes): void {
    const { ordinal, min, max } = series;
    this.#totalMin.set(ordinal, Math.min(min, this.#totalMin.get(ordinal)));
    this.#totalMax.set(ordinal, Math.max(max, this.#totalMax.get(ordinal)));
    for (const pending of this.#pending) {
      pending.min.set(ordinal, Math.min(min, pending.min.get(ordinal)));
      pending.max.set(ordinal, Math.max(max, pending.max.get(ordinal)));
    }
    series.min = Infinity;
    series.max = -Infinity;
  }
}
