import { candidateNames } from './names.ts';
import { BENCHMARK_PATTERNS, BENCHMARK_RUNNERS } from './runners/benchmarks.ts';
import { BOOK_RUNNERS } from './runners/books.ts';
import { COVARIANCE_RUNNERS } from './runners/covariances.ts';
import { INDICATOR_RUNNERS } from './runners/indicators.ts';
import { LEDGER_RUNNERS } from './runners/ledger.ts';
import { MARKET_RUNNERS } from './runners/markets.ts';
import { MICROSTRUCTURE_RUNNERS } from './runners/microstructure.ts';
import { RATIO_PATTERNS, RATIO_RUNNERS } from './runners/ratios.ts';
import { RETURN_PATTERNS, RETURN_RUNNERS } from './runners/returns.ts';
import { RISK_PATTERNS, RISK_RUNNERS } from './runners/risk.ts';
import { STATISTICS_RUNNERS } from './runners/statistics.ts';
import type { Vector, VectorRunner } from './vector.ts';

const BY_NAME: Readonly<Record<string, VectorRunner>> = {
  ...RATIO_RUNNERS,
  ...BENCHMARK_RUNNERS,
  ...COVARIANCE_RUNNERS,
  ...MARKET_RUNNERS,
  ...BOOK_RUNNERS,
  ...LEDGER_RUNNERS,
  ...RETURN_RUNNERS,
  ...RISK_RUNNERS,
  ...STATISTICS_RUNNERS,
  ...MICROSTRUCTURE_RUNNERS,
  ...INDICATOR_RUNNERS,
};
const BY_PATTERN = [...RATIO_PATTERNS, ...BENCHMARK_PATTERNS, ...RETURN_PATTERNS, ...RISK_PATTERNS];

/** The runner of a metric, by its name or by the pattern of a name with parameters; undefined when there is none. */
export function runnerOf(metric: string): VectorRunner | undefined {
  const names = candidateNames(metric);
  const own = names.find((name) => Object.hasOwn(BY_NAME, name));
  if (own !== undefined) return named(own, BY_NAME[own]!);
  const fitting = names.slice(0, 2).flatMap((name) => {
    const runner = BY_PATTERN.find(([pattern]) => pattern.test(name))?.[1];
    return runner === undefined ? [] : [named(name, runner)];
  });
  return fitting[0] ?? rolling(metric);
}

/** A runner that sees the metric by the spelling it was found under. */
function named(metric: string, runner: VectorRunner): VectorRunner {
  return (vector, data) => runner({ ...vector, metric }, data);
}

/** `rolling_NAME` and `roll_NAME`: the metric NAME of every window of `params.window` values, in order. */
function rolling(metric: string): VectorRunner | undefined {
  const inner = /^roll(?:ing)?_(.+)$/.exec(metric)?.[1];
  const runner = inner === undefined ? undefined : runnerOf(inner);
  if (inner === undefined || runner === undefined) return undefined;
  return (vector, data) => {
    const { window } = vector.params;
    if (!Array.isArray(vector.inputs) || typeof window !== 'number') throw new Error('it has no list or no window');
    const values: readonly unknown[] = vector.inputs;
    return Array.from({ length: Math.max(0, values.length - window + 1) }, (_, at) =>
      runner({ ...vector, metric: inner, inputs: values.slice(at, at + window), expected: 0 }, data),
    );
  };
}

/** A vector whose inputs are several series by name, each expected by the same name. */
export function isByName({ inputs, expected }: Vector): boolean {
  const keys = namesOf(inputs);
  const wanted = namesOf(expected);
  const lists = Object.values((inputs ?? {}) as object);
  return wanted.length > 0 && wanted.every((key) => keys.includes(key)) && lists.every((list) => Array.isArray(list));
}

function namesOf(value: unknown): readonly string[] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
}

/** What is computed of a vector: by its runner, or by it for each series where inputs and answers go by name. */
export function answerOf(vector: Vector, runner: VectorRunner, data: (file: string) => string | undefined): unknown {
  if (!isByName(vector)) return runner(vector, data);
  const inputs = vector.inputs as Readonly<Record<string, unknown>>;
  const expected = vector.expected as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    Object.entries(expected).map(([name, one]) => [
      name,
      runner({ ...vector, inputs: inputs[name], expected: one }, data),
    ]),
  );
}

/** Names that vectors may have, for a message. */
export function knownMetrics(): readonly string[] {
  return Object.keys(BY_NAME).toSorted();
}
