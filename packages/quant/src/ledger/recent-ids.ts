import { positiveInteger } from '../errors.ts';

/**
 * Remembers the latest `limit` pairs of (scope, id) and forgets the oldest first. All memory is taken at construction
 * (about 32 bytes per pair beside the strings), adding never allocates and there is no pause of a table that grows,
 * which is why this is not a `Set`.
 *
 * ```
 * #table  open addressing, linear probing, two cells per slot:  [ hash | 1 + index into the ring ]   0 = free
 * #ring   ids, scopes, hashes in order of arrival, overwritten in a circle; #next is the oldest once it is full
 * ```
 */
export class RecentIds {
  readonly #limit: number;
  readonly #mask: number;
  readonly #table: Int32Array;
  readonly #ids: string[];
  readonly #scopes: Int32Array;
  readonly #hashes: Int32Array;
  #next = 0;
  #size = 0;
  // Hash of the pair asked for last: an id is looked up first and added next.
  #askedScope = -1;
  #askedId = '';
  #askedHash = 0;

  constructor(limit: number) {
    this.#limit = positiveInteger('fillIdLimit', limit);
    // At most half full: probes stay short.
    const slots = 2 ** Math.ceil(Math.log2(2 * limit));
    this.#mask = slots - 1;
    this.#table = new Int32Array(2 * slots);
    this.#ids = new Array<string>(limit).fill('');
    this.#scopes = new Int32Array(limit);
    this.#hashes = new Int32Array(limit);
  }

  /** Pairs remembered now. */
  get size(): number {
    return this.#size;
  }

  /** Index in the ring that the next pair is written to; once full, that of the oldest pair. */
  get next(): number {
    return this.#next;
  }

  get full(): boolean {
    return this.#size === this.#limit;
  }

  has(scope: number, id: string): boolean {
    return this.find(scope, id) >= 0;
  }

  /** Index in the ring of a pair, -1 when it is not known. */
  find(scope: number, id: string): number {
    const code = this.#hash(scope, id);
    const table = this.#table;
    for (let slot = code & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const index = (table[2 * slot + 1] as number) - 1;
      if (index < 0) return -1;
      if (table[2 * slot] === code && this.#scopes[index] === scope && this.#ids[index] === id) return index;
    }
  }

  id(index: number): string {
    return this.#ids[index] as string;
  }

  scope(index: number): number {
    return this.#scopes[index] as number;
  }

  /** Remembers a pair that is not known yet, forgetting the oldest when the limit is reached. */
  add(scope: number, id: string): void {
    const code = this.#hash(scope, id);
    const index = this.#next;
    if (this.#size === this.#limit) this.#remove(index);
    else this.#size++;
    this.#ids[index] = id;
    this.#scopes[index] = scope;
    this.#hashes[index] = code;
    const table = this.#table;
    let slot = code & this.#mask;
    while (table[2 * slot + 1] !== 0) slot = (slot + 1) & this.#mask;
    table[2 * slot] = code;
    table[2 * slot + 1] = index + 1;
    this.#next = index + 1 === this.#limit ? 0 : index + 1;
  }

  #remove(index: number): void {
    const table = this.#table;
    const mask = this.#mask;
    let hole = (this.#hashes[index] as number) & mask;
    while (table[2 * hole + 1] !== index + 1) hole = (hole + 1) & mask;
    // Close the gap: an entry may move back into the hole unless its home lies after the hole (cyclically).
    for (let slot = (hole + 1) & mask; table[2 * slot + 1] !== 0; slot = (slot + 1) & mask) {
      const home = (table[2 * slot] as number) & mask;
      if (((slot - home) & mask) >= ((slot - hole) & mask)) {
        table[2 * hole] = table[2 * slot] as number;
        table[2 * hole + 1] = table[2 * slot + 1] as number;
        hole = slot;
      }
    }
    table[2 * hole + 1] = 0;
  }

  #hash(scope: number, id: string): number {
    if (scope === this.#askedScope && id === this.#askedId) return this.#askedHash;
    this.#askedScope = scope;
    this.#askedId = id;
    this.#askedHash = hash(scope, id);
    return this.#askedHash;
  }
}

// FNV-1a over UTF-16 units with a final mix, because the table uses the low bits only. Collisions cost a comparison,
// never a wrong answer: identity is decided on the strings.
function hash(scope: number, id: string): number {
  let code = 0x811c9dc5 ^ scope;
  for (let at = 0; at < id.length; at++) code = Math.imul(code ^ id.charCodeAt(at), 0x01000193);
  code = Math.imul(code ^ (code >>> 16), 0x45d9f3b);
  return code ^ (code >>> 15);
}
