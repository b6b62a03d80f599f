import { type Attributes, type Context, diag } from '@opentelemetry/api';
import type { Clock } from '../clock.ts';
import type { AggregationTemporality } from '../data-types.ts';
import type { Exemplar } from './exemplar.ts';
import type { ExemplarReservoir } from './exemplar-reservoir.ts';

/** A series as far as exemplars go. */
export interface SampledSeries {
  readonly ordinal: number;
  readonly attributes: Attributes;
}

export interface ExemplarStoreOptions {
  readonly clock: Clock;
  readonly createReservoir: (attributes: Attributes) => ExemplarReservoir;
}

/** The exemplars of one reader's stream: a reservoir for every series that was offered an eligible measurement. */
export class StreamExemplars {
  readonly #guard: Guard;
  /** By ordinal. */
  readonly #reservoirs: (ExemplarReservoir | undefined)[] = [];

  constructor(guard: Guard) {
    this.#guard = guard;
  }

  reservoir(series: SampledSeries, create: (attributes: Attributes) => ExemplarReservoir): ExemplarReservoir {
    return (this.#reservoirs[series.ordinal] ??= create(series.attributes));
  }

  /** The exemplars for the point of a series; `undefined` when there are none. */
  collect(ordinal: number, temporality: AggregationTemporality): readonly Exemplar[] | undefined {
    const reservoir = this.#reservoirs[ordinal];
    if (reservoir === undefined) return undefined;
    let exemplars: readonly Exemplar[] = [];
    this.#guard.run(() => (exemplars = reservoir.collect(temporality)));
    return exemplars.length === 0 ? undefined : exemplars;
  }

  /** Drops the exemplars of a series that is gone: its ordinal may come to stand for another. */
  forget(ordinal: number): void {
    this.#reservoirs[ordinal] = undefined;
  }
}

/** Runs reservoirs, which may be the user's: what one throws is reported once. */
class Guard {
  #hasWarned = false;

  run(act: () => void): void {
    try {
      act();
    } catch (error) {
      if (this.#hasWarned) return;
      this.#hasWarned = true;
      diag.error('metrics: an exemplar reservoir threw; its exemplars are lost (reported once)', error);
    }
  }
}

/**
 * The exemplars of a storage. Readers share its series, but each has reservoirs of its own: what one has collected is
 * not lost for another (specification, readers do not affect each other). Without a reader nothing is kept.
 */
export class ExemplarStore {
  readonly #options: ExemplarStoreOptions;
  readonly #guard = new Guard();
  readonly #streams: StreamExemplars[] = [];

  constructor(options: ExemplarStoreOptions) {
    this.#options = options;
  }

  /** Keeps exemplars for one more stream from now on. */
  addStream(): StreamExemplars {
    const stream = new StreamExemplars(this.#guard);
    this.#streams.push(stream);
    return stream;
  }

  /** Offers an eligible measurement of a series to every reader's reservoir. Never throws. */
  offer(series: SampledSeries, value: number, filteredAttributes: Attributes, context: Context): void {
    const { clock, createReservoir } = this.#options;
    this.#guard.run(() => {
      const timestampMillis = clock.now();
      for (const stream of this.#streams) {
        stream.reservoir(series, createReservoir).offer(value, timestampMillis, filteredAttributes, context);
      }
    });
  }
}
