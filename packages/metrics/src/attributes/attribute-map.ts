import type { Attributes } from '@opentelemetry/api';
import { AttributeIndex, type AttributeIndexOptions } from './attribute-index.ts';

export interface AttributeMapOptions<Value> extends Pick<AttributeIndexOptions, 'limit' | 'keeps'> {
  readonly create: (attributes: Attributes) => Value;
}

/** An object per attribute set, over an index of them. */
export class AttributeMap<Value> {
  readonly #index: AttributeIndex;
  readonly #values: (Value | undefined)[] = [];

  constructor({ create, ...options }: AttributeMapOptions<Value>) {
    this.#index = new AttributeIndex({
      ...options,
      create: (position, attributes) => {
        this.#values[position] = create(attributes);
      },
    });
  }

  /** Sets that have a place of the limit: all but the overflow set. */
  get places(): number {
    return this.#index.places;
  }

  get size(): number {
    return this.#index.size;
  }

  *values(): Generator<Value> {
    for (const value of this.#values) if (value !== undefined) yield value;
  }

  /** The value of an attribute set, made if need be; `undefined` when the set cannot be read. Never throws. */
  resolve(attributes: Attributes | undefined): Value | undefined {
    return this.#values[this.#index.resolve(attributes)];
  }

  /** The value of an attribute set that has one of its own already. Never throws. */
  known(attributes: Attributes): Value | undefined {
    return this.#values[this.#index.known(attributes)];
  }

  /** Forgets the values that `keep` refuses and makes room for others; that of the overflow set stays. */
  retain(keep: (value: Value) => boolean): void {
    this.#index.retain((position) => keep(this.#values[position]!));
    for (let position = 0; position < this.#values.length; position++) {
      if (this.#index.attributesAt(position) === undefined) this.#values[position] = undefined;
    }
  }
}
