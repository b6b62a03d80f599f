import type { Attributes } from '@opentelemetry/api';
import type { AttributePairs, KeyFilter } from './copy-attributes.ts';

// Comparisons are fast while both sides have one type, so what is not there yet is a string too. A caller who uses this
// very string finds no child behind it and takes the slow path.
const UNSET = '\u0000unset';

/**
 * One step of a path: the keys and values of an attribute set in the order in which a caller wrote them.
 * All fields exist from the start and keep their meaning, so that every node has one hidden class.
 */
class TrieNode<S> {
  /** Key of the edges that leave this node. */
  key = UNSET;
  /** The first string seen for `key` and where it leads; most call sites have only one. */
  text = UNSET;
  child: TrieNode<S> | undefined = undefined;
  /** All values seen for `key` but a first string. Map equality is exact: 1, '1' and true are different keys. */
  children: Map<unknown, TrieNode<S>> | undefined = undefined;
  /** Where `key` leads whatever its value, when a view drops that key. */
  anyChild: TrieNode<S> | undefined = undefined;
  /** Same position, another key: optional attributes and other orders. */
  sibling: TrieNode<S> | undefined = undefined;
  series: S | undefined = undefined;
}

/**
 * Finds the series of an attribute set that was seen before, in one pass over the caller's object: no allocation, no
 * hash of its own, no trust (every key and value is compared on every call, and only primitive values are kept).
 *
 * It is a cache and may be cleared at any time. 20-60 ns for three attributes where JSON keys cost 500-1,000;
 * bench/record.bench.js, rows `counter.add 3 attributes`.
 */
export class AttributeTrie<S> {
  readonly #nodeLimit: number;
  #root = new TrieNode<S>();
  #nodeCount = 0;

  constructor(nodeLimit: number) {
    this.#nodeLimit = nodeLimit;
  }

  /** Returns the series, or `undefined` when the set is not in the cache. Throws what the caller's getters throw. */
  find(attributes: Attributes): S | undefined {
    let node = this.#root;
    for (const key in attributes) {
      // V8 knows this to be true for plain objects; an inherited key ends the own ones.
      if (!Object.prototype.hasOwnProperty.call(attributes, key)) break;
      while (key !== node.key) {
        const sibling = node.sibling;
        if (sibling === undefined) return undefined;
        node = sibling;
      }
      const value = attributes[key];
      let next: TrieNode<S> | undefined;
      if (typeof value === 'string' && value === node.text) next = node.child;
      else next = node.children === undefined ? node.anyChild : node.children.get(value);
      if (next === undefined) return undefined;
      node = next;
    }
    return node.series;
  }

  /**
   * Remembers where an attribute set leads. Sets with a value that is not primitive are left out: only their contents
   * identify them, and those can change behind the reference.
   */
  remember(pairs: AttributePairs, keeps: KeyFilter | undefined, series: S): void {
    if (this.#nodeCount > this.#nodeLimit) this.clear();
    const { keys, values } = pairs;
    let node = this.#root;
    for (let i = 0; i < keys.length; i++) {
      const value = values[i];
      if (typeof value === 'object' && value !== null) return;
      node = this.#edgesOf(node, keys[i]!);
      if (keeps !== undefined && !keeps(keys[i]!)) node = node.anyChild ??= this.#newNode();
      else node = this.#childOf(node, value);
    }
    node.series = series;
  }

  clear(): void {
    this.#root = new TrieNode();
    this.#nodeCount = 0;
  }

  #newNode(): TrieNode<S> {
    this.#nodeCount++;
    return new TrieNode();
  }

  #edgesOf(start: TrieNode<S>, key: string): TrieNode<S> {
    let node = start;
    for (;;) {
      if (node.key === UNSET) node.key = key;
      if (node.key === key) return node;
      node = node.sibling ??= this.#newNode();
    }
  }

  #childOf(node: TrieNode<S>, value: unknown): TrieNode<S> {
    if (typeof value === 'string') {
      if (node.child === undefined) {
        node.text = value;
        return (node.child = this.#newNode());
      }
      if (value === node.text) return node.child;
    }
    const children = (node.children ??= new Map<unknown, TrieNode<S>>());
    let child = children.get(value);
    if (child === undefined) children.set(value, (child = this.#newNode()));
    return child;
  }
}
