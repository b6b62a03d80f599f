import { type Attributes, type Context, context as contextApi } from '@opentelemetry/api';
import type { Aggregator } from '../aggregation/aggregator.ts';
import type { Series } from '../aggregation/series.ts';
import type { Source } from '../aggregation/source.ts';
import { type Arena, type Block, cellNumber, pageNumber } from '../arena/arena.ts';
import { AttributeIndex, isOverflow, NO_ATTRIBUTES, OVERFLOW_ATTRIBUTES } from '../attributes/attribute-index.ts';
import { NOT_FOUND } from '../attributes/attribute-trie.ts';
import { type AttributeRules, KEEP_ALL } from '../attributes/attributes-processor.ts';
import type { Clock } from '../clock.ts';
import { SERIES_PER_STEP, type Steps } from '../collect/steps.ts';
import type { IAttributesProcessor } from '../data-types.ts';
import type { ExemplarStore, SampledSeries } from '../exemplar/exemplar-store.ts';
import { filteredAttributes } from '../exemplar/filtered-attributes.ts';
import { widened } from '../growth.ts';
import { Departures, type Witness } from './departures.ts';
import { type Reading, Readings } from './readings.ts';
import { Sharings } from './sharings.ts';

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

const MOST_WRITERS = 64;
const WRITER_MASK = MOST_WRITERS - 1;

/**
 * The series of one stream of a synchronous instrument. All readers that want the same aggregation, limit and
 * attributes share it: a measurement is recorded once, however many read it.
 *
 * A series is a position: that of its attributes in the index, of its block's address here, and of what readers keep
 * of it. Objects are made for handles only.
 */
