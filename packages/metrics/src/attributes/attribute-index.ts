import type { Attributes } from '@opentelemetry/api';
import { AttributeTrie } from './attribute-trie.ts';
import { copyAttributes, type KeyFilter, readPairs } from './copy-attributes.ts';
import { hashAttributes, sameAttributes } from './identity.ts';

/** What the index leads to. */
export interface Attributed {
  /** Frozen copy, never the caller's object. */
  readonly attributes: Attributes;
}

/** The attributes of the series that takes what the cardinality limit turned away. */
export const OVERFLOW_ATTRIBUTES: Attributes = Object.freeze({ 'otel.metric.overflow': true });

export const NO_ATTRIBUTES: Attributes = Object.freeze({});

/** Trie nodes per series that the cache may hold: other key orders, and the inner nodes of the paths. */
const TRIE_NODES_PER_SERIES = 8;
const SMALLEST_TRIE_NODES = 4096;

export interface AttributeIndexOptions<S> {
  /** The number of distinct attribute sets, the overflow set not counted (specification, cardinality limits). */
  readonly limit: number;
  /** Keys a view keeps; all when absent. */
  readonly keeps?: KeyFilter | undefined;
  readonly create: (attributes: Attributes) => S;
}

/**
 * Maps attribute sets to series: by their contents, whatever the order of keys, and types count. The first `limit` sets
 * get a series each for as long as the index lives, all later ones share the overflow series.
 */
export class AttributeIndex<S extends Attributed> {
  readonly #limit: number;
  readonly #keeps: KeyFilter | undefined;
  readonly #create: (attributes: Attributes) => S;
  readonly #trie: AttributeTrie<S>;
  readonly #series: S[] = [];
  readonly #hashes: number[] = [];
  /** Open addressing with linear probing: position of the series + 1, 0 where free. At most half full. */
  #table = new Int32Array(16);
  #withoutAttributes: S | undefined = undefined;
  #overflow: S | undefined = undefined;

  constructor(options: AttributeIndexOptions<S>) {
    this.#limit = options.limit;
    this.#keeps = options.keeps;
    this.#create = options.create;
    this.#trie = new AttributeTrie(Math.max(SMALLEST_TRIE_NODES, Math.min(options.limit, 1e6) * TRIE_NODES_PER_SERIES));
  }

  /** All series, in the order in which they were first seen. */
  get series(): readonly S[] {
    return this.#series;
  }

  /** Whether the limit has turned a set away. */
  get hasOverflowed(): boolean {
    return this.#overflow !== undefined;
  }

  /** Returns the series of an attribute set; `undefined` when the set cannot be read. Never throws. */
  resolve(attributes: Attributes | undefined): S | undefined {
    if (attributes === undefined || attributes === null)
      return (this.#withoutAttributes ??= this.#admit(NO_ATTRIBUTES));
    try {
      return this.#trie.find(attributes) ?? this.#resolveUnseen(attributes);
    } catch {
      // A getter or proxy of the caller threw.
      return undefined;
    }
  }

  /** Returns the series of an attribute set that has one of its own already. Never throws, never admits. */
  known(attributes: Attributes): S | undefined {
    try {
      const cached = this.#trie.find(attributes);
      if (cached !== undefined) return cached;
      const pairs = readPairs(attributes);
      const copy = pairs && copyAttributes(pairs, this.#keeps);
      return copy && this.#lookUp(copy, hashAttributes(copy));
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
    this.#hashes.length = 0;
    this.#table.fill(0);
    this.#trie.clear();
    if (this.#withoutAttributes !== undefined && !kept.includes(this.#withoutAttributes)) {
      this.#withoutAttributes = undefined;
    }
    for (const series of kept) this.#add(series, hashAttributes(series.attributes));
  }

  #resolveUnseen(attributes: Attributes): S | undefined {
    const pairs = readPairs(attributes);
    const copy = pairs && copyAttributes(pairs, this.#keeps);
    if (pairs === undefined || copy === undefined) return undefined;
    const series = this.#admit(copy);
    if (series !== this.#overflow) this.#trie.remember(pairs, this.#keeps, series);
    return series;
  }

  #admit(attributes: Attributes): S {
    const hash = hashAttributes(attributes);
    const known = this.#lookUp(attributes, hash);
    if (known !== undefined) return known;
    const taken = this.#series.length - (this.#overflow === undefined ? 0 : 1);
    if (taken < this.#limit) return this.#insert(attributes, hash);
    return (this.#overflow ??= this.#overflowSeries());
  }

  /** The overflow set may already be there: nothing stops a program from recording it itself. */
  #overflowSeries(): S {
    const hash = hashAttributes(OVERFLOW_ATTRIBUTES);
    return this.#lookUp(OVERFLOW_ATTRIBUTES, hash) ?? this.#insert(OVERFLOW_ATTRIBUTES, hash);
  }

  #lookUp(attributes: Attributes, hash: number): S | undefined {
    const table = this.#table;
    const mask = table.length - 1;
    for (let probe = hash & mask; ; probe = (probe + 1) & mask) {
      const position = table[probe]! - 1;
      if (position < 0) return undefined;
      const series = this.#series[position]!;
      if (this.#hashes[position] === hash && sameAttributes(series.attributes, attributes)) return series;
    }
  }

  #insert(attributes: Attributes, hash: number): S {
    return this.#add(this.#create(attributes), hash);
  }

  #add(series: S, hash: number): S {
    if (this.#series.length * 2 >= this.#table.length) this.#grow();
    this.#series.push(series);
    this.#hashes.push(hash);
    this.#place(hash, this.#series.length);
    return series;
  }

  #place(hash: number, entry: number): void {
    const mask = this.#table.length - 1;
    let probe = hash & mask;
    while (this.#table[probe] !== 0) probe = (probe + 1) & mask;
    this.#table[probe] = entry;
  }

  #grow(): void {
    this.#table = new Int32Array(this.#table.length * 2);
    for (let position = 0; position < this.#hashes.length; position++)
      this.#place(this.#hashes[position]!, position + 1);
  }
}
