import { Column } from '../column.ts';
import type { Source } from '../source.ts';

/** Smallest and largest measurement of a series, or of one interval of it. */
export interface Extremes {
  readonly min: number;
  readonly max: number;
}

/** A histogram series keeps its running minimum and maximum so that they can be taken. */
export interface HasExtremes {
  readonly ordinal: number;
  min: number;
  max: number;
}

/**
 * Takes the extremes of a series since the last call. `undefined` where other threads record too: only the thread that
 * records can start its pair afresh.
 */
export type IntervalExtremes = (source: Source<Extremes>) => Extremes | undefined;

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
  total(ordinal: number, running: Extremes): Extremes {
    return {
      min: Math.min(running.min, this.#totalMin.get(ordinal)),
      max: Math.max(running.max, this.#totalMax.get(ordinal)),
    };
  }

  /** Registers a delta reader; the function returns the extremes since it was last called for that series. */
  addInterval(): IntervalExtremes {
    // Its first interval is everything so far, part of which another delta reader may have moved to the total.
    const pending: PendingExtremes = { min: this.#totalMin.clone(), max: this.#totalMax.clone() };
    this.#pending.push(pending);
    return (source) => {
      if (source.isShared) return undefined;
      this.#drain(source as unknown as HasExtremes);
      const { ordinal } = source;
      const extremes = { min: pending.min.get(ordinal), max: pending.max.get(ordinal) };
      pending.min.set(ordinal, Infinity);
      pending.max.set(ordinal, -Infinity);
      return extremes;
    };
  }

  forget(ordinal: number): void {
    for (const { min, max } of [{ min: this.#totalMin, max: this.#totalMax }, ...this.#pending]) {
      min.set(ordinal, Infinity);
      max.set(ordinal, -Infinity);
    }
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
