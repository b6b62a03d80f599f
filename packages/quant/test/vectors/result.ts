import { answerOf, knownMetrics, runnerOf } from './runner-of.ts';
import { dataBeside, differences, isRefusal, type Vector } from './vector.ts';

/** How ours compares with one vector. */
export interface VectorResult {
  readonly id: string;
  readonly metric: string;
  readonly kind: string;
  readonly expected: unknown;
  readonly ours: unknown;
  /** Largest relative error among the numbers, absolute where the expected one is below 1. */
  readonly error: number | undefined;
  readonly tolerance: Vector['tolerance'];
  readonly pass: boolean;
  /** What differs, or why nothing was computed. */
  readonly problems: readonly string[];
}

/**
 * Runs one vector of a file. It fails without a runner of its metric, where a runner throws, and where ours is one of the
 * values it calls `wrong`. One that must be refused passes where nothing comes out.
 */
export function resultOf(vector: Vector, file: string): VectorResult {
  if (vector.problem !== undefined) return resultWith(vector, undefined, [vector.problem]);
  const runner = runnerOf(vector.metric);
  if (runner === undefined) {
    const known = knownMetrics().join(', ');
    return resultWith(vector, undefined, [`nothing computes the metric "${vector.metric}"; there are ${known}`]);
  }
  const refusal = isRefusal(vector);
  try {
    const ours = restrict(answerOf(vector, runner, dataBeside(file)), vector.expected);
    if (refusal) {
      return resultWith(vector, ours, isNothing(ours) ? [] : [`it must be refused, ours ${JSON.stringify(ours)}`]);
    }
    return resultWith(vector, ours, [
      ...differences(vector.expected, ours, vector.tolerance),
      ...mistakes(vector, ours),
    ]);
  } catch (error) {
    return resultWith(vector, undefined, refusal ? [] : [reasonOf(error)]);
  }
}

function resultWith(vector: Vector, ours: unknown, problems: readonly string[]): VectorResult {
  const { id, metric, kind, expected, tolerance } = vector;
  return {
    id,
    metric,
    kind,
    expected,
    ours,
    error: largestError(expected, ours),
    tolerance,
    pass: problems.length === 0,
    problems,
  };
}

/** A runner's own message, or that the inputs are not of its shape where it stumbled over them. */
function reasonOf(error: unknown): string {
  const { message } = error as Error;
  return error instanceof TypeError ? `its inputs are not of the shape that the metric takes (${message})` : message;
}

/** Whether there is no value anywhere. */
function isNothing(ours: unknown): boolean {
  if (ours === undefined || ours === null || (typeof ours === 'number' && !Number.isFinite(ours))) return true;
  return typeof ours === 'object' && Object.values(ours).every(isNothing);
}

/** Says which of the values that a vector knows to be wrong ours is. */
function mistakes({ wrong, tolerance }: Vector, ours: unknown): readonly string[] {
  const known = wrong === undefined ? [] : Array.isArray(wrong) ? wrong : [wrong];
  return known
    .filter((value) => differences(value, ours, tolerance).length === 0)
    .map((value) => `ours is ${JSON.stringify(value)}, which is known to be wrong`);
}

/** Ours with the keys that are expected, and no others. */
function restrict(ours: unknown, expected: unknown): unknown {
  if (typeof expected !== 'object' || expected === null || Array.isArray(expected)) return ours;
  if (typeof ours !== 'object' || ours === null) return ours;
  const known = ours as Readonly<Record<string, unknown>>;
  return Object.fromEntries(Object.entries(expected).map(([key, value]) => [key, restrict(known[key], value)]));
}

function largestError(expected: unknown, ours: unknown): number | undefined {
  if (typeof expected === 'number') {
    return typeof ours === 'number' ? Math.abs(ours - expected) / Math.max(1, Math.abs(expected)) : undefined;
  }
  if (typeof expected !== 'object' || expected === null) return undefined;
  const errors = Object.entries(expected).map(([key, value]) =>
    largestError(value, (ours as Readonly<Record<string, unknown>> | undefined)?.[key]),
  );
  const known = errors.filter((error) => error !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}
