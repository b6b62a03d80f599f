import { toUSVString } from 'node:util';

/** Nesting beyond this is cut off; it also ends the walk around a cycle. */
const DEEPEST_NESTING = 16;

/**
 * The text of an attribute value of any kind (specification, AnyValue for non-OTLP protocols): strings as they are, bytes
 * in base64, null and undefined empty, everything else as JSON, with non-finite numbers and whatever else JSON lacks as
 * strings inside of arrays and maps. Never throws.
 */
export function attributeText(value: unknown): string {
  if (typeof value === 'string') return toUSVString(value);
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? objectText(value) : scalarText(value);
}

/** Numbers, booleans and what no attribute should be. */
function scalarText(value: unknown): string {
  return typeof value === 'symbol' || typeof value === 'function'
    ? typeof value
    : `${value as number | bigint | boolean}`;
}

function objectText(value: object): string {
  if (value instanceof Uint8Array) return base64(value);
  try {
    return toUSVString(JSON.stringify(jsonOf(value, 0)));
  } catch {
    // A getter or proxy of the caller's threw: there is nothing to show.
    return '';
  }
}

function jsonOf(value: unknown, depth: number): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'string' || typeof value === 'boolean' || value === null || value === undefined) {
    return value ?? null;
  }
  if (typeof value !== 'object') return scalarText(value);
  if (value instanceof Uint8Array) return base64(value);
  if (depth === DEEPEST_NESTING) return null;
  if (Array.isArray(value)) return Array.from(value, (item) => jsonOf(item, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, jsonOf(item, depth + 1)]));
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
