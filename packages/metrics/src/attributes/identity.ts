import type { Attributes } from '@opentelemetry/api';

// 32-bit FNV-1a with a final avalanche. Collisions only cost a comparison: equality decides, never the hash.
const FNV_OFFSET = 0x811c9dc5 | 0;
const FNV_PRIME = 0x01000193;

function avalanche(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

function hashString(text: string, seed: number): number {
  let hash = FNV_OFFSET ^ seed;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), FNV_PRIME);
  return hash;
}

function hashValue(value: unknown): number {
  if (typeof value === 'string') return hashString(value, 1);
  if (typeof value === 'number') return hashString(String(value), 2);
  if (typeof value === 'boolean') return value ? 3 : 4;
  if (value === null || typeof value !== 'object') return 5;
  if (Array.isArray(value) || value instanceof Uint8Array) {
    let hash = Array.isArray(value) ? 6 : 7;
    for (const item of value) hash = Math.imul(hash ^ hashValue(item), FNV_PRIME);
    return hash;
  }
  return 8 ^ hashAttributes(value as Attributes);
}

/** Hashes a copied attribute set; the order of its keys does not matter, because a sum of pair hashes has none. */
export function hashAttributes(attributes: Attributes): number {
  let hash = 0;
  for (const key of Object.keys(attributes)) {
    hash = (hash + avalanche(Math.imul(hashString(key, 0), 31) ^ hashValue(attributes[key]))) | 0;
  }
  return avalanche(hash);
}

function sameValue(a: unknown, b: unknown): boolean {
  if (a === b || (Number.isNaN(a) && Number.isNaN(b))) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b) || a instanceof Uint8Array !== b instanceof Uint8Array) return false;
  if (Array.isArray(a) || a instanceof Uint8Array) {
    const left = a as ArrayLike<unknown>;
    const right = b as ArrayLike<unknown>;
    if (left.length !== right.length) return false;
    for (let i = 0; i < left.length; i++) if (!sameValue(left[i], right[i])) return false;
    return true;
  }
  return sameAttributes(a as Attributes, b as Attributes);
}

/** Compares two copied attribute sets: types count ('1' is not 1, null is not NaN), the order of keys does not. */
export function sameAttributes(a: Attributes, b: Attributes): boolean {
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  for (const key of keys) {
    if (!Object.hasOwn(b, key) || !sameValue(a[key], b[key])) return false;
  }
  return true;
}
