import { isId } from './check.ts';
import { isDuration, isName } from '@nanometer/instrumentation';
import { type Drops, dropsIn } from './drops.ts';
import type { InferenceEvent, OutcomeEvent, PredictionEvent } from './events.ts';
import { Instruments } from './instruments.ts';
import { Model } from './model.ts';
import { type MlInstrumentationOptions, type Settings, settingsOf } from './options.ts';
import { PendingTable } from './pending-table.ts';

/**
 * Records the metrics of models: how long they take, what they predict and how right they are.
 *
 * No method throws or logs: what is invalid of an event, or beyond a limit, is counted in `ml.event.dropped` by reason,
 * and what is valid of the same event is still recorded. Time is that of the events: no clock is read.
 */
export class MlInstrumentation {
  readonly #settings: Settings;
  readonly #instruments: Instruments;
  readonly #drops: Drops;
  readonly #models = new Map<string, Model>();
  readonly #pending = new PendingTable<Model>();

  /** @throws MlOptionError when an option is out of range. */
  constructor(options: MlInstrumentationOptions = {}) {
    this.#settings = settingsOf(options);
    this.#instruments = new Instruments(this.#settings.meter);
    this.#drops = dropsIn(this.#instruments.eventDropped);
  }

  /** Events, and parts of events, left out so far. */
  get dropped(): number {
    return this.#drops.total;
  }

  /** Predictions that wait for their outcome. */
  get pending(): number {
    return this.#pending.size;
  }

  /** A model was called. */
  onInference(event: InferenceEvent): void {
    const model = this.#model(event?.model);
    if (model === undefined) return;
    if (isDuration(event.durationSeconds)) model.inference.record(event.durationSeconds);
    else this.#drops.count('invalid_duration');
  }

  /**
   * A prediction was made. With an id it is pending until its outcome is reported, or until `horizonMs` plus the
   * option `pendingTtlMs` have passed in the time of later events.
   */
  onPrediction(event: PredictionEvent): void {
    const model = this.#model(event?.model);
    if (model === undefined) return;
    const { predictionId, value, timeMs } = event;
    this.expire(timeMs);
    if (predictionId !== undefined && this.#pending.has(predictionId)) {
      this.#drops.count('duplicate_prediction');
      return;
    }
    model.made.add(1);
    if (Number.isFinite(value)) model.value.record(value);
    else this.#drops.count('invalid_value');
    if (predictionId !== undefined) this.#await(predictionId, model, timeMs, event.horizonMs ?? 0);
  }

  /** The outcome of a prediction is known. Given neither `correct` nor `error`, it is refused and the prediction stays pending. */
  onOutcome(event: OutcomeEvent): void {
    this.expire(event?.timeMs);
    const { correct, error } = event ?? {};
    const scored = error !== undefined && Number.isFinite(error);
    if (error !== undefined && !scored) this.#drops.count('invalid_value');
    if (typeof correct !== 'boolean' && !scored) {
      this.#drops.count('invalid_outcome');
      return;
    }
    const model = this.#modelOf(event);
    if (model === undefined) return;
    if (scored) model.error.record(Math.abs(error));
    if (typeof correct !== 'boolean') model.scored.add(1);
    else if (correct) model.correct.add(1);
    else model.incorrect.add(1);
  }

  /**
   * Gives up every prediction whose deadline is before a time, in Unix milliseconds. Every prediction and outcome does
   * it with its own time; a service whose models are idle calls it to bring the pending count up to date. A time that is not
   * finite expires nothing.
   */
  expire(timeMs: number): void {
    if (!Number.isFinite(timeMs)) return;
    while (this.#pending.nextDeadlineMs < timeMs) this.#giveUp('expired');
  }

  #await(predictionId: string | number, model: Model, timeMs: number, horizonMs: number): void {
    if (!isId(predictionId)) {
      this.#drops.count('invalid_name');
      return;
    }
    const deadlineMs =
      Number.isFinite(timeMs) && isDuration(horizonMs) ? timeMs + horizonMs + this.#settings.pendingTtlMs : Number.NaN;
    if (!Number.isFinite(deadlineMs)) {
      this.#drops.count('invalid_time');
      return;
    }
    if (this.#pending.size >= this.#settings.maxPending) this.#giveUp('evicted');
    this.#pending.add(predictionId, model, deadlineMs);
    model.pending.add(1);
  }

  #giveUp(reason: 'expired' | 'evicted'): void {
    const model = this.#pending.removeEarliest();
    model?.pending.add(-1);
    model?.[reason].add(1);
  }

  #modelOf({ predictionId, model }: OutcomeEvent): Model | undefined {
    if (predictionId === undefined) return this.#model(model);
    const owner = this.#pending.remove(predictionId);
    if (owner === undefined) this.#drops.count('unknown_prediction');
    else owner.pending.add(-1);
    return owner;
  }

  #model(name: string | undefined): Model | undefined {
    return this.#models.get(name as string) ?? this.#addModel(name);
  }

  #addModel(name: string | undefined): Model | undefined {
    if (!isName(name) || this.#models.size >= this.#settings.maxModels) {
      this.#drops.count(isName(name) ? 'too_many_models' : 'invalid_name');
      return undefined;
    }
    const model = new Model(name, this.#instruments);
    this.#models.set(name, model);
    return model;
  }
}
