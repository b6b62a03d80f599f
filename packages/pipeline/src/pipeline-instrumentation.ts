import { isName } from '@nanometer/instrumentation';
import { type Drops, dropsIn } from './drops.ts';
import type { ErrorEvent, IngestEvent, ProcessedEvent, QueueSizeEvent } from './events.ts';
import { Instruments } from './instruments.ts';
import { type PipelineInstrumentationOptions, type Settings, settingsOf } from './options.ts';
import { Stage } from './stage.ts';
import { type AnyFunction, type WrapOptions, wrapStage } from './wrap.ts';

/**
 * Records the metrics of the stages of a data pipeline.
 *
 * No method throws or logs: what is invalid of an event, or beyond a limit, is counted in `pipeline.event.dropped` by
 * reason, and what is valid of the same event is still recorded. After the first event of a stage, recording allocates nothing.
 */
export class PipelineInstrumentation {
  readonly #settings: Settings;
  readonly #instruments: Instruments;
  readonly #drops: Drops;
  readonly #stages = new Map<string, Stage>();

  /** @throws PipelineOptionError when an option is out of range. */
  constructor(options: PipelineInstrumentationOptions = {}) {
    this.#settings = settingsOf(options);
    this.#instruments = new Instruments(this.#settings.meter);
    this.#drops = dropsIn(this.#instruments.eventDropped);
  }

  /** Events, and parts of events, left out so far. */
  get dropped(): number {
    return this.#drops.total;
  }

  /** Records entered a stage. */
  onIngest(event: IngestEvent): void {
    this.#stage(event?.stage)?.ingest(event.records);
  }

  /** A stage finished a batch. */
  onProcessed(event: ProcessedEvent): void {
    this.#stage(event?.stage)?.processed(event.records, event.durationSeconds);
  }

  /** The size of the queue in front of a stage. */
  onQueueSize(event: QueueSizeEvent): void {
    this.#stage(event?.stage)?.queueSize(event.size);
  }

  /** A stage failed. */
  onError(event: ErrorEvent): void {
    this.#stage(event?.stage)?.error(event.errorType);
  }

  /**
   * Wraps a function, plain or async, as a stage: counts what goes in, measures what comes out and counts what is
   * thrown, by type; see {@link WrapOptions}. Returns the function itself where the stage's name is invalid or beyond the limit.
   */
  wrap<Wrapped extends AnyFunction>(stage: string, wrapped: Wrapped, options: WrapOptions<Wrapped> = {}): Wrapped {
    const known = this.#stage(stage);
    return known === undefined ? wrapped : wrapStage(known, wrapped, this.#settings.clock, options);
  }

  #stage(name: string): Stage | undefined {
    return this.#stages.get(name) ?? this.#addStage(name);
  }

  #addStage(name: string): Stage | undefined {
    if (!isName(name) || this.#stages.size >= this.#settings.maxStages) {
      this.#drops.count(isName(name) ? 'too_many_stages' : 'invalid_name');
      return undefined;
    }
    const stage = new Stage(name, this.#instruments, this.#drops, this.#settings.maxErrorTypes);
    this.#stages.set(name, stage);
    return stage;
  }
}