export class SyncStorage {
  readonly aggregator: Aggregator;
  /** Attribute sets with a series of their own, at most. */
  readonly limit: number;
  readonly exemplars: ExemplarStore;
  readonly #index: AttributeIndex;
  readonly #processors: readonly IAttributesProcessor[] | undefined;
  readonly #keepsAll: boolean;
  readonly #arena: Arena;
  readonly #clock: Clock;
  readonly #sharings: Sharings;
  readonly #departures: Departures;
  readonly #readings = new Readings();
  /** Positions that handles write to, with the number of handles; their blocks cannot be given away. */
  readonly #pins = new Map<number, number>();
  /** Whether another thread reads the series, which then stay where they are. */
  readonly #isAnnounced: boolean;
  /** By position: where the block is. */
  #addresses = new Int32Array(0);
  /** Moves to the series that is worked on; there from the first series on. */
  #cursor: Series | undefined = undefined;
  /** Series recorded last, by position modulo their number: going to another takes as long as recording. */
  readonly #writers: (Series | undefined)[] = Array.from({ length: MOST_WRITERS }, () => undefined);
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
    this.#sharings = new Sharings(aggregator);
    this.#departures = new Departures((position) => this.#at(position).updates);
    this.#index = new AttributeIndex({
      limit: options.limit,
      keeps: options.rules.keeps,
      makeRoom: () => this.#makeRoom(),
      create: (position, attributes) => {
        const address = arena.allocate(aggregator.blockLength);
        if (position >= this.#addresses.length) this.#addresses = widened(this.#addresses, position + 1);
        this.#addresses[position] = address;
        this.#at(position).reset(clock.now());
        this.#readings.noteBegun(position);
        aggregator.onSeries?.(attributes);
        onSeries?.(attributes, arena.blockAt(address, aggregator.blockLength));
      },
    });
  }

  /** Whether a view computes attributes, which may depend on the context of each measurement. */
  get isContextual(): boolean {
    return this.#processors !== undefined;
  }

  /** All positions are below this one; some may be vacant. */
  get end(): number {
    return this.#index.end;
  }

  /** Series in use. */
  get size(): number {
    return this.#index.size;
  }

  /** Whether the limit has turned an attribute set away. */
  get hasOverflowed(): boolean {
    return this.#index.hasOverflowed;
  }

  /** Measurements recorded under the overflow set since the start. */
  get overflowedCount(): number {
    if (!this.hasOverflowed) return this.#overflowedBefore;
    return this.#overflowedBefore + this.sourceAt(this.#index.overflow()).updates;
  }

  /** The frozen attributes of a series, one object for as long as it lives; `undefined` where the position is vacant. */
  attributesAt(position: number): Attributes | undefined {
    return this.#index.attributesAt(position);
  }

  /**
   * What readers read for a series: itself, or itself together with its counterparts in other threads. Valid until the
   * next call.
   */
  sourceAt(position: number): Source<unknown> {
    return this.#sharings.sourceAt(position) ?? this.#at(position);
  }

  /** Whether another thread records into a series of this storage. */
  get isShared(): boolean {
    return !this.#sharings.isEmpty;
  }

  /** Where the block of a position in use lies in the arena, until the arena's next revision. */
  addressAt(position: number): number {
    return this.#addresses[position]!;
  }

  /** Finds or creates the series of an attribute set; `NOT_FOUND` when the set cannot be read. Never throws. */
  resolve(attributes: Attributes | undefined, context: Context | undefined): number {
    if (this.#processors === undefined) return this.#index.resolve(attributes);
    return this.#resolveProcessed(this.#processors, attributes, context);
  }

  /** A series as its exemplars see it. */
  sampledAt(position: number): SampledSeries {
    return { ordinal: position, attributes: this.attributesAt(position)! };
  }

  /** The series of an attribute set that has one of its own already, or `NOT_FOUND`. */
  known(attributes: Attributes | undefined): number {
    return this.#index.known(attributes ?? NO_ATTRIBUTES);
  }

  /** What an exemplar has to say of a measurement's attributes: those that its point lacks. */
  attributesBeyond(position: number, measured: Attributes | undefined): Attributes {
    const attributes = this.attributesAt(position)!;
    return this.#keepsAll && attributes !== OVERFLOW_ATTRIBUTES
      ? NO_ATTRIBUTES
      : filteredAttributes(measured, attributes);
  }

  /** The series that `resolve` found, to record one measurement into. */
  writerAt(position: number): Series {
    const writer = this.#writers[position & WRITER_MASK];
    return writer !== undefined && writer.ordinal === position ? writer : this.#writerFor(position);
  }

  /** Makes an object to record into a series with, and holds the series until it is unpinned. */
  pin(position: number): Series {
    this.#pins.set(position, (this.#pins.get(position) ?? 0) + 1);
    return this.#seriesAt(position);
  }

  unpin(position: number): void {
    const pins = this.#pins.get(position) ?? 0;
    if (pins > 1) this.#pins.set(position, pins - 1);
    else this.#pins.delete(position);
  }

  addWitness(witness: Witness): void {
    this.#departures.addWitness(witness);
  }

  /** A stream begins to read the series that there are now; it must end the reading, whatever happens. */
  beginReading(): Reading {
    return this.#readings.begin(this.end, this.#departures.lastNumber);
  }

  endReading(reading: Reading): void {
    this.#readings.end(reading);
  }

  /** Notes that a reader's stream has reported all of a reading, and forgets the series that waited for it. */
  *reported(witness: Witness, { lastDeparture }: Reading): Steps<void> {
    let seen = 0;
    for (const position of this.#departures.positions()) {
      if (this.#departures.reported(position, witness, lastDeparture)) this.#forget(position);
      if (++seen % SERIES_PER_STEP === 0) yield SERIES_PER_STEP;
    }
    if (this.#vacantCount * 4 > this.size) this.#compact();
  }

  /** Forgets the series of an attribute set, once every reader has had its last point. */
  remove(attributes: Attributes | undefined): void {
    const position = this.known(attributes);
    if (position !== NOT_FOUND) this.#retire(position);
  }

  /** Forgets the series that nobody recorded into for a while, once every reader has had their last points. */
  *retireIdle(nowMillis: number, ttlMillis: number): Steps<void> {
    for (let position = 0; position < this.end; position++) {
      if (position % SERIES_PER_STEP === SERIES_PER_STEP - 1) yield SERIES_PER_STEP;
      if (this.attributesAt(position) === undefined) continue;
      if (this.#departures.isIdle(position, nowMillis, ttlMillis)) this.#retire(position);
    }
  }

  /** Joins a block that another thread writes to the series of its attributes. */
  addMember(thread: number, attributes: Attributes, block: Block): void {
    // What overflowed there overflows here too; a view's keys have been applied where it was recorded.
    const position = isOverflow(attributes) ? this.#index.overflow() : this.resolve(attributes, undefined);
    if (position === NOT_FOUND) return;
    this.#sharings.add(thread, position, block, () => this.#seriesAt(position));
    this.#arena.revise();
  }

  /** Takes over what a thread that is gone has recorded. */
  inherit(thread: number): void {
    this.#sharings.inherit(thread);
    this.#arena.revise();
  }

  #writerFor(position: number): Series {
    const known = this.#writers[position & WRITER_MASK];
    if (known === undefined) return (this.#writers[position & WRITER_MASK] = this.#seriesAt(position));
    return this.#moved(known, position);
  }

  #moved(series: Series, position: number): Series {
    const address = this.#addresses[position]!;
    series.moveTo(this.#arena.pages[pageNumber(address)]!, cellNumber(address), position);
    return series;
  }

  /** The cursor, moved to a series. */
  #at(position: number): Series {
    return this.#moved((this.#cursor ??= this.#seriesAt(position)), position);
  }

  #seriesAt(position: number): Series {
    const block = this.#arena.blockAt(this.#addresses[position]!, this.aggregator.blockLength);
    return this.aggregator.createSeries({ block, ordinal: position });
  }

  #retire(position: number): void {
    if (this.#isAnnounced || this.#sharings.has(position)) return;
    if (this.#departures.announce(position)) this.#forget(position);
  }

  /** The place stays until it is needed, so that a handle, or the same attributes again, find it as new. */
  #forget(position: number): void {
    if (isOverflow(this.attributesAt(position)!)) this.#overflowedBefore += this.#at(position).updates;
    this.#departures.conclude(position);
    this.aggregator.forget(position);
    this.#at(position).reset(this.#clock.now());
    this.#arena.revise();
    this.#readings.noteBegun(position);
    this.#vacantCount++;
  }

  #makeRoom(): void {
    if (!this.#departures.isEmpty) for (const position of this.#departures.all()) this.#forget(position);
    if (this.#vacantCount > 0) this.#compact();
  }

  /** Gives away the places of series without a record and without a handle. */
  #compact(): void {
    this.#vacantCount = 0;
    this.#writers.fill(undefined);
    this.#index.retain((position) => {
      if (this.#at(position).updates > 0 || this.#pins.has(position) || this.#sharings.has(position)) return true;
      this.#departures.conclude(position);
      this.#arena.release(this.#addresses[position]!, this.aggregator.blockLength);
      return false;
    });
  }

  #resolveProcessed(
    processors: readonly IAttributesProcessor[],
    attributes: Attributes | undefined,
    context: Context | undefined,
  ): number {
    let processed: Attributes;
    try {
      processed = { ...attributes };
      const active = context ?? contextApi.active();
      for (const processor of processors) processed = processor.process(processed, active);
    } catch {
      // The user's processor, or a getter of the attributes, threw: the measurement is dropped and counted by the caller.
      return NOT_FOUND;
    }
    return this.#index.resolve(processed);
  }
}
