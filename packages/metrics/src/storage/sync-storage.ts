import { type Attributes, type Context, context as contextApi } from '@opentelemetry/api';
import type { Aggregator } from '../aggregation/aggregator.ts';
import type { Series } from '../aggregation/series.ts';
import type { Arena } from '../arena/arena.ts';
import { AttributeIndex } from '../attributes/attribute-index.ts';
import type { AttributeRules } from '../attributes/attributes-processor.ts';
import type { Clock } from '../clock.ts';
import type { IAttributesProcessor } from '../data-types.ts';

export interface SyncStorageOptions {
  readonly aggregator: Aggregator;
  readonly arena: Arena;
  readonly clock: Clock;
  readonly limit: number;
  readonly rules: AttributeRules;
}

/**
 * The series of one stream of a synchronous instrument. All readers that want the same aggregation, limit and
 * attributes share it: a measurement is recorded once, however many read it.
 */
export class SyncStorage {
  readonly aggregator: Aggregator;
  /** Attribute sets with a series of their own, at most. */
  readonly limit: number;
  readonly #index: AttributeIndex<Series>;
  readonly #processors: readonly IAttributesProcessor[] | undefined;

  constructor(options: SyncStorageOptions) {
    const { aggregator, arena, clock } = options;
    this.aggregator = aggregator;
    this.limit = options.limit;
    this.#processors = options.rules.processors;
    let ordinal = 0;
    this.#index = new AttributeIndex({
      limit: options.limit,
      keeps: options.rules.keeps,
      create: (attributes) =>
        aggregator.createSeries({
          block: arena.allocate(aggregator.blockLength),
          ordinal: ordinal++,
          attributes,
          startTimeMillis: clock.now(),
        }),
    });
  }

  /** The series in the order in which they were first seen. */
  get series(): readonly Series[] {
    return this.#index.series;
  }

  /** Finds or creates the series of an attribute set; `undefined` when the set cannot be read. Never throws. */
  resolve(attributes: Attributes | undefined, context: Context | undefined): Series | undefined {
    if (this.#processors === undefined) return this.#index.resolve(attributes);
    return this.#resolveProcessed(this.#processors, attributes, context);
  }

  #resolveProcessed(
    processors: readonly IAttributesProcessor[],
    attributes: Attributes | undefined,
    context: Context | undefined,
  ): Series | undefined {
    let processed: Attributes = { ...attributes };
    try {
      const active = context ?? contextApi.active();
      for (const processor of processors) processed = processor.process(processed, active);
    } catch {
      // The user's processor threw: the measurement is dropped and counted by the caller.
      return undefined;
    }
    return this.#index.resolve(processed);
  }
}
