import { type BatchObservableCallback, diag, type Observable, type ObservableCallback } from '@opentelemetry/api';
import { withTimeout } from '../collect/with-timeout.ts';
import { ObservableInstrument } from './observable-instrument.ts';
import { BatchResult, type Observations, SingleObservableResult } from './observations.ts';

interface SingleEntry {
  readonly callback: ObservableCallback;
  readonly instrument: ObservableInstrument;
}

interface BatchEntry {
  readonly callback: BatchObservableCallback;
  readonly instruments: ReadonlySet<ObservableInstrument>;
}

/** What all callbacks of a meter observed for one collection. */
export interface ObservationRound {
  readonly observations: ReadonlyMap<ObservableInstrument, Observations>;
  /** What callbacks threw, rejected with, or `TimeoutError`. */
  readonly errors: readonly unknown[];
}

function sameMembers<T>(a: ReadonlySet<T>, b: ReadonlySet<T>): boolean {
  return a.size === b.size && [...a].every((member) => b.has(member));
}

/** The callbacks of one meter. Each is run once per collection, and what it observes belongs to that collection. */
export class CallbackRegistry {
  readonly #singles: SingleEntry[] = [];
  readonly #batches: BatchEntry[] = [];

  add(callback: ObservableCallback, instrument: ObservableInstrument): void {
    if (this.#positionOf(callback, instrument) < 0) this.#singles.push({ callback, instrument });
  }

  remove(callback: ObservableCallback, instrument: ObservableInstrument): void {
    const position = this.#positionOf(callback, instrument);
    if (position >= 0) this.#singles.splice(position, 1);
  }

  addBatch(callback: BatchObservableCallback, observables: readonly Observable[]): void {
    const instruments = this.#ownInstruments(observables);
    if (instruments.size === 0) {
      diag.error('metrics: a batch callback needs at least one observable instrument of this SDK', observables);
      return;
    }
    if (this.#batchPositionOf(callback, instruments) < 0) this.#batches.push({ callback, instruments });
  }

  removeBatch(callback: BatchObservableCallback, observables: readonly Observable[]): void {
    const position = this.#batchPositionOf(callback, this.#ownInstruments(observables));
    if (position >= 0) this.#batches.splice(position, 1);
  }

  /** Calls every callback before it returns, then waits for the asynchronous ones. Never rejects. */
  async observe(timeoutMillis: number): Promise<ObservationRound> {
    const runs = [
      ...this.#singles.map(async ({ callback, instrument }) => {
        const result = new SingleObservableResult(instrument);
        await withTimeout(callback(result), timeoutMillis, `callback of "${instrument.descriptor.name}"`);
        return new Map([[instrument, result.observations]]);
      }),
      ...this.#batches.map(async ({ callback, instruments }) => {
        const result = new BatchResult(instruments);
        await withTimeout(callback(result), timeoutMillis, 'batch callback');
        return result.observations;
      }),
    ];
    const outcomes = await Promise.allSettled(runs);
    const observations = new Map<ObservableInstrument, Observations>();
    const errors: unknown[] = [];
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') errors.push(outcome.reason);
      else for (const [instrument, observed] of outcome.value) merge(observations, instrument, observed);
    }
    return { observations, errors };
  }

  #ownInstruments(observables: readonly Observable[]): ReadonlySet<ObservableInstrument> {
    return new Set(observables.filter((observable) => observable instanceof ObservableInstrument));
  }

  #positionOf(callback: ObservableCallback, instrument: ObservableInstrument): number {
    return this.#singles.findIndex((entry) => entry.callback === callback && entry.instrument === instrument);
  }

  #batchPositionOf(callback: BatchObservableCallback, instruments: ReadonlySet<ObservableInstrument>): number {
    return this.#batches.findIndex(
      (entry) => entry.callback === callback && sameMembers(entry.instruments, instruments),
    );
  }
}

function merge(
  into: Map<ObservableInstrument, Observations>,
  instrument: ObservableInstrument,
  observed: Observations,
): void {
  const known = into.get(instrument);
  if (known === undefined) into.set(instrument, observed);
  else for (const [set, value] of observed) known.set(set, value);
}
