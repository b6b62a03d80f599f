import type { Cursor } from './cursor.ts';

/** An attribute value as stored; nested maps and byte strings are kept as JSON and base64 text. */
export type AttributeValue = string | number | boolean | readonly (string | number | boolean)[];

/** Attributes sorted by key, with a text that is equal exactly when keys, types and values are. */
export interface AttributeSet {
  readonly entries: readonly (readonly [string, AttributeValue])[];
  readonly identity: string;
}

/** A decoded value and its type-keeping text. */
interface Decoded {
  readonly value: AttributeValue;
  readonly identity: string;
}

/**
 * Reads every attribute field (`fieldTag`) between two offsets, passing over other fields. A key that comes twice keeps
 * its last value.
 */
export function readAttributes(cursor: Cursor, from: number, to: number, fieldTag: number): AttributeSet {
  const found = new Map<string, Decoded>();
  cursor.at = from;
  while (cursor.at < to) {
    const tag = cursor.varint();
    if (tag === fieldTag) readKeyValue(cursor, cursor.end(), found);
    else cursor.skip(tag % 8);
  }
  const sorted = [...found].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    entries: sorted.map(([key, { value }]) => [key, value]),
    // JSON strings end unambiguously, so no key or value can pretend to be two.
    identity: sorted.map(([key, { identity }]) => `${JSON.stringify(key)}${identity}`).join(),
  };
}

function readKeyValue(cursor: Cursor, end: number, found: Map<string, Decoded>): void {
  let key = '';
  let decoded: Decoded = EMPTY;
  while (cursor.at < end) {
    const tag = cursor.varint();
    if (tag === 10) key = cursor.text(cursor.end());
    else if (tag === 18) decoded = readAnyValue(cursor, cursor.end());
    else cursor.skip(tag % 8);
  }
  found.set(key, decoded);
}

const EMPTY: Decoded = { value: '', identity: 'e' };

function readAnyValue(cursor: Cursor, end: number): Decoded {
  let decoded = EMPTY;
  while (cursor.at < end) {
    const tag = cursor.varint();
    if (tag === 10) decoded = text('s', cursor.text(cursor.end()));
    else if (tag === 16) decoded = bool(cursor.varint() !== 0);
    else if (tag === 24) decoded = integer(cursor.signedVarint());
    else if (tag === 33) decoded = double(cursor.double());
    else if (tag === 42) decoded = readArray(cursor, cursor.end());
    else if (tag === 50) decoded = readMap(cursor, cursor.end());
    else if (tag === 58) decoded = readBytes(cursor, cursor.end());
    else cursor.skip(tag % 8);
  }
  return decoded;
}

function text(type: string, value: string): Decoded {
  return { value, identity: type + JSON.stringify(value) };
}

function bool(value: boolean): Decoded {
  return { value, identity: value ? 't' : 'f' };
}

function integer(value: bigint): Decoded {
  const number = Number(value);
  return { value: Number.isSafeInteger(number) ? number : String(value), identity: `i${value};` };
}

function double(value: number): Decoded {
  return { value, identity: `d${value};` };
}

function readArray(cursor: Cursor, end: number): Decoded {
  const items: Decoded[] = [];
  while (cursor.at < end) {
    const tag = cursor.varint();
    if (tag === 10) items.push(readAnyValue(cursor, cursor.end()));
    else cursor.skip(tag % 8);
  }
  return {
    value: items.map(({ value }) => (typeof value === 'object' ? JSON.stringify(value) : value)),
    identity: `[${items.map(({ identity }) => identity).join()}]`,
  };
}

function readMap(cursor: Cursor, end: number): Decoded {
  const { entries, identity } = readAttributes(cursor, cursor.at, end, 10);
  return { value: JSON.stringify(Object.fromEntries(entries)), identity: `{${identity}}` };
}

function readBytes(cursor: Cursor, end: number): Decoded {
  const base64 = Buffer.from(cursor.bytes.subarray(cursor.at, end)).toString('base64');
  cursor.at = end;
  return text('b', base64);
}
