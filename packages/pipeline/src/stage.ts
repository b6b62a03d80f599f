import {
  type BoundCounter,
  type BoundGauge,
  type BoundHistogram,
  bindCounter,
  bindGauge,
  bindHistogram,
} from '@nanometer/metrics';
import { ATTR_ERROR_TYPE, ATTR_PIPELINE_STAGE } from '@nanometer/semconv';
import type { Attributes } from '@opentelemetry/api';
import { isCount, isDuration, isName } from '@nanometer/instrumentation';
import type { Drops } from './drops.ts';
import type { Instruments } from './instruments.ts';

/** OpenTelemetry's value for an `error.type` that is none of the known ones. */
export const OTHER_ERROR = '_OTHER';

/** One stage with its bound series. */
export class Stage {
  readonly #attributes: Attributes;
  readonly #instruments: Instruments;
  readonly #drops: Drops;
  readonly #maxErrorTypes: number;
  readonly #ingest: BoundCounter;
  readonly #processed: BoundCounter;
  readonly #duration: BoundHistogram;
  readonly #queue: BoundGauge;
  readonly #errors = new Map<string, BoundCounter>();

  constructor(name: string, instruments: Instruments, drops: Drops, maxErrorTypes: number) {
    this.#attributes = { [ATTR_PIPELINE_STAGE]: name };
    this.#instruments = instruments;
    this.#drops = drops;
    this.#maxErrorTypes = maxErrorTypes;
    this.#ingest = bindCounter(instruments.ingestCount, this.#attributes);
    this.#processed = bindCounter(instruments.processCount, this.#attributes);
    this.#duration = bindHistogram(instruments.processDuration, this.#attributes);
    this.#queue = bindGauge(instruments.queueSize, this.#attributes);
  }

  ingest(records: number): void {
    if (isCount(records)) this.#ingest.add(records);
    else this.#drops.count('invalid_count');
  }

  processed(records: number, durationSeconds: number): void {
    if (isCount(records)) this.#processed.add(records);
    else this.#drops.count('invalid_count');
    if (isDuration(durationSeconds)) this.#duration.record(durationSeconds);
    else this.#drops.count('invalid_duration');
  }

  queueSize(size: number): void {
    if (isCount(size)) this.#queue.record(size);
    else this.#drops.count('invalid_count');
  }

  error(type: string): void {
    const known = this.#errors.get(type) ?? this.#addError(type);
    known.add(1);
  }

  #addError(type: string): BoundCounter {
    const admitted = isName(type) && this.#errors.size < this.#maxErrorTypes ? type : OTHER_ERROR;
    const bound =
      this.#errors.get(admitted) ??
      bindCounter(this.#instruments.errorCount, { ...this.#attributes, [ATTR_ERROR_TYPE]: admitted });
    this.#errors.set(admitted, bound);
    return bound;
  }
}
