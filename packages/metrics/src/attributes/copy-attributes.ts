import type { Attributes } from '@opentelemetry/api';
import type { AttributeShapes } from './attribute-shape.ts';

/** Nesting beyond this is refused; it also ends the walk around a cycle. */
const DEEPEST_NESTING = 8;

/** Says which keys of an attribute set a view keeps. */
export type KeyFilter = (key: string) => boolean;

/** An attribute set as its caller wrote it. */
export interface AttributePairs {
  readonly keys: readonly string[];
  readonly values: readonly unknown[];
}

class UnreadableAttributes extends Error {}

function copyValue(value: unknown, depth: number): unknown {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value;
  if (typeof value === 'number') return value === 0 ? 0 : value;
  if (typeof value !== 'object' || depth === DEEPEST_NESTING) throw new UnreadableAttributes();
  if (value instanceof Uint8Array) return value.slice();
  if (Array.isArray(value)) return Object.freeze(Array.from(value, (item) => copyValue(item ?? null, depth + 1)));
  return copyRecord(value as Record<string, unknown>, depth + 1);
}

function copyRecord(source: Record<string, unknown>, depth: number): Attributes {
  return objectOf(copyPairs(pairsOf(source), depth, undefined));
}

function copyPairs(pairs: AttributePairs, depth: number, keeps: KeyFilter | undefined): AttributePairs {
  const keys: string[] = [];
  const values: unknown[] = [];
  for (let i = 0; i < pairs.keys.length; i++) {
    const key = pairs.keys[i]!;
    const value = pairs.values[i];
    if (value === undefined || (keeps !== undefined && !keeps(key))) continue;
    keys.push(key);
    values.push(copyValue(value, depth));
  }
  return { keys, values };
}

function objectOf({ keys, values }: AttributePairs): Attributes {
  const object: Record<string, unknown> = {};
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i]!;
    // Plain assignment to this one key would replace the prototype.
    if (key === '__proto__') Object.defineProperty(object, key, { value: values[i], enumerable: true });
    else object[key] = values[i];
  }
  return Object.freeze(object) as Attributes;
}

function pairsOf(source: Record<string, unknown>): AttributePairs {
  const keys = Object.keys(source);
  const values: unknown[] = [];
  for (const key of keys) values.push(source[key]);
  return { keys, values };
}

/**
 * Reads the own enumerable properties of a caller's object, each exactly once: a getter may answer differently the
 * second time, and identity must not depend on that. Throws what a getter or proxy throws.
 */
export function readPairs(source: unknown): AttributePairs | undefined {
  return typeof source === 'object' && source !== null ? pairsOf(source as Record<string, unknown>) : undefined;
}

/**
 * Deep-copies attributes into a frozen object that nobody else holds. A property that is `undefined` is absent; -0 is
 * 0; keys that `keeps` refuses are left out.
 * Returns `undefined` for what is no attribute set: bigint, symbol and function values, cycles, deep nesting.
 */
export function copyAttributes(
  pairs: AttributePairs,
  keeps?: KeyFilter,
  shapes?: AttributeShapes,
): Attributes | undefined {
  let copied: AttributePairs;
  try {
    copied = copyPairs(pairs, 0, keeps);
  } catch {
    // Unreadable, or a nested getter threw: the caller's measurement is dropped and counted instead.
    return undefined;
  }
  return shapes?.of(copied.keys)?.objectOf(copied.values) ?? objectOf(copied);
}
