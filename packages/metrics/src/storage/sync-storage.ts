import { type Attributes, type Context, context as contextApi } from '@opentelemetry/api';
import type { Aggregator } from '../aggregation/aggregator.ts';
import type { Series } from '../aggregation/series.ts';
import type { SharedSource } from '../aggregation/shared-source.ts';
import type { Source } from '../aggregation/source.ts';
import type { Arena, Block } from '../arena/arena.ts';
import { AttributeIndex, isOverflow, NO_ATTRIBUTES, OVERFLOW_ATTRIBUTES } from '../attributes/attribute-index.ts';
import { type AttributeRules, KEEP_ALL } from '../attributes/attributes-processor.ts';
import type { Clock } from '../clock.ts';
import type { IAttributesProcessor } from '../data-types.ts';
import type { ExemplarStore } from '../exemplar/exemplar-store.ts';
import { filteredAttributes } from '../exemplar/filtered-attributes.ts';
import { Departures, type Witness } from './departures.ts';

export interface SyncStorageOptions {
  readonly aggregator: Aggregator;
  readonly arena: Arena;
  readonly clock: Clock;
  readonly limit: number;
  readonly rules: AttributeRules;
  readonly exemplars: ExemplarStore;
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
  readonly exemplars: ExemplarStore;
  readonly #index: AttributeIndex<Series>;
  readonly #processors: readonly IAttributesProcessor[] | undefined;
  readonly #keepsAll: boolean;
  readonly #arena: Arena;
  readonly #clock: Clock;
  readonly #shared = new Map<Series, Sharing>();
  readonly #departures = new Departures();
  /** Series that handles write to, with the number of handles; their blocks cannot be given away. */
  readonly #pins = new Map<Series, number>();
  readonly #freeOrdinals: number[] = [];
  /** Whether another thread reads the series, which then stay where they are. */
  readonly #isAnnounced: boolean;
  #vacantCount = 0;
  /** In overflow series that have been forgotten since. */
  #overflowedBefore = 0;

  constructor(options: SyncStorageOptions) {
    const { aggregator, arena, clock, onSeries } = options;
    this.aggregator = aggregator;
    this.limit = options.limit;
    this.exemplars = options.exemplars;
    this.#keepsAll = options.rules === KEEP_ALL;
    this.#processors = options.rules.processors;
    this.#arena = arena;
    this.#clock = clock;
    this.#isAnnounced = onSeries !== undefined;
    let ordinals = 0;
    this.#index = new AttributeIndex({
      limit: options.limit,
      keeps: options.rules.keeps,
      makeRoom: () => this.#makeRoom(),
      create: (attributes) => {
        const block = arena.allocate(aggregator.blockLength);
        const ordinal = this.#freeOrdinals.pop() ?? ordinals++;
        const parts = { block, ordinal, attributes, startTimeMillis: clock.now() };
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

  /** Whether the limit has turned an attribute set away. */
  get hasOverflowed(): boolean {
    return this.#index.hasOverflowed;
  }

  /** Measurements recorded under the overflow set since the start. */
  get overflowedCount(): number {
    if (!this.hasOverflowed) return this.#overflowedBefore;
    return this.#overflowedBefore + this.sourceOf(this.#index.overflow()!).updates;
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

  /** What an exemplar has to say of a measurement's attributes: those that its point lacks. */
  attributesBeyond(series: Series, measured: Attributes | undefined): Attributes {
    const { attributes } = series;
    return this.#keepsAll && attributes !== OVERFLOW_ATTRIBUTES
      ? NO_ATTRIBUTES
      : filteredAttributes(measured, attributes);
  }

  addWitness(witness: Witness): void {
    this.#departures.addWitness(witness);
  }

  /** Notes that a reader's stream has reported all there is, and forgets the series that waited for it. */
  reported(witness: Witness): void {
    for (const series of this.#departures.reported(witness)) this.#forget(series);
    if (this.#vacantCount * 4 > this.#index.series.length) this.#compact();
  }

  /** Forgets the series of an attribute set, once every reader has had its last point. */
  remove(attributes: Attributes | undefined): void {
    const series = this.#index.known(attributes ?? NO_ATTRIBUTES);
    if (series !== undefined) this.#retire(series);
  }

  /** Forgets the series that nobody recorded into for a while, once every reader has had their last points. */
  retireIdle(nowMillis: number, ttlMillis: number): void {
    for (const series of this.#departures.idle(this.#index.series, nowMillis, ttlMillis)) this.#retire(series);
  }

  /** Holds a series for a handle. */
  pin(series: Series): void {
    this.#pins.set(series, (this.#pins.get(series) ?? 0) + 1);
  }

  unpin(series: Series): void {
    const pins = this.#pins.get(series) ?? 0;
    if (pins > 1) this.#pins.set(series, pins - 1);
    else this.#pins.delete(series);
  }

  /** Joins a block that another thread writes to the series of its attributes. */
  addMember(thread: number, attributes: Attributes, block: Block): void {
    // What overflowed there overflows here too; a view's keys have been applied where it was recorded.
    const own = isOverflow(attributes) ? this.#index.overflow() : this.resolve(attributes, undefined);
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

  #retire(series: Series): void {
    if (this.#isAnnounced || this.#shared.has(series)) return;
    if (this.#departures.announce(series)) this.#forget(series);
  }

  /** The place stays until it is needed, so that a handle, or the same attributes again, find it as new. */
  #forget(series: Series): void {
    if (isOverflow(series.attributes)) this.#overflowedBefore += series.updates;
    this.#departures.conclude(series);
    this.aggregator.forget(series.ordinal);
    series.reset(this.#clock.now());
    this.#vacantCount++;
  }

  #makeRoom(): void {
    if (!this.#departures.isEmpty) for (const series of this.#departures.all()) this.#forget(series);
    if (this.#vacantCount > 0) this.#compact();
  }

  /** Gives away the places of series without a record and without a handle. */
  #compact(): void {
    this.#vacantCount = 0;
    const length = this.aggregator.blockLength;
    this.#index.retain((series) => {
      if (series.updates > 0 || this.#pins.has(series) || this.#shared.has(series)) return true;
      this.#arena.release(series.cells, series.at, length);
      this.#freeOrdinals.push(series.ordinal);
      return false;
    });
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
    let processed: Attributes;
    try {
      processed = { ...attributes };
      const active = context ?? contextApi.active();
      for (const processor of processors) processed = processor.process(processed, active);
    } catch {
      // The user's processor, or a getter of the attributes, threw: the measurement is dropped and counted by the caller.
      return undefined;
    }
    return this.#index.resolve(processed);
  }
}
