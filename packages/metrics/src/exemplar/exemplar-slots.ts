import { type Attributes, type Context, isSpanContextValid, trace } from '@opentelemetry/api';
import { hrTimeFromMillis } from '../clock.ts';
import { AggregationTemporality } from '../data-types.ts';
import type { Exemplar } from './exemplar.ts';

/** One kept measurement; its fields are overwritten, so that sampling allocates nothing. */
class ExemplarSlot {
  isUsed = false;
  value = 0;
  timestampMillis = 0;
  filteredAttributes: Attributes | undefined = undefined;
  traceId = '';
  spanId = '';

  set(value: number, timestampMillis: number, filteredAttributes: Attributes, context: Context): void {
    const span = trace.getSpanContext(context);
    const hasSpan = span !== undefined && isSpanContextValid(span);
    this.traceId = hasSpan ? span.traceId : '';
    this.spanId = hasSpan ? span.spanId : '';
    this.isUsed = true;
    this.value = value;
    this.timestampMillis = timestampMillis;
    this.filteredAttributes = filteredAttributes;
  }

  clear(): void {
    this.isUsed = false;
    this.filteredAttributes = undefined;
  }

  exemplar(): Exemplar {
    const { value, traceId, spanId } = this;
    const timestamp = hrTimeFromMillis(this.timestampMillis);
    const filteredAttributes = this.filteredAttributes!;
    return traceId === ''
      ? { value, timestamp, filteredAttributes }
      : { value, timestamp, filteredAttributes, traceId, spanId };
  }
}

/** Places for a fixed number of exemplars; those that are never taken cost nothing. */
export class ExemplarSlots {
  readonly #slots: (ExemplarSlot | undefined)[] = [];

  /** Overwrites one place. */
  set(at: number, value: number, timestampMillis: number, filteredAttributes: Attributes, context: Context): void {
    (this.#slots[at] ??= new ExemplarSlot()).set(value, timestampMillis, filteredAttributes, context);
  }

  /** The exemplars there are; for delta they are forgotten. */
  collect(temporality: AggregationTemporality): Exemplar[] {
    const exemplars: Exemplar[] = [];
    for (const slot of this.#slots) {
      if (slot?.isUsed !== true) continue;
      exemplars.push(slot.exemplar());
      if (temporality === AggregationTemporality.DELTA) slot.clear();
    }
    return exemplars;
  }
}
