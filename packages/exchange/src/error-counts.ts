import { type BoundCounter, bindCounter } from '@nanometer/metrics';
import { isName } from '@nanometer/instrumentation';
import { ATTR_ERROR_TYPE, ATTR_EXCHANGE_OPERATION } from '@nanometer/semconv';
import type { Attributes } from '@opentelemetry/api';
import type { Instruments } from './instruments.ts';

/** OpenTelemetry's value for what is none of the known ones. */
const OTHER = '_OTHER';

/** The errors of one exchange by operation and class, each with a limit beyond which it is `_OTHER`. */
export class ErrorCounts {
  readonly #instruments: Instruments;
  readonly #limits: { readonly operations: number; readonly errorTypes: number };
  readonly #attributes: Attributes;
  readonly #operations = new Map<string, Map<string, BoundCounter>>();

  constructor(
    instruments: Instruments,
    limits: { readonly operations: number; readonly errorTypes: number },
    attributes: Attributes,
  ) {
    this.#instruments = instruments;
    this.#limits = limits;
    this.#attributes = attributes;
  }

  count(operation: string, errorType: string): void {
    const { operations, errorTypes } = this.#limits;
    const place = this.#operations.has(operation) || (isName(operation) && this.#operations.size < operations);
    const name = place ? operation : OTHER;
    let types = this.#operations.get(name);
    if (types === undefined) this.#operations.set(name, (types = new Map<string, BoundCounter>()));
    const type = types.has(errorType) || (isName(errorType) && types.size < errorTypes) ? errorType : OTHER;
    let bound = types.get(type);
    if (bound === undefined) {
      const attributes = { ...this.#attributes, [ATTR_EXCHANGE_OPERATION]: name, [ATTR_ERROR_TYPE]: type };
      bound = bindCounter(this.#instruments.errorCount, attributes);
      types.set(type, bound);
    }
    bound.add(1);
  }
}
