import { widened } from '../growth.ts';
import type { AttributePairs, KeyFilter } from './copy-attributes.ts';

/** Stands in a tail for a value that a view drops with its key. */
export const ANY_VALUE = '\u0000any';

/** Slots of a pattern before its values: all keys of the path, and how many of them come before the tail. */
export const PATTERN_HEAD = 2;
const NO_PATTERN = 0;
/** Patterns a new tail is compared with before it gets one of its own. */
const RECENT_PATTERNS = 16;
const FIRST_TAILS = 16;

/**
 * The rest of paths that nothing else branches off, as most do from the attribute on that makes them unique. As a node
 * the rest would take 80 bytes per attribute. Here it takes 4: tails that read alike, as `side: buy` does whatever the
 * symbol before it, are one pattern.
 *
 * ```
 * pattern of position:  ├ 2 ┼ 2 ┼ 6 ┼ 2 ┤ ...
 * slots:                     ├ keys ┼ depth ┼ value ... ┼ keys ┼ depth ┼ value ... ┤
 * ```
 *
 * A position has one tail at most, that of the path by which it was first seen.
 */
export class PathTails {
  /** Pattern after pattern; the first slots are nobody's. */
  readonly slots: unknown[] = ['', ''];
  readonly #recent = new Int32Array(RECENT_PATTERNS);
  #turn = 0;
  /** By position. */
  patterns: Int32Array<ArrayBuffer> = new Int32Array(FIRST_TAILS);

  /** Whether the rest of a path after `depth` keys can be the tail of a position. */
  canEnd(position: number, { keys, values }: AttributePairs, depth: number, keeps: KeyFilter | undefined): boolean {
    if (this.patternOf(position) !== NO_PATTERN) return false;
    // Comparing slots is fast while all are strings.
    for (let i = depth; i < keys.length; i++) {
      if (typeof values[i] === 'string' ? values[i] === ANY_VALUE : isKept(keys[i]!, keeps)) return false;
    }
    return true;
  }

  /** Makes the rest of a path after `depth` keys the tail of a position; `keys` is kept. */
  add(
    position: number,
    keys: readonly string[],
    { values }: AttributePairs,
    depth: number,
    keeps: KeyFilter | undefined,
  ): void {
    this.#setPattern(
      position,
      keys,
      depth,
      keys.slice(depth).map((key, i) => (isKept(key, keeps) ? values[depth + i] : ANY_VALUE)),
    );
  }

  /** Takes the first attribute off a tail; returns whether anything is left of it. */
  shorten(position: number): boolean {
    const keys = this.keysOf(position);
    const depth = this.#depthOf(position) + 1;
    const values = this.#valuesOf(this.patternOf(position)).slice(1);
    if (values.length > 0) this.#setPattern(position, keys, depth, values);
    else this.patterns[position] = NO_PATTERN;
    return values.length > 0;
  }

  keysOf(position: number): readonly string[] {
    return this.slots[this.patternOf(position)] as readonly string[];
  }

  /** Slot of the first value. */
  valuesAt(position: number): number {
    return this.patternOf(position) + PATTERN_HEAD;
  }

  /** Whether a path goes on after `depth` keys as the tail of a position does. */
  leads(position: number, { keys, values }: AttributePairs, depth: number, keeps: KeyFilter | undefined): boolean {
    const tailKeys = this.keysOf(position);
    if (tailKeys.length !== keys.length) return false;
    const first = this.valuesAt(position);
    for (let i = depth; i < keys.length; i++) {
      const value = isKept(keys[i]!, keeps) ? values[i] : ANY_VALUE;
      if (tailKeys[i] !== keys[i] || this.slots[first + i - depth] !== value) return false;
    }
    return true;
  }

  clear(): void {
    this.slots.length = PATTERN_HEAD;
    this.#recent.fill(NO_PATTERN);
    this.patterns.fill(NO_PATTERN);
  }

  patternOf(position: number): number {
    return position < this.patterns.length ? this.patterns[position]! : NO_PATTERN;
  }

  #depthOf(position: number): number {
    return this.slots[this.patternOf(position) + 1] as number;
  }

  #valuesOf(pattern: number): unknown[] {
    const keys = this.slots[pattern] as readonly string[];
    const first = pattern + PATTERN_HEAD;
    return this.slots.slice(first, first + keys.length - (this.slots[pattern + 1] as number));
  }

  #setPattern(position: number, keys: readonly string[], depth: number, values: readonly unknown[]): void {
    if (position >= this.patterns.length) this.patterns = widened(this.patterns, position + 1);
    this.patterns[position] = this.#recentPattern(keys, depth, values) ?? this.#newPattern(keys, depth, values);
  }

  #recentPattern(keys: readonly string[], depth: number, values: readonly unknown[]): number | undefined {
    return this.#recent.find(
      (pattern) =>
        pattern !== NO_PATTERN &&
        this.slots[pattern] === keys &&
        this.slots[pattern + 1] === depth &&
        values.every((value, i) => this.slots[pattern + PATTERN_HEAD + i] === value),
    );
  }

  #newPattern(keys: readonly string[], depth: number, values: readonly unknown[]): number {
    const pattern = this.slots.length;
    this.slots.push(keys, depth, ...values);
    this.#recent[this.#turn] = pattern;
    this.#turn = (this.#turn + 1) % RECENT_PATTERNS;
    return pattern;
  }
}

function isKept(key: string, keeps: KeyFilter | undefined): boolean {
  return keeps === undefined || keeps(key);
}
