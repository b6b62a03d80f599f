import { type Attributes, type Context, context as contextApi } from '@opentelemetry/api';
import type { Aggregator } from '../aggregation/aggregator.ts';
import type { Series } from '../aggregation/series.ts';
import type { SharedSource } from '../aggregation/shared-source.ts';
import type { Source } from '../aggregation/source.ts';
import type { Arena, Block } from '../arena/arena.ts';
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
  /** Told of every new series. */
  readonly onSeries?: ((attributes: Attributes, block: Block) => void) | undefined;
}

/** A counterpart of a series in another thread. */
interface Member {
  readonly thread: number;
  readonly series: Series;
}

interface Sharing {
  readonly members: readonly Member[];
  readonly source: SharedSource<unknown>;
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
  readonly #shared = new Map<Series, Sharing>();

  constructor(options: SyncStorageOptions) {
    const { aggregator, arena, clock, onSeries } = options;
    this.aggregator = aggregator;
    this.limit = options.limit;
    this.#processors = options.rules.processors;
    let ordinal = 0;
    this.#index = new AttributeIndex({
      limit: options.limit,
      keeps: options.rules.keeps,
      create: (attributes) => {
        const block = arena.allocate(aggregator.blockLength);
        const parts = { block, ordinal: ordinal++, attributes, startTimeMillis: clock.now() };
        const series = aggregator.createSeries(parts);
        onSeries?.(attributes, block);
        return series;
      },
    });
  }

  /** Whether a view computes attributes, which may depend on the context of each measurement. */
  get isContextual(): boolean {
    return this.#processors !== undefined;
  }

  /** The series in the order in which they were first seen. */
  get series(): readonly Series[] {
    return this.#index.series;
  }

  /** What readers read for a series: itself, or itself together with its counterparts in other threads. */
  sourceOf(series: Series): Source<unknown> {
    return this.#shared.size === 0 ? series : (this.#shared.get(series)?.source ?? series);
  }

  /** Finds or creates the series of an attribute set; `undefined` when the set cannot be read. Never throws. */
  resolve(attributes: Attributes | undefined, context: Context | undefined): Series | undefined {
    if (this.#processors === undefined) return this.#index.resolve(attributes);
    return this.#resolveProcessed(this.#processors, attributes, context);
  }

  /** Joins a block that another thread writes to the series of its attributes. */
  addMember(thread: number, attributes: Attributes, block: Block): void {
    const own = this.resolve(attributes, undefined);
    if (own === undefined) return;
    const series = this.aggregator.createSeries({ block, ordinal: own.ordinal, attributes: own.attributes });
    this.#join(own, [...(this.#shared.get(own)?.members ?? []), { thread, series }]);
  }

  /** Takes over what a thread that is gone has recorded. */
  inherit(thread: number): void {
    for (const [own, sharing] of this.#shared) {
      const gone = sharing.members.filter((member) => member.thread === thread);
      if (gone.length === 0) continue;
      // Readers look at the sum of both, which stays the same.
      for (const member of gone) sharing.source.inherit(member.series);
      this.#join(
        own,
        sharing.members.filter((member) => !gone.includes(member)),
      );
    }
  }

  #join(own: Series, members: readonly Member[]): void {
    const series = members.map((member) => member.series);
    const source = this.aggregator.share(own, series, this.#shared.get(own)?.source);
    this.#shared.set(own, { members, source });
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
