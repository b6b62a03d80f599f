import type { Aggregator } from '../aggregation/aggregator.ts';
import type { Steps } from '../collect/steps.ts';
import type { MetricData } from '../data-types.ts';
import type { InstrumentState } from '../instrument/target.ts';
import type { ObservedStreamOptions, ObservingStream } from '../observable/observed-stream.ts';
import type { MetricStream } from '../storage/metric-stream.ts';
import type { DeltaStarts } from '../storage/sync-stream.ts';
import type { ViewOptions } from '../view/view-options.ts';
import type { StreamPlan } from '../stream-plan.ts';

/** What a provider follows where the stock SDK deviates from the specification. */
export type Compatibility = 'specification' | 'js';

/** The decisions in which the stock SDK and the specification differ. None is asked while an instrument records. */
export interface Behaviour {
  readonly compatibility: Compatibility;
  /** Places of a cardinality limit that the overflow series takes. */
  readonly overflowPlaces: 0 | 1;
  /** The views, with what they leave open. */
  views(views: readonly ViewOptions[]): readonly ViewOptions[];
  /** The instrument as the program gets it. */
  instrument<I extends object>(instrument: I, state: InstrumentState): I;
  aggregator(aggregator: Aggregator, plan: StreamPlan): Aggregator;
  /** Adds a stream to those of a reader, which are exported in the order in which they lie. */
  place(streams: MetricStream[], stream: MetricStream, plan: StreamPlan, isViewed: boolean): void;
  /** Where the delta points of one stream begin; at the previous collection when there is none. */
  deltaStarts(): DeltaStarts | undefined;
  observedStream(options: ObservedStreamOptions): ObservingStream;
  /** The metric as it is handed to the reader; as it is when absent. */
  exported?(metric: MetricData): Steps<MetricData>;
}
