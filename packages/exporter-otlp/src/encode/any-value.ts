import type { ProtoWriter } from './proto-writer.ts';

const INT64_LEAST = -(2 ** 63);
const INT64_END = 2 ** 63;

/** Writes every own property as a KeyValue under the one-byte `tag`. */
export function writeKeyValues(writer: ProtoWriter, source: object, tag: number): void {
  for (const key of Object.keys(source)) {
    writer.reserve(1);
    writer.byte(tag);
    const from = writer.open(0);
    writer.reserve(1);
    writer.byte(0x0a);
    writer.text(key);
    writer.reserve(1);
    writer.byte(0x12);
    writeNested(writer, (source as Record<string, unknown>)[key]);
    writer.close(from, 0);
  }
}

function writeNested(writer: ProtoWriter, value: unknown): void {
  const from = writer.open(0);
  writeAnyValue(writer, value);
  writer.close(from, 0);
}

/** What AnyValue cannot carry becomes an empty one, as null does. */
function writeAnyValue(writer: ProtoWriter, value: unknown): void {
  writer.reserve(16);
  if (typeof value === 'string') {
    writer.byte(0x0a);
    writer.text(value);
  } else if (typeof value === 'boolean') {
    writer.byte(0x10);
    writer.byte(value ? 1 : 0);
  } else if (typeof value === 'number') {
    writeNumber(writer, value);
  } else if (value instanceof Uint8Array) {
    writer.byte(0x3a);
    writer.length(value.length);
    writer.reserve(value.length);
    writer.raw(value);
  } else if (Array.isArray(value)) {
    writer.byte(0x2a);
    const from = writer.open(0);
    for (const item of value) {
      writer.reserve(1);
      writer.byte(0x0a);
      writeNested(writer, item);
    }
    writer.close(from, 0);
  } else if (typeof value === 'object' && value !== null) {
    writer.byte(0x32);
    const from = writer.open(0);
    writeKeyValues(writer, value, 0x0a);
    writer.close(from, 0);
  }
}

function writeNumber(writer: ProtoWriter, value: number): void {
  if (Number.isInteger(value) && value >= INT64_LEAST && value < INT64_END) {
    writer.byte(0x18);
    writer.varint(value);
  } else {
    writer.byte(0x21);
    writer.double(value);
  }
}
