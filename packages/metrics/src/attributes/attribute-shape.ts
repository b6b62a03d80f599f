import type { Attributes } from '@opentelemetry/api';

/** Shapes remembered; programs have a few dozen. Attribute sets of other shapes get objects of their own layout. */
const MOST_SHAPES = 4096;

/** A sequence of keys that attribute sets have in common: one array and one object layout for all of them. */
export class AttributeShape {
  readonly keys: readonly string[];
  #template: Readonly<Record<string, unknown>> | undefined = undefined;
  #next: Map<string, AttributeShape> | undefined = undefined;

  constructor(keys: readonly string[]) {
    this.keys = keys;
  }

  /** A frozen object with these values, one per key. */
  objectOf(values: readonly unknown[]): Attributes {
    const { keys } = this;
    const object: Record<string, unknown> = { ...(this.#template ??= templateOf(keys)) };
    for (let i = 0; i < keys.length; i++) object[keys[i]!] = values[i];
    return Object.freeze(object) as Attributes;
  }

  /** The shape with one more key; made if need be and `mayAdd`. */
  with(key: string, mayAdd: boolean): AttributeShape | undefined {
    let next = this.#next?.get(key);
    if (next !== undefined || !mayAdd) return next;
    next = new AttributeShape([...this.keys, key]);
    this.#next ??= new Map();
    this.#next.set(key, next);
    return next;
  }
}

/** The shapes of one index. */
export class AttributeShapes {
  readonly #empty = new AttributeShape([]);
  #count = 0;

  /** The shape of these keys; `undefined` when there are too many to remember. */
  of(keys: readonly string[]): AttributeShape | undefined {
    let shape: AttributeShape | undefined = this.#empty;
    for (const key of keys) {
      let next: AttributeShape | undefined = shape.with(key, false);
      if (next === undefined) {
        next = shape.with(key, this.#count < MOST_SHAPES);
        this.#count++;
      }
      if (next === undefined) return undefined;
      shape = next;
    }
    return shape;
  }
}

/**
 * V8 gives an object that grows property by property room for four, then for three more at a time; a parsed one has
 * just what it needs, and a spread takes its layout over: 48 instead of 56 bytes for three attributes, 88 for 120 for
 * eight. `__proto__` becomes a property like any other, so that assignment to it replaces no prototype.
 */
function templateOf(keys: readonly string[]): Record<string, unknown> {
  return JSON.parse(`{${keys.map((key) => `${JSON.stringify(key)}:null`).join(',')}}`) as Record<string, unknown>;
}
