import { MalformedOtlp } from '../otlp/malformed.ts';
import { ByteWriter } from './byte-writer.ts';
import { JSON_EXPORT_REQUEST, type JsonField, type JsonMessage, type JsonType } from './json-schema.ts';

/** As deep as the protobuf side reads. */
const DEPTH_LIMIT = 40;
const INT64_LEAST = -(2n ** 63n);
const UINT64_MOST = 2n ** 64n - 1n;

/**
 * The protobuf form of an ExportMetricsServiceRequest in OTLP's JSON form: one reader then serves both. 64-bit integers are taken
 * as decimal text or numbers, doubles also as "NaN", "Infinity" and "-Infinity", enums as numbers; unknown fields are
 * passed over. Throws {@link MalformedOtlp} with the place of what is wrong.
 */
export function protobufOfJson(text: Uint8Array): Buffer {
  let document: unknown;
  try {
    document = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(text));
  } catch (error) {
    throw new MalformedOtlp(error instanceof Error ? error.message : String(error), 'the document');
  }
  const writer = new ByteWriter();
  writeMessage(writer, JSON_EXPORT_REQUEST, document, '$', 0);
  return writer.written();
}

function writeMessage(writer: ByteWriter, schema: JsonMessage, given: unknown, where: string, depth: number): void {
  if (depth > DEPTH_LIMIT) throw new MalformedOtlp(`nesting deeper than ${DEPTH_LIMIT}`, where);
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new MalformedOtlp(`${schema.name} must be an object`, where);
  }
  for (const [name, field] of schema.fields) {
    const value = Object.hasOwn(given, name) ? (given as Record<string, unknown>)[name] : undefined;
    // JSON's null is a field that is not there.
    if (value !== undefined && value !== null) writeField(writer, field, value, `${where}.${name}`, depth);
  }
}

function writeField(
  writer: ByteWriter,
  { number, type, repeated }: JsonField,
  value: unknown,
  where: string,
  depth: number,
): void {
  if (!repeated) {
    writeValue(writer, number, type, value, where, depth);
    return;
  }
  for (const [index, item] of arrayOf(value, where).entries()) {
    writeValue(writer, number, type, item, `${where}[${index}]`, depth);
  }
}

function writeValue(
  writer: ByteWriter,
  number: number,
  type: JsonType,
  value: unknown,
  where: string,
  depth: number,
): void {
  if (typeof type === 'object') {
    writer.tag(number, 2);
    writer.nested(() => writeMessage(writer, type, value, where, depth + 1));
    return;
  }
  switch (type) {
    case 'string':
    case 'base64':
      writer.tag(number, 2);
      writer.bytes(Buffer.from(textOf(value, where), type === 'string' ? 'utf8' : 'base64'));
      return;
    case 'double':
      writer.tag(number, 1);
      writer.double(doubleOf(value, where));
      return;
    case 'fixed64':
    case 'sfixed64':
      writer.tag(number, 1);
      writer.fixed64(BigInt.asUintN(64, integerOf(value, where, type === 'fixed64' ? 0n : INT64_LEAST)));
      return;
    case 'packedFixed64':
    case 'packedUint64':
    case 'packedDouble':
      writer.tag(number, 2);
      writer.nested(() => writePacked(writer, type, arrayOf(value, where), where));
      return;
    case 'bool':
    case 'enum':
    case 'int64':
    case 'uint32':
    case 'sint32':
    case 'uint64':
      writer.tag(number, 0);
      writer.varint(varintOf(type, value, where));
  }
}

type Packed = 'packedFixed64' | 'packedUint64' | 'packedDouble';

function writePacked(writer: ByteWriter, type: Packed, values: readonly unknown[], where: string): void {
  for (const [index, value] of values.entries()) {
    const place = `${where}[${index}]`;
    if (type === 'packedDouble') writer.double(doubleOf(value, place));
    else if (type === 'packedFixed64') writer.fixed64(integerOf(value, place, 0n));
    else writer.varint(integerOf(value, place, 0n));
  }
}

type Varint = 'bool' | 'enum' | 'int64' | 'uint32' | 'sint32' | 'uint64';

function varintOf(type: Varint, value: unknown, where: string): bigint {
  if (type === 'bool') {
    if (typeof value !== 'boolean') throw new MalformedOtlp('must be true or false', where);
    return value ? 1n : 0n;
  }
  const signed = type === 'int64' || type === 'sint32';
  const integer = integerOf(value, where, signed ? INT64_LEAST : 0n);
  if (type !== 'sint32') return BigInt.asUintN(64, integer);
  return integer >= 0n ? integer * 2n : -integer * 2n - 1n;
}

function integerOf(value: unknown, where: string, least: bigint): bigint {
  const whole =
    typeof value === 'number' ? Number.isInteger(value) : typeof value === 'string' && /^-?\d{1,20}$/.test(value);
  const integer = whole ? BigInt(value as number | string) : undefined;
  // Signed values end at 2^63 - 1, unsigned ones at 2^64 - 1.
  const most = least < 0n ? -least - 1n : UINT64_MOST;
  if (integer === undefined || integer < least || integer > most) {
    throw new MalformedOtlp(`must be a whole number from ${least} to ${most}`, where);
  }
  return integer;
}

const WORDS: Readonly<Record<string, number>> = { NaN: Number.NaN, Infinity: Infinity, '-Infinity': -Infinity };

function doubleOf(value: unknown, where: string): number {
  if (typeof value === 'number') return value;
  const number = typeof value !== 'string' || value.trim() === '' ? undefined : (WORDS[value] ?? Number(value));
  if (number === undefined || (Number.isNaN(number) && value !== 'NaN'))
    throw new MalformedOtlp('must be a number', where);
  return number;
}

function textOf(value: unknown, where: string): string {
  if (typeof value !== 'string') throw new MalformedOtlp('must be a text', where);
  return value;
}

function arrayOf(value: unknown, where: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new MalformedOtlp('must be an array', where);
  return value;
}
