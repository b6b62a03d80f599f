import {
  type BoundCounter,
  type BoundGauge,
  type BoundHistogram,
  type BoundUpDownCounter,
  bindCounter,
  bindGauge,
  bindHistogram,
  bindUpDownCounter,
} from '@nanometer/metrics';
import { ATTR_ML_DROP_REASON, ATTR_ML_MODEL_NAME, ATTR_ML_PREDICTION_OUTCOME } from '@nanometer/semconv';
import type { Instruments } from './instruments.ts';

/** One model's bound series. */
export class Model {
  readonly inference: BoundHistogram;
  readonly made: BoundCounter;
  readonly value: BoundGauge;
  readonly error: BoundHistogram;
  readonly pending: BoundUpDownCounter;
  readonly correct: BoundCounter;
  readonly incorrect: BoundCounter;
  readonly scored: BoundCounter;
  readonly expired: BoundCounter;
  readonly evicted: BoundCounter;

  constructor(name: string, instruments: Instruments) {
    const model = { [ATTR_ML_MODEL_NAME]: name };
    const resolved = (outcome: string): BoundCounter =>
      bindCounter(instruments.predictionResolved, { ...model, [ATTR_ML_PREDICTION_OUTCOME]: outcome });
    const givenUp = (reason: string): BoundCounter =>
      bindCounter(instruments.predictionExpired, { ...model, [ATTR_ML_DROP_REASON]: reason });
    this.inference = bindHistogram(instruments.inferenceDuration, model);
    this.made = bindCounter(instruments.predictionCount, model);
    this.value = bindGauge(instruments.predictionValue, model);
    this.error = bindHistogram(instruments.predictionError, model);
    this.pending = bindUpDownCounter(instruments.predictionPending, model);
    this.correct = resolved('correct');
    this.incorrect = resolved('incorrect');
    this.scored = resolved('scored');
    this.expired = givenUp('expired');
    this.evicted = givenUp('evicted');
  }
}
