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

/** Reports reservoirs that throw, once; they may be the user's. */
class Faults {
  #hasWarned = false;

  report(error: unknown): void {
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    diag.error('metrics: an exemplar reservoir threw; its exemplars are lost (reported once)', error);
  }
}

/** The exemplars of one reader's stream: a reservoir for every series that was offered an eligible measurement. */
export class StreamExemplars {
  readonly #faults: Faults;
  /** By ordinal. */
  readonly #reservoirs: (ExemplarReservoir | undefined)[] = [];

  constructor(faults: Faults) {
    this.#faults = faults;
  }

  reservoir(series: SampledSeries, create: (attributes: Attributes) => ExemplarReservoir): ExemplarReservoir {
    return (this.#reservoirs[series.ordinal] ??= create(series.attributes));
  }

  /** The exemplars for the point of a series; `undefined` when there are none. */
  collect(ordinal: number, temporality: AggregationTemporality): readonly Exemplar[] | undefined {
    try {
      const exemplars = this.#reservoirs[ordinal]?.collect(temporality);
      return exemplars === undefined || exemplars.length === 0 ? undefined : exemplars;
    } catch (error) {
      this.#faults.report(error);
      return undefined;
    }
  }

  /** Drops the exemplars of a series that is gone: its ordinal may come to stand for another. */
  forget(ordinal: number): void {
    this.#reservoirs[ordinal] = undefined;
  }
}

/**
 * The exemplars of a storage. Readers share its series, but each has reservoirs of its own: what one has collected is
 * not lost for another (specification, readers do not affect each other). Without a reader nothing is kept.
 */
export class ExemplarStore {
  readonly #clock: Clock;
  readonly #createReservoir: (attributes: Attributes) => ExemplarReservoir;
  readonly #faults = new Faults();
  readonly #streams: StreamExemplars[] = [];

  constructor({ clock, createReservoir }: ExemplarStoreOptions) {
    this.#clock = clock;
    this.#createReservoir = createReservoir;
  }

  /** Keeps exemplars for one more stream from now on. */
  addStream(): StreamExemplars {
    const stream = new StreamExemplars(this.#faults);
    this.#streams.push(stream);
    return stream;
  }

  /** Offers an eligible measurement of a series to every reader's reservoir. Never throws. */
  offer(series: SampledSeries, value: number, filteredAttributes: Attributes, context: Context): void {
    const streams = this.#streams;
    try {
      const timestampMillis = this.#clock.now();
      for (let i = 0; i < streams.length; i++) {
        const reservoir = streams[i]!.reservoir(series, this.#createReservoir);
        reservoir.offer(value, timestampMillis, filteredAttributes, context);
      }
    } catch (error) {
      this.#faults.report(error);
    }
  }
}
