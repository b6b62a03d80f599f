import { MalformedOtlp } from './malformed.ts';
import { EXPORT_REQUEST, type FieldType, type MessageSchema } from './schema.ts';

/** Deepest nesting taken; attribute values may nest without end, the stack may not. */
const DEPTH_LIMIT = 40;

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

/**
 * Checks that bytes are a well-formed metrics request and returns its number of data points. Throws
 * {@link MalformedOtlp}. All of a request is checked before any of it is stored: a request is taken whole or not at all,
 * and the reader behind this check needs no bounds of its own.
 */
export function checkExport(bytes: Uint8Array): number {
  return new Checker(bytes).check();
}

class Checker {
  readonly #bytes: Uint8Array;
  #at = 0;
  #pointCount = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  check(): number {
    this.#message(EXPORT_REQUEST, this.#bytes.length, 0);
    return this.#pointCount;
  }

  #message(schema: MessageSchema, end: number, depth: number): void {
    if (depth > DEPTH_LIMIT) throw new MalformedOtlp(`nesting deeper than ${DEPTH_LIMIT}`, this.#at);
    if (schema.isPoint) this.#pointCount++;
    while (this.#at < end) {
      const tagAt = this.#at;
      const tag = this.#varint(end);
      const field = Math.floor(tag / 8);
      const wireType = tag % 8;
      if (field === 0) throw new MalformedOtlp(`field number 0 in ${schema.name}`, tagAt);
      const type = field < schema.fields.length ? schema.fields[field] : undefined;
      if (type === undefined) this.#skip(wireType, end, tagAt);
      else this.#field(schema, field, type, wireType, end, depth);
    }
  }

  #field(schema: MessageSchema, field: number, type: FieldType, wireType: number, end: number, depth: number): void {
    const at = this.#at;
    if (wireType === BYTES && type !== 'varint' && type !== 'fixed64' && type !== 'fixed32') {
      const stop = this.#length(end);
      if (typeof type === 'object') this.#message(type, stop, depth + 1);
      else if (type === 'packedVarint') while (this.#at < stop) this.#varint(stop);
      else if (type === 'packedFixed64' && (stop - this.#at) % 8 !== 0) {
        throw new MalformedOtlp(`packed field ${field} of ${schema.name} is not a whole number of values`, at);
      } else this.#at = stop;
      return;
    }
    const wanted = type === 'varint' || type === 'packedVarint' ? VARINT : type === 'fixed32' ? FIXED32 : FIXED64;
    if (typeof type === 'object' || type === 'bytes' || wireType !== wanted) {
      throw new MalformedOtlp(`field ${field} of ${schema.name} has wire type ${wireType}`, at);
    }
    this.#skip(wireType, end, at);
  }

  #skip(wireType: number, end: number, tagAt: number): void {
    if (wireType === VARINT) this.#varint(end);
    else if (wireType === FIXED64) this.#at += 8;
    else if (wireType === BYTES) this.#at = this.#length(end);
    else if (wireType === FIXED32) this.#at += 4;
    else throw new MalformedOtlp(`wire type ${wireType}`, tagAt);
    if (this.#at > end) throw new MalformedOtlp('a value is cut off', tagAt);
  }

  #length(end: number): number {
    const at = this.#at;
    const length = this.#varint(end);
    if (length > end - this.#at) throw new MalformedOtlp(`a length of ${length} exceeds what is left`, at);
    return this.#at + length;
  }

  /** Value as a double: exact to 2^53, which is all that lengths and tags can be; larger ones only need to be skipped. */
  #varint(end: number): number {
    const start = this.#at;
    let value = 0;
    let weight = 1;
    for (let count = 0; count < 10; count++) {
      if (this.#at >= end) throw new MalformedOtlp('a varint is cut off', start);
      const byte = this.#bytes[this.#at++]!;
      value += (byte & 0x7f) * weight;
      if (byte < 0x80) return value;
      weight *= 128;
    }
    throw new MalformedOtlp('a varint is longer than 10 bytes', start);
  }
}
