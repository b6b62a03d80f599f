import type { Attributes, HrTime } from '@opentelemetry/api';
import { isOverflow } from '../attributes/attribute-index.ts';
import { AttributeMap } from '../attributes/attribute-map.ts';
import { SERIES_PER_STEP, type Steps } from '../collect/steps.ts';
import { AggregationTemporality, DataPointType, InstrumentType, type MetricData } from '../data-types.ts';
import type { Observations } from '../observable/observations.ts';
import type { ObservedStreamOptions, ObservingStream } from '../observable/observed-stream.ts';
import { type CollectionTime, type Point, toMetricData } from '../storage/metric-stream.ts';

class JsObservedSeries {
  readonly attributes: Attributes;
  /** Observed last; what the next observation is compared with. */
  memo: number | undefined = undefined;
  /** Grown in the collection that runs. */
  delta = 0;
  /** The collection that observed it last, and the one before. */
  round = -1;
  lastRound = -1;
  beganAnew = false;
  total = 0;
  startTime: HrTime = [0, 0];

  constructor(attributes: Attributes) {
    this.attributes = attributes;
  }
}

/**
 * An observable instrument's metric as the stock SDK reports it. Cumulative sets that went away stay; the overflow takes
 * each observation for a new value of one series, so that it ends with the last one and grows with every collection; of
 * sets that a view makes equal the last one counts; a series begins at the collection that saw it first.
 */
export class JsObservedStream implements ObservingStream {
  readonly #options: ObservedStreamOptions;
  readonly #isMonotonic: boolean;
  readonly #isSum: boolean;
  readonly #index: AttributeMap<JsObservedSeries>;
  #observed: [Attributes, number][] = [];
  #round = 0;
  #previous: HrTime | undefined = undefined;
  #temporality: AggregationTemporality | undefined = undefined;

  constructor(options: ObservedStreamOptions) {
    this.#options = options;
    this.#isSum = options.aggregation === 'sum';
    this.#isMonotonic = options.descriptor.type === InstrumentType.OBSERVABLE_COUNTER;
    this.#index = new AttributeMap({
      limit: options.limit,
      keeps: options.rules.keeps,
      create: (attributes) => new JsObservedSeries(attributes),
    });
  }

  *observe(observations: Observations): Steps<void> {
    let seen = 0;
    for (const [set, value] of observations) {
      if (++seen % SERIES_PER_STEP === 0) yield SERIES_PER_STEP;
      this.#observed.push([this.#process(set.attributes), value]);
    }
  }

  *collect({ hrTime }: CollectionTime): Steps<MetricData | undefined> {
    const temporality = (this.#temporality ??= this.#options.selectTemporality());
    const isDelta = temporality === AggregationTemporality.DELTA;
    let seen = 0;
    for (const [series, values] of yield* this.#bySeries()) {
      if (++seen % SERIES_PER_STEP === 0) yield SERIES_PER_STEP;
      for (const value of values) this.#take(series, value);
      this.#conclude(series, isDelta, hrTime);
    }
    const points: Point[] = [];
    for (const series of this.#index.values()) {
      if (++seen % SERIES_PER_STEP === 0) yield SERIES_PER_STEP;
      if (isDelta && series.round !== this.#round) continue;
      const { attributes, startTime } = series;
      const value = isDelta ? series.delta : series.total;
      points.push({ attributes, startTime, endTime: hrTime, value });
    }
    this.#round++;
    this.#previous = hrTime;
    this.#observed = [];
    if (points.length === 0) return undefined;
    const shape = {
      dataPointType: this.#isSum ? DataPointType.SUM : DataPointType.GAUGE,
      isMonotonic: this.#isMonotonic,
    };
    return toMetricData(this.#options.descriptor, shape, temporality, points);
  }

  *#bySeries(): Steps<Map<JsObservedSeries, number[]>> {
    const values = new Map<JsObservedSeries, number[]>();
    let seen = 0;
    for (const [attributes, value] of this.#observed) {
      if (++seen % SERIES_PER_STEP === 0) yield SERIES_PER_STEP;
      const series = this.#index.resolve(attributes);
      if (series === undefined) continue;
      const before = values.get(series);
      if (before === undefined) values.set(series, [value]);
      else if (isOverflow(series.attributes)) before.push(value);
      else before[0] = value;
    }
    return values;
  }

  #take(series: JsObservedSeries, value: number): void {
    const { memo } = series;
    const fell = this.#isSum && this.#isMonotonic && memo !== undefined && memo > value;
    const growth = !this.#isSum || memo === undefined || fell ? value : value - memo;
    const adds = this.#isSum && series.round === this.#round && !fell;
    series.delta = adds ? series.delta + growth : growth;
    // Only the last observation of a collection can begin a series anew: what comes after is added to it.
    series.beganAnew = fell;
    series.memo = value;
    series.lastRound = series.round === this.#round ? series.lastRound : series.round;
    series.round = this.#round;
  }

  #conclude(series: JsObservedSeries, isDelta: boolean, now: HrTime): void {
    const isNew = series.lastRound < 0;
    const keeps = this.#isSum && !series.beganAnew;
    series.total = keeps ? series.total + series.delta : series.delta;
    if (!isDelta) series.startTime = isNew || series.beganAnew ? now : series.startTime;
    else series.startTime = !isNew && series.lastRound === this.#round - 1 ? (this.#previous ?? now) : now;
  }

  #process(attributes: Attributes): Attributes {
    let processed = attributes;
    for (const processor of this.#options.rules.processors ?? []) processed = processor.process(processed);
    return processed;
  }
}
