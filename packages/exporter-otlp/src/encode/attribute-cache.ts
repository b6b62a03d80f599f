import type { Attributes } from '@opentelemetry/api';
import { writeKeyValues } from './any-value.ts';
import { ProtoWriter } from './proto-writer.ts';

const NOTHING = new Uint8Array(0);

/**
 * Encoded attributes by attribute object, for one field number. Only what cannot change is kept: a frozen object whose
 * values are primitives or frozen themselves, as `@nanometer/metrics` hands out. The entry goes with the object.
 */
export class AttributeCache {
  readonly #known = new WeakMap<object, Uint8Array>();
  readonly #tag: number;
  readonly #scratch = new ProtoWriter(1024);

  /** `tag` is the key byte of the KeyValue field: number × 8 + 2. */
  constructor(tag: number) {
    this.#tag = tag;
  }

  /** Valid until the next call when the attributes are not frozen. */
  encode(attributes: Attributes | undefined): Uint8Array {
    if (attributes === undefined || attributes === null) return NOTHING;
    return this.#known.get(attributes) ?? this.#encodeNew(attributes);
  }

  /** Whether these attributes were encoded and cannot change. */
  keeps(attributes: Attributes): boolean {
    return this.#known.has(attributes);
  }

  #encodeNew(attributes: Attributes): Uint8Array {
    const scratch = this.#scratch;
    scratch.at = 0;
    writeKeyValues(scratch, attributes, this.#tag);
    const bytes = scratch.bytes.subarray(0, scratch.at);
    if (!isImmutable(attributes)) return bytes;
    const kept = bytes.slice();
    this.#known.set(attributes, kept);
    return kept;
  }
}

function isImmutable(attributes: Attributes): boolean {
  if (!Object.isFrozen(attributes)) return false;
  return Object.values(attributes).every((value) => typeof value !== 'object' || value === null || isFrozenList(value));
}

function isFrozenList(value: object): boolean {
  return (
    Array.isArray(value) &&
    Object.isFrozen(value) &&
    value.every((item: unknown) => typeof item !== 'object' || item === null)
  );
}
