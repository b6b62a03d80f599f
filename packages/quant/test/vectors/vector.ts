import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sharedData } from '@nanometer/testing';

/** One entry of a vectors file. */
export interface Vector {
  readonly id: string;
  readonly metric: string;
  readonly kind: string;
  readonly inputs: unknown;
  readonly params: Readonly<Record<string, unknown>>;
  readonly expected: unknown;
  readonly tolerance: number;
}

/** Computes what a vector expects, in the vector's own shape; `data` locates a file of market data. */
export type VectorRunner = (vector: Vector, data: (file: string) => string | undefined) => unknown;

/** Tolerance of a vector that names none. */
const TOLERANCE = 1e-9;

/** Reads the vectors of a file: `{ "vectors": [...] }` or the list alone. Throws an error that says which one is none. */
export function readVectors(file: string): readonly Vector[] {
  const content: unknown = JSON.parse(readFileSync(file, 'utf8'));
  const list = Array.isArray(content) ? content : (content as { readonly vectors?: unknown } | null)?.vectors;
  if (!Array.isArray(list)) throw new Error(`${file} has no list "vectors"`);
  return list.map((entry: unknown, at) => vectorOf(entry, `vector ${at} of ${file}`));
}

function vectorOf(entry: unknown, where: string): Vector {
  const given = (entry ?? {}) as Partial<Vector>;
  const { metric, expected, id = metric, kind = 'unknown', inputs, params = {}, tolerance = TOLERANCE } = given;
  if (typeof metric !== 'string' || typeof id !== 'string') throw new Error(`${where} names no "metric"`);
  if (expected === undefined) throw new Error(`${where}, ${id}, has nothing "expected"`);
  if (!(tolerance >= 0)) throw new Error(`${where}, ${id}, has a tolerance of ${tolerance}`);
  return { ...given, id, metric, kind, inputs, params, expected, tolerance };
}

/** Locates data beside a vectors file, or else in the shared data. */
export function dataBeside(file: string): (name: string) => string {
  return (name) => {
    const beside = join(dirname(file), name);
    return existsSync(beside) ? beside : (sharedData(name) ?? beside);
  };
}

/**
 * Compares ours with what is expected, key by key: keys that only ours has are left out of account, `null` stands for
 * "no value". Returns the paths of what differs by more than the tolerance (absolute below 1, relative above).
 */
export function differences(expected: unknown, actual: unknown, tolerance: number, path = ''): readonly string[] {
  if (expected === null)
    return actual === undefined ? [] : [`${path}: expected no value, ours ${JSON.stringify(actual)}`];
  if (typeof expected === 'number') {
    const within =
      typeof actual === 'number' && Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected));
    return within ? [] : [`${path}: expected ${expected}, ours ${JSON.stringify(actual)}`];
  }
  if (typeof expected !== 'object') return expected === actual ? [] : [`${path}: expected ${JSON.stringify(expected)}`];
  return Object.entries(expected as object).flatMap(([key, value]) =>
    differences(value, (actual as Record<string, unknown> | undefined)?.[key], tolerance, `${path}/${key}`),
  );
}
