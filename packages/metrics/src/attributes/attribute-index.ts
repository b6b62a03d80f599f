import type { Attributes } from '@opentelemetry/api';
import { AttributeTrie, NOT_FOUND } from './attribute-trie.ts';
import { AttributeShapes } from './attribute-shape.ts';
import { copyAttributes, type KeyFilter, readPairs } from './copy-attributes.ts';
import { hashAttributes, sameAttributes } from './identity.ts';
import { widened } from '../growth.ts';

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

const FIRST_POSITIONS = 8;

export interface AttributeIndexOptions {
  /** The number of distinct attribute sets, the overflow set not counted (specification, cardinality limits). */
  readonly limit: number;
  /** Keys a view keeps; all when absent. */
  readonly keeps?: KeyFilter | undefined;
  /** Called for every new set, before its position is handed out. */
  readonly create: (position: number, attributes: Attributes) => void;
  /** Called when the limit is reached and a new set comes; may forget sets with `retain`. */
  readonly makeRoom?: () => void;
}

/**
 * Numbers attribute sets: by their contents, whatever the order of keys, and types count. The first `limit` sets get a
 * position each for as long as they are retained, all later ones share that of the overflow set. Positions begin with
 * 0; those of forgotten sets are given to new ones, so that whoever keeps something per set keeps it in arrays.
 */
export class AttributeIndex {
  readonly #limit: number;
  readonly #keeps: KeyFilter | undefined;
  readonly #create: (position: number, attributes: Attributes) => void;
  readonly #makeRoom: (() => void) | undefined;
  readonly #shapes = new AttributeShapes();
  readonly #trie: AttributeTrie;
  /** By position: frozen copies, never a caller's object; `undefined` where a set was forgotten. */
  readonly #attributes: (Attributes | undefined)[] = [];
  readonly #vacant: number[] = [];
  /** Open addressing with linear probing: position + 1, 0 where free. At most three quarters full. */
  #table = new Int32Array(2 * FIRST_POSITIONS);
  /** By position. */
  #hashes = new Int32Array(FIRST_POSITIONS);
  #withoutAttributes = NOT_FOUND;
  #overflow = NOT_FOUND;

  constructor(options: AttributeIndexOptions) {
    this.#limit = options.limit;
    this.#keeps = options.keeps;
    this.#create = options.create;
    this.#makeRoom = options.makeRoom;
    const nodes = Math.min(options.limit * TRIE_NODES_PER_SERIES, LARGEST_TRIE_NODES);
    this.#trie = new AttributeTrie(Math.max(SMALLEST_TRIE_NODES, nodes), this.#shapes);
  }

  /** All positions are below this one; some may be vacant. */
  get end(): number {
    return this.#attributes.length;
  }

  /** Positions in use. */
  get size(): number {
    return this.#attributes.length - this.#vacant.length;
  }

  /** The frozen attributes of a position; `undefined` where it is vacant. */
  attributesAt(position: number): Attributes | undefined {
    return this.#attributes[position];
  }

