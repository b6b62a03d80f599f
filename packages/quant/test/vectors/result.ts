import { answerOf, knownMetrics, runnerOf } from './runner-of.ts';
import { dataBeside, differences, type Vector } from './vector.ts';

/** How ours compares with one vector. */
export interface VectorResult {
  readonly id: string;
  readonly metric: string;
  readonly kind: string;
  readonly expected: unknown;
  readonly ours: unknown;
  /** Largest relative error among the numbers, absolute where the expected one is below 1. */
  readonly error: number | undefined;
  readonly tolerance: number;
  readonly pass: boolean;
  /** What differs, or why nothing was computed. */
  readonly problems: readonly string[];
}

/** Runs one vector of a file; a metric without a runner fails, as does a runner that throws. */
export function resultOf(vector: Vector, file: string): VectorResult {
  const { id, metric, kind, expected, tolerance } = vector;
  const failed = (problem: string): VectorResult => {
    return {
      id,
      metric,
      kind,
      expected,
      ours: undefined,
      error: undefined,
      tolerance,
      pass: false,
      problems: [problem],
    };
  };
  const runner = runnerOf(metric);
  if (runner === undefined)
    return failed(`nothing computes the metric "${metric}"; there are ${knownMetrics().join(', ')}`);
  try {
    const ours = restrict(answerOf(vector, runner, dataBeside(file)), expected);
    const problems = differences(expected, ours, tolerance);
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
  } catch (error) {
    return failed((error as Error).message);
  }
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
