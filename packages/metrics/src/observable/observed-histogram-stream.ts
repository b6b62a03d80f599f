import { MEASUREMENT } from '../aggregation/measurement.ts';
import { NOT_FOUND } from '../attributes/attribute-trie.ts';
import { SERIES_PER_STEP, type Steps } from '../collect/steps.ts';
import type { MetricData } from '../data-types.ts';
import type { CollectionTime } from '../storage/metric-stream.ts';
import type { SyncStorage } from '../storage/sync-storage.ts';
import type { SyncStream } from '../storage/sync-stream.ts';
import type { Observations } from './observations.ts';
import type { ObservingStream } from './observed-stream.ts';

/** An observable instrument that a view gave a histogram: every collection records what it observed. */
export class ObservedHistogramStream implements ObservingStream {
  readonly #storage: SyncStorage;
  readonly #stream: SyncStream;

  constructor(storage: SyncStorage, stream: SyncStream) {
    this.#storage = storage;
    this.#stream = stream;
  }

  *observe(observations: Observations): Steps<void> {
    let seen = 0;
    for (const [set, value] of observations) {
      if (++seen % SERIES_PER_STEP === 0) yield SERIES_PER_STEP;
      const position = this.#storage.resolve(set.attributes, undefined);
      if (position === NOT_FOUND || !Number.isFinite(value)) continue;
      MEASUREMENT[0] = value;
      this.#storage.writerAt(position).record();
    }
  }

  collect(now: CollectionTime): Steps<MetricData | undefined> {
    return this.#stream.collect(now);
  }
}