  /** Sets that have a place of the limit: all but the overflow set. */
  get places(): number {
    return this.size - (this.#overflow === NOT_FOUND ? 0 : 1);
  }

  /** Position of the overflow set, made if need be. */
  overflow(): number {
    if (this.#overflow !== NOT_FOUND) return this.#overflow;
    const hash = hashAttributes(OVERFLOW_ATTRIBUTES);
    const known = this.#lookUp(OVERFLOW_ATTRIBUTES, hash);
    this.#overflow = known === NOT_FOUND ? this.#add(OVERFLOW_ATTRIBUTES, hash) : known;
    return this.#overflow;
  }

  /** Whether the limit has turned a set away. */
  get hasOverflowed(): boolean {
    return this.#overflow !== NOT_FOUND;
  }

  /** Returns the position of an attribute set; `NOT_FOUND` when the set cannot be read. Never throws. */
  resolve(attributes: Attributes | undefined): number {
    try {
      if (attributes === undefined || attributes === null) {
        if (this.#withoutAttributes === NOT_FOUND) this.#withoutAttributes = this.#admit(NO_ATTRIBUTES);
        return this.#withoutAttributes;
      }
      const position = this.#trie.find(attributes);
      return position >= 0 ? position : this.#resolveUnseen(attributes);
    } catch {
      // A getter or proxy of the caller threw.
      return NOT_FOUND;
    }
  }

  /** Returns the position of an attribute set that has one already, or `NOT_FOUND`. Never throws, never admits. */
  known(attributes: Attributes): number {
    try {
      const position = this.#trie.find(attributes);
      if (position >= 0) return position;
      const pairs = readPairs(attributes);
      const copy = pairs && copyAttributes(pairs, this.#keeps, this.#shapes);
      return copy === undefined ? NOT_FOUND : this.#lookUp(copy, hashAttributes(copy));
    } catch {
      // A getter or proxy of the caller threw.
      return NOT_FOUND;
    }
  }

  /** Forgets the sets that `keep` refuses and makes room for others; the overflow set stays. */
  retain(keep: (position: number) => boolean): void {
    const sizeBefore = this.size;
    for (let position = 0; position < this.end; position++) {
      if (this.#attributes[position] === undefined || position === this.#overflow || keep(position)) continue;
      this.#attributes[position] = undefined;
      this.#vacant.push(position);
    }
    if (this.size === sizeBefore) return;
    // The lowest is taken first.
    this.#vacant.sort((a, b) => b - a);
    this.#table.fill(0);
    this.#trie.clear();
    this.#withoutAttributes = NOT_FOUND;
    this.#placeAll();
  }

  #resolveUnseen(attributes: Attributes): number {
    const pairs = readPairs(attributes);
    const copy = pairs && copyAttributes(pairs, this.#keeps, this.#shapes);
    if (pairs === undefined || copy === undefined) return NOT_FOUND;
    const position = this.#admit(copy);
    // What overflowed is not worth remembering: there may be no end to it.
    if (position !== this.#overflow) this.#trie.remember(pairs, this.#keeps, position);
    return position;
  }

  /** The set's own position, a new one if need be and the limit allows, else that of the overflow set. */
  #admit(attributes: Attributes): number {
    const hash = hashAttributes(attributes);
    const known = this.#lookUp(attributes, hash);
    if (known !== NOT_FOUND) return known;
    // A program may record that very set itself; it takes no place of the limit either way.
    if (isOverflow(attributes)) return this.overflow();
    if (this.places >= this.#limit) this.#makeRoom?.();
    if (this.places >= this.#limit) return this.overflow();
    return this.#add(attributes, hash);
  }

  #lookUp(attributes: Attributes, hash: number): number {
    const table = this.#table;
    const mask = table.length - 1;
    for (let probe = hash & mask; ; probe = (probe + 1) & mask) {
      const position = table[probe]! - 1;
      if (position < 0) return NOT_FOUND;
      if (this.#hashes[position] === hash && sameAttributes(this.#attributes[position]!, attributes)) return position;
    }
  }

  #add(attributes: Attributes, hash: number): number {
    const position = this.#vacant.pop() ?? this.#attributes.length;
    this.#create(position, attributes);
    this.#attributes[position] = attributes;
    if (position >= this.#hashes.length) this.#hashes = widened(this.#hashes, position + 1);
    this.#hashes[position] = hash;
    if (this.size * 4 <= this.#table.length * 3) this.#place(hash, position);
    else {
      this.#table = new Int32Array(this.#table.length * 2);
      this.#placeAll();
    }
    return position;
  }

  #placeAll(): void {
    for (let position = 0; position < this.end; position++) {
      if (this.#attributes[position] !== undefined) this.#place(this.#hashes[position]!, position);
    }
  }

  #place(hash: number, position: number): void {
    const mask = this.#table.length - 1;
    let probe = hash & mask;
    while (this.#table[probe] !== 0) probe = (probe + 1) & mask;
    this.#table[probe] = position + 1;
  }
}
