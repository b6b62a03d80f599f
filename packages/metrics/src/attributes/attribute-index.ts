import type { Attributes } from '@opentelemetry/api';
import { AttributeTrie, NOT_FOUND } from './attribute-trie.ts';
import { copyAttributes, type KeyFilter, readPairs } from './copy-attributes.ts';
import { hashAttributes, sameAttributes } from './identity.ts';

/** What the index leads to. */
export interface Attributed {
  /** Frozen copy, never the caller's object. */
  readonly attributes: Attributes;
}

/** The attributes of the series that takes what the cardinality limit turned away. */
export const OVERFLOW_ATTRIBUTES: Attributes = Object.freeze({ 'otel.metric.overflow': true });

/** Whether attributes are those of the overflow series. */
export function isOverflow(attributes: Attributes): boolean {
  return attributes['otel.metric.overflow'] === true && Object.keys(attributes).length === 1;
}

export const NO_ATTRIBUTES: Attributes = Object.freeze({});

/** Trie nodes per series that the cache may hold: other key orders, and the inner nodes of the paths. */
const TRIE_NODES_PER_SERIES = 8;
const SMALLEST_TRIE_NODES = 4096;
const LARGEST_TRIE_NODES = 8_000_000;

export interface AttributeIndexOptions<S> {
  /** The number of distinct attribute sets, the overflow set not counted (specification, cardinality limits). */
  readonly limit: number;
  /** Keys a view keeps; all when absent. */
  readonly keeps?: KeyFilter | undefined;
  readonly create: (attributes: Attributes) => S;
  /** Called when the limit is reached and a new set comes; may forget series with `retain`. */
  readonly makeRoom?: () => void;
}

/**
 * Maps attribute sets to series: by their contents, whatever the order of keys, and types count. The first `limit` sets
 * get a series each for as long as the index lives, all later ones share the overflow series.
 */
export class AttributeIndex<S extends Attributed> {
  readonly #limit: number;
  readonly #keeps: KeyFilter | undefined;
  readonly #create: (attributes: Attributes) => S;
  readonly #makeRoom: (() => void) | undefined;
  readonly #trie: AttributeTrie;
  readonly #series: S[] = [];
  /** Open addressing with linear probing: position of the series + 1, 0 where free. At most half full. */
  #table = new Int32Array(16);
  #hashes = new Int32Array(8);
  #withoutAttributes: S | undefined = undefined;
  #overflow: S | undefined = undefined;

  constructor(options: AttributeIndexOptions<S>) {
    this.#limit = options.limit;
    this.#keeps = options.keeps;
    this.#create = options.create;
    this.#makeRoom = options.makeRoom;
    const nodes = Math.min(options.limit * TRIE_NODES_PER_SERIES, LARGEST_TRIE_NODES);
    this.#trie = new AttributeTrie(Math.max(SMALLEST_TRIE_NODES, nodes));
  }

  /** All series, in the order in which they were first seen. */
  get series(): readonly S[] {
    return this.#series;
  }

  /** Sets that have a place of the limit: all but the overflow series. */
  get places(): number {
    return this.#series.length - (this.#overflow === undefined ? 0 : 1);
  }

  /** The overflow series, made if need be. */
  overflow(): S | undefined {
    return this.#series[this.#admitOverflow()];
  }

  /** Whether the limit has turned a set away. */
  get hasOverflowed(): boolean {
    return this.#overflow !== undefined;
  }

  /** Returns the series of an attribute set; `undefined` when the set cannot be read. Never throws. */
  resolve(attributes: Attributes | undefined): S | undefined {
    try {
      if (attributes === undefined || attributes === null) {
        return (this.#withoutAttributes ??= this.#series[this.#admit(NO_ATTRIBUTES)]);
      }
      const position = this.#trie.find(attributes);
      return position >= 0 ? this.#series[position] : this.#resolveUnseen(attributes);
    } catch {
      // A getter or proxy of the caller threw.
      return undefined;
    }
  }

  /** Returns the series of an attribute set that has one of its own already. Never throws, never admits. */
  known(attributes: Attributes): S | undefined {
    try {
      const position = this.#trie.find(attributes);
      if (position >= 0) return this.#series[position];
      const pairs = readPairs(attributes);
      const copy = pairs && copyAttributes(pairs, this.#keeps);
      return copy && this.#series[this.#lookUp(copy, hashAttributes(copy))];
    } catch {
      // A getter or proxy of the caller threw.
      return undefined;
    }
  }

  /** Forgets the series that `keep` refuses and makes room for others; the overflow series stays. */
  retain(keep: (series: S) => boolean): void {
    const kept = this.#series.filter((series) => series === this.#overflow || keep(series));
    if (kept.length === this.#series.length) return;
    this.#series.length = 0;
    this.#table.fill(0);
    this.#trie.clear();
    this.#withoutAttributes = undefined;
    for (const series of kept) this.#add(series, hashAttributes(series.attributes));
  }

  #resolveUnseen(attributes: Attributes): S | undefined {
    const pairs = readPairs(attributes);
    const copy = pairs && copyAttributes(pairs, this.#keeps);
    if (pairs === undefined || copy === undefined) return undefined;
    const position = this.#admit(copy);
    const series = this.#series[position];
    // What overflowed is not worth remembering: there may be no end to it.
    if (series !== this.#overflow) this.#trie.remember(pairs, this.#keeps, position);
    return series;
  }

  /** Position of the set's own series, a new one if need be and the limit allows, else of the overflow series. */
  #admit(attributes: Attributes): number {
    const hash = hashAttributes(attributes);
    const known = this.#lookUp(attributes, hash);
    if (known !== NOT_FOUND) return known;
    // A program may record that very set itself; it takes no place of the limit either way.
    if (isOverflow(attributes)) return this.#admitOverflow();
    if (this.places >= this.#limit) this.#makeRoom?.();
    if (this.places >= this.#limit) return this.#admitOverflow();
    return this.#add(this.#create(attributes), hash);
  }

  #admitOverflow(): number {
    const hash = hashAttributes(OVERFLOW_ATTRIBUTES);
    let position = this.#lookUp(OVERFLOW_ATTRIBUTES, hash);
    if (position === NOT_FOUND) position = this.#add(this.#create(OVERFLOW_ATTRIBUTES), hash);
    this.#overflow = this.#series[position];
    return position;
  }

  #lookUp(attributes: Attributes, hash: number): number {
    const table = this.#table;
    const mask = table.length - 1;
    for (let probe = hash & mask; ; probe = (probe + 1) & mask) {
      const position = table[probe]! - 1;
      if (position < 0) return NOT_FOUND;
      if (this.#hashes[position] === hash && sameAttributes(this.#series[position]!.attributes, attributes)) {
        return position;
      }
    }
  }

  #add(series: S, hash: number): number {
    if (this.#series.length * 2 >= this.#table.length) this.#grow();
    const position = this.#series.push(series) - 1;
    this.#hashes[position] = hash;
    this.#place(hash, position);
    return position;
  }

  #place(hash: number, position: number): void {
    const mask = this.#table.length - 1;
    let probe = hash & mask;
    while (this.#table[probe] !== 0) probe = (probe + 1) & mask;
    this.#table[probe] = position + 1;
  }

  #grow(): void {
    const hashes = this.#hashes;
    this.#table = new Int32Array(this.#table.length * 2);
    this.#hashes = new Int32Array(this.#table.length / 2);
    this.#hashes.set(hashes);
    for (let position = 0; position < this.#series.length; position++) this.#place(hashes[position]!, position);
  }
}
