import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

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

/** Reads the vectors of a file. */
export function readVectors(file: string): readonly Vector[] {
  return (JSON.parse(readFileSync(file, 'utf8')) as { vectors: readonly Vector[] }).vectors;
}

/** Locates data beside a vectors file. */
export function dataBeside(file: string): (name: string) => string {
  return (name) => join(dirname(file), name);
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
