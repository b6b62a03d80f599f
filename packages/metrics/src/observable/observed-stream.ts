import type { Attributes } from '@opentelemetry/api';
import { isOverflow } from '../attributes/attribute-index.ts';
import { AttributeMap } from '../attributes/attribute-map.ts';
import type { AttributeRules } from '../attributes/attributes-processor.ts';
import { hrTimeFromMillis } from '../clock.ts';
import { SERIES_PER_STEP, type Steps } from '../collect/steps.ts';
import type { DropCounts } from '../drop-counts.ts';
import { AggregationTemporality, DataPointType, InstrumentType, type MetricData } from '../data-types.ts';
import type { InstrumentDescriptor } from '../instrument/descriptor.ts';
import { type CollectionTime, type MetricStream, type Point, toMetricData } from '../storage/metric-stream.ts';
import type { Observations } from './observations.ts';

/** A metric stream that is fed by callbacks. */
export interface ObservingStream extends MetricStream {
  /** Takes what this reader's run of the callbacks observed. */
  observe(observations: Observations): Steps<void>;
}

class ObservedSeries {
  readonly attributes: Attributes;
  startTimeMillis: number;
  value = 0;
  /** The collection that observed it last. */
  round = -1;
  /** What delta points have told the receiver so far. */
  reported = 0;
  /** The value at the previous report; a smaller one now means that the observed counter began anew. */
  previous = 0;

  constructor(attributes: Attributes, startTimeMillis: number) {
    this.attributes = attributes;
    this.startTimeMillis = startTimeMillis;
  }
}

export interface ObservedStreamOptions {
  readonly descriptor: InstrumentDescriptor;
  readonly aggregation: 'sum' | 'last-value';
  readonly limit: number;
  readonly drops: DropCounts;
  readonly rules: AttributeRules;
  readonly selectTemporality: () => AggregationTemporality;
  readonly createdMillis: number;
}

/**
 * An observable instrument's metric as one reader sees it. All of it belongs to that reader: another reader's callbacks
 * leave no trace here. What a callback no longer observes is not reported (specification, asynchronous instruments).
 */
export class ObservedStream implements ObservingStream {
  readonly #options: ObservedStreamOptions;
  readonly #isMonotonic: boolean;
  readonly #index: AttributeMap<ObservedSeries>;
  #previousMillis: number;
  #round = 0;
  #temporality: AggregationTemporality | undefined = undefined;

  constructor(options: ObservedStreamOptions) {
    this.#options = options;
    this.#isMonotonic = options.descriptor.type === InstrumentType.OBSERVABLE_COUNTER;
    this.#previousMillis = options.createdMillis;
    this.#index = new AttributeMap({
      limit: options.limit,
      keeps: options.rules.keeps,
      // Seen first in this interval, so it began after the previous collection at the latest.
      create: (attributes) => new ObservedSeries(attributes, this.#previousMillis),
    });
  }

  *observe(observations: Observations): Steps<void> {
    const unseen: [Attributes, number][] = [];
    let seen = 0;
    for (const [set, value] of observations) {
      if (++seen % SERIES_PER_STEP === 0) yield SERIES_PER_STEP;
      const attributes = this.#process(set.attributes);
      const series = attributes && this.#index.known(attributes);
      if (series !== undefined) this.#take(series, value);
      else if (attributes !== undefined) unseen.push([attributes, value]);
    }
    // Sets that went away hold their places for the sake of their baselines, until new ones need them.
    if (unseen.length > 0 && this.#index.places + unseen.length > this.#options.limit) {
      this.#index.retain((series) => series.round === this.#round);
    }
    for (const [attributes, value] of unseen) {
      if (++seen % SERIES_PER_STEP === 0) yield SERIES_PER_STEP;
      const series = this.#index.resolve(attributes);
      if (series !== undefined) this.#take(series, value);
    }
  }

  *collect(now: CollectionTime): Steps<MetricData | undefined> {
    const temporality = (this.#temporality ??= this.#options.selectTemporality());
    const points: Point[] = [];
    let seen = 0;
    for (const series of this.#index.values()) {
      if (++seen % SERIES_PER_STEP === 0) yield SERIES_PER_STEP;
      if (series.round === this.#round) points.push(this.#point(series, temporality, now));
    }
    this.#round++;
    this.#previousMillis = now.millis;
    if (points.length === 0) return undefined;
    const isSum = this.#options.aggregation === 'sum';
    const shape = { dataPointType: isSum ? DataPointType.SUM : DataPointType.GAUGE, isMonotonic: this.#isMonotonic };
    return toMetricData(this.#options.descriptor, shape, temporality, points);
  }

  #point(series: ObservedSeries, temporality: AggregationTemporality, now: CollectionTime): Point {
    const { attributes } = series;
    const delta = temporality === AggregationTemporality.DELTA;
    const isSum = this.#options.aggregation === 'sum';
    let { value } = series;
    // Members come and go in the overflow series, so that its fall is no new beginning: it reports nothing until it
    // has grown past what the receiver was told.
    if (isOverflow(attributes) && isSum && delta && this.#isMonotonic && value < series.reported) {
      const startTime = hrTimeFromMillis(this.#previousMillis);
      return { attributes, startTime, endTime: now.hrTime, value: 0 };
    }
    if (isSum && this.#isMonotonic && value < series.previous && !isOverflow(attributes)) {
      series.reported = 0;
      series.startTimeMillis = this.#previousMillis;
    }
    series.previous = value;
    if (isSum && delta) {
      value -= series.reported;
      series.reported += value;
    }
    const startTime = hrTimeFromMillis(delta ? this.#previousMillis : series.startTimeMillis);
    return { attributes, startTime, endTime: now.hrTime, value };
  }

  #take(series: ObservedSeries, value: number): void {
    // One NaN in a sum, and all later ones are NaN; an observable gauge may be viewed as a sum.
    if (this.#options.aggregation === 'sum' && !Number.isFinite(value)) {
      this.#options.drops.refuse(value, this.#options.descriptor.name);
      return;
    }
    // Sets that a view or the overflow makes equal are added up: each observation counts exactly once.
    const adds = this.#options.aggregation === 'sum' && series.round === this.#round;
    series.value = adds ? series.value + value : value;
    series.round = this.#round;
  }

  #process(attributes: Attributes): Attributes | undefined {
    let processed = attributes;
    try {
      for (const processor of this.#options.rules.processors ?? []) processed = processor.process(processed);
      return processed;
    } catch {
      // The user's processor threw: the observation is dropped and counted.
      this.#options.drops.count('invalid_attributes', this.#options.descriptor.name);
      return undefined;
    }
  }
}
