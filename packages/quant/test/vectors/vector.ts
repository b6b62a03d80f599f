import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sharedData } from '@nanometer/testing';
import { isWithin, type Tolerance, toleranceOf } from './tolerance.ts';

/** One entry of a vectors file. */
export interface Vector {
  readonly id: string;
  readonly metric: string;
  readonly kind: string;
  readonly inputs: unknown;
  readonly params: Readonly<Record<string, unknown>>;
  readonly expected: unknown;
  readonly tolerance: Tolerance;
  /** Published values that are known to be wrong: ours must not be one of them. */
  readonly wrong?: unknown;
  /** What is wrong with the entry itself, with its place in the file; it is then not computed. */
  readonly problem?: string;
}

/** Computes what a vector expects, in the vector's own shape; `data` locates a file of market data. */
export type VectorRunner = (vector: Vector, data: (file: string) => string | undefined) => unknown;

/**
 * Reads the vectors of a file: `{ "vectors": [...] }` or the list alone. An entry that is none comes with its `problem`.
 * Throws an error for a file that is no such list.
 */
export function readVectors(file: string): readonly Vector[] {
  const content = parsed(file);
  const list = Array.isArray(content) ? content : (content as { readonly vectors?: unknown } | null)?.vectors;
  if (!Array.isArray(list)) throw new Error(`${file} has no list "vectors"`);
  if (list.length === 0) throw new Error(`${file} has an empty list "vectors": nothing was compared`);
  return list.map((entry: unknown, at) => vectorOf(entry, at, `vector ${at} of ${file}`));
}

/** Says which ids a file gives to several vectors, and where. */
export function repeatedIds(vectors: readonly Vector[]): readonly string[] {
  const places = new Map<string, number[]>();
  vectors.forEach(({ id }, at) => places.set(id, [...(places.get(id) ?? []), at]));
  return [...places].flatMap(([id, all]) => (all.length < 2 ? [] : [`vectors ${all.join(', ')} are all called ${id}`]));
}

/** JSON, and the bare NaN, Infinity and -Infinity that Python writes, which come as texts. */
function parsed(file: string): unknown {
  const text = readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  if (text.trim() === '') throw new Error(`${file} is empty`);
  const quoted = text.replaceAll(/"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g, (token) =>
    token.startsWith('"') ? token : `"${token}"`,
  );
  try {
    return JSON.parse(quoted) as unknown;
  } catch (error) {
    throw new Error(`${file} is no JSON: ${(error as Error).message}`, { cause: error });
  }
}

function vectorOf(entry: unknown, at: number, where: string): Vector {
  const isObject = typeof entry === 'object' && entry !== null && !Array.isArray(entry);
  const given = (isObject ? entry : {}) as Readonly<Record<string, unknown>>;
  const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
  const metric = text(given['metric']);
  const id = text(given['id']) ?? metric ?? `#${at}`;
  const params = given['params'] ?? {};
  const problem = isObject ? problemOf(given, metric, params) : `is ${JSON.stringify(entry)}, no object`;
  const read = tolerance(given);
  const first = problem ?? read.problem;
  return {
    ...given,
    id,
    metric: metric ?? 'none',
    kind: text(given['kind']) ?? 'unknown',
    inputs: given['inputs'],
    params: (problem === undefined ? params : {}) as Vector['params'],
    expected: given['expected'],
    tolerance: read.tolerance,
    ...(first === undefined ? {} : { problem: `${where} ${first}` }),
  };
}

function problemOf(
  given: Readonly<Record<string, unknown>>,
  metric: string | undefined,
  params: unknown,
): string | undefined {
  if (metric === undefined) return 'names no "metric"';
  if (given['id'] !== undefined && typeof given['id'] !== 'string')
    return `has an "id" of ${JSON.stringify(given['id'])}, no text`;
  if (given['expected'] === undefined && !isRefusal(given)) return 'has nothing "expected"';
  if (given['inputs'] === undefined && given['params'] === undefined) return 'has neither "inputs" nor "params"';
  if (typeof params !== 'object' || params === null || Array.isArray(params)) return 'has "params" that are no object';
  return undefined;
}

function tolerance(given: Readonly<Record<string, unknown>>): { tolerance: Tolerance; problem?: string } {
  try {
    return { tolerance: toleranceOf(given) };
  } catch (error) {
    return { tolerance: { absolute: 0, relative: 0 }, problem: (error as Error).message };
  }
}

/** Whether a vector asks that nothing is computed: `must_refuse`, or a word for it as what is expected. */
export function isRefusal(vector: object): boolean {
  const { must_refuse: must, expected } = vector as { readonly must_refuse?: unknown; readonly expected?: unknown };
  return (
    must === true || (typeof expected === 'string' && /^(?:must[ _-])?(?:refused?|error|undefined)$/i.test(expected))
  );
}

/** Locates data beside a vectors file, or else in the shared data. */
export function dataBeside(file: string): (name: string) => string {
  return (name) => {
    const beside = join(dirname(file), name);
    return existsSync(beside) ? beside : (sharedData(name) ?? beside);
  };
}

/** The texts that stand for a number JSON cannot hold. */
function numberOf(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (/^nan$/i.test(value)) return null;
  const sign = /^([+-]?)inf(?:inity)?$/i.exec(value)?.[1];
  return sign === undefined ? value : sign === '-' ? -Infinity : Infinity;
}

/**
 * Compares ours with what is expected, key by key: keys that only ours has are left out of account, `null` and `NaN`
 * stand for "no value". Returns the paths of what differs by more than the tolerance; a plain number is absolute below
 * 1, relative above.
 */
export function differences(
  expected: unknown,
  actual: unknown,
  tolerance: Tolerance | number,
  path = '',
): readonly string[] {
  const limit = typeof tolerance === 'number' ? { absolute: tolerance, relative: tolerance } : tolerance;
  const wanted = numberOf(expected);
  if (wanted === null) return actual === undefined ? [] : [`${path}: expected no value, ours ${printed(actual)}`];
  if (typeof wanted === 'number') {
    const within = typeof actual === 'number' && isWithin(wanted, actual, limit);
    return within ? [] : [`${path}: expected ${wanted}, ours ${printed(actual)}`];
  }
  if (typeof wanted !== 'object') {
    return wanted === actual ? [] : [`${path}: expected ${printed(wanted)}, ours ${printed(actual)}`];
  }
  return Object.entries(wanted as object).flatMap(([key, value]) =>
    differences(value, (actual as Record<string, unknown> | undefined)?.[key], limit, `${path}/${key}`),
  );
}

function printed(value: unknown): string {
  return typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? 'no value');
}
