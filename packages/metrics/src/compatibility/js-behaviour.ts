import type { Aggregator } from '../aggregation/aggregator.ts';
import { Column } from '../aggregation/column.ts';
import type { Source } from '../aggregation/source.ts';
import type { Steps } from '../collect/steps.ts';
import { AggregationType, type MetricData } from '../data-types.ts';
import type { InstrumentState } from '../instrument/target.ts';
import type { ObservedStreamOptions, ObservingStream } from '../observable/observed-stream.ts';
import type { MetricStream } from '../storage/metric-stream.ts';
import type { DeltaStarts } from '../storage/sync-stream.ts';
import type { ViewOptions } from '../view/view-options.ts';
import type { StreamPlan } from '../stream-plan.ts';
import type { Behaviour, Compatibility } from './behaviour.ts';
import { CallerAttributes } from './caller-attributes.ts';
import { recordLikeStock } from './js-instrument.ts';
import { JsObservedStream } from './js-observed-stream.ts';

const STOCK_LIMIT = 2000;

/** Lets the first delta point of a series begin at its first record, and each later one at the previous collection. */
class FirstRecordStarts implements DeltaStarts {
  readonly #wasReported = new Column(0);

  of(source: Source<unknown>, previousMillis: number): number {
    const { ordinal, startTimeMillis } = source;
    if (this.#wasReported.get(ordinal) === 1) return previousMillis;
    this.#wasReported.set(ordinal, 1);
    return startTimeMillis;
  }

  forget(ordinal: number): void {
    this.#wasReported.set(ordinal, 0);
  }
}

interface Place {
  readonly isViewed: boolean;
  readonly name: string;
}

/** What `@opentelemetry/sdk-metrics` 3.1 does where it deviates from the specification, as far as its public tests see. */
export class JsBehaviour implements Behaviour {
  readonly compatibility: Compatibility = 'js';
  readonly overflowPlaces = 1;
  readonly #attributes = new CallerAttributes();
  readonly #places = new WeakMap<MetricStream, Place>();

  /** A view that leaves aggregation or limit open has the instrument's default and 2,000, whatever the reader wants. */
  views(views: readonly ViewOptions[]): readonly ViewOptions[] {
    return views.map((view) => ({
      ...view,
      aggregation: view.aggregation ?? { type: AggregationType.DEFAULT },
      aggregationCardinalityLimit: view.aggregationCardinalityLimit ?? STOCK_LIMIT,
    }));
  }

  instrument<I extends object>(instrument: I, state: InstrumentState): I {
    return recordLikeStock(instrument, state, this.#attributes);
  }

  aggregator(aggregator: Aggregator, { view }: StreamPlan): Aggregator {
    const { keeps, processors } = view.rules;
    return keeps === undefined && processors === undefined ? this.#attributes.remembering(aggregator) : aggregator;
  }

  /** What views made comes first, then the rest, and what has the name of an earlier metric comes right after that. */
  place(streams: MetricStream[], stream: MetricStream, plan: StreamPlan, isViewed: boolean): void {
    const { name } = plan.descriptor;
    this.#places.set(stream, { isViewed, name });
    const group = streams.filter((other) => this.#places.get(other)!.isViewed === isViewed);
    const last = group.findLast((other) => this.#places.get(other)!.name === name) ?? group.at(-1);
    if (last !== undefined) streams.splice(streams.indexOf(last) + 1, 0, stream);
    else if (isViewed) streams.unshift(stream);
    else streams.push(stream);
  }

  deltaStarts(): DeltaStarts {
    return new FirstRecordStarts();
  }

  observedStream(options: ObservedStreamOptions): ObservingStream {
    return new JsObservedStream(options);
  }

  exported(metric: MetricData): Steps<MetricData> {
    return this.#attributes.restored(metric);
  }
}
