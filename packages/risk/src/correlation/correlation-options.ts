import { INSTRUMENTS_MAX, WINDOW_RETURNS_MAX, WINDOW_STEPS_MAX } from '@nanometer/quant';
import { atLeast, between, within, withinOption } from '../option-checks.ts';
import { RiskOptionError } from '../risk-option-error.ts';

/**
 * How correlations are estimated:
 * - `ewma`: products of grid returns, fading (RiskMetrics).
 * - `windowed`: sample correlation of the latest grid returns.
 * - `ledoit_wolf`: the same, shrunk towards equal variances without correlation.
 * - `hayashi_yoshida`: overlapping returns of the ticks themselves, fading with each grid step; no grid returns.
 */
export type CorrelationMethod = 'ewma' | 'windowed' | 'ledoit_wolf' | 'hayashi_yoshida';

/**
 * The most that options of the correlations may be: a deployment's guard against a configuration that takes more memory
 * or work than the machine has.
 */
export interface CorrelationMaxima {
  /** A matrix takes 8 bytes for each pair, a step of the queue 8 for each instrument. Default 5,000, at most 16,000. */
  readonly symbolLimit?: number | undefined;
  /** A window takes 8 bytes for each step and instrument. Default 100,000, at most 16,777,216. */
  readonly windowSteps?: number | undefined;
  /** Default 1,000, at most 16,777,216. */
  readonly pairLimit?: number | undefined;
  /** Default 65,536, at most 16,777,216. */
  readonly stepQueueLimit?: number | undefined;
  /** Default 16,777,216, at most 268,435,456. */
  readonly tickQueueLimit?: number | undefined;
}

/** What correlations are made of; all has defaults. */
export interface CorrelationOptions {
  /** Default `ewma`. */
  readonly method?: CorrelationMethod | undefined;
  /** Time between two steps of the previous-tick grid, on the marks' clock. Default 1,000. */
  readonly gridStepMs?: number | undefined;
  /** Fading per step of `ewma` and `hayashi_yoshida`, between 0 and 1. Default 0.99: some 100 steps. */
  readonly lambda?: number | undefined;
  /** Steps of `windowed` and `ledoit_wolf`. Default 300. */
  readonly windowSteps?: number | undefined;
  /** Returns that an instrument must have before it has correlations, of the fading methods. Default 30. */
  readonly minimumSteps?: number | undefined;
  /** Most instruments, at least 2; marks of more are left out and counted. Default 500. */
  readonly symbolLimit?: number | undefined;
  /** Most pairs exported, those with the most exposure. Default 10. */
  readonly pairLimit?: number | undefined;
  /** Every how many steps `onCorrelationMatrix` is told the whole matrix. Default 1. */
  readonly matrixEverySteps?: number | undefined;
  /** Cells of that matrix. Default `float32`, half the memory and plenty for a picture. */
  readonly matrixPrecision?: 'float32' | 'float64' | undefined;
  /** Steps that may wait for the worker before they are dropped. Default 64. */
  readonly stepQueueLimit?: number | undefined;
  /** Ticks of `hayashi_yoshida` that may wait. Default 65,536. */
  readonly tickQueueLimit?: number | undefined;
  /** The most that the above may be. */
  readonly maxima?: CorrelationMaxima | undefined;
}

/** Options with every default filled in. Plain data: they go to the worker as they are. */
export interface CorrelationSettings {
  readonly method: CorrelationMethod;
  readonly gridStepMs: number;
  readonly lambda: number;
  readonly windowSteps: number;
  readonly minimumSteps: number;
  readonly symbolLimit: number;
  readonly pairLimit: number;
  readonly matrixEverySteps: number;
  readonly matrixPrecision: 'float32' | 'float64';
  readonly queueLimit: number;
}

/** The whole correlation matrix at one step. */
export interface CorrelationMatrixEvent {
  /** Grid point on the marks' clock, Unix milliseconds. */
  readonly timeMs: number;
  /** Names of rows and columns, as exchange/symbol. */
  readonly symbols: readonly string[];
  /** Row after row, symbols × symbols, NaN where there is no correlation. It is the receiver's. */
  readonly matrix: Float32Array | Float64Array;
  readonly method: CorrelationMethod;
}

const METHODS: readonly CorrelationMethod[] = ['ewma', 'windowed', 'ledoit_wolf', 'hayashi_yoshida'];
/** Least value, default of the maximum, and the most that the maximum may be: there a queue or window still has an index. */
const BOUNDED = {
  symbolLimit: [2, 5000, INSTRUMENTS_MAX],
  windowSteps: [2, 100_000, WINDOW_STEPS_MAX],
  pairLimit: [0, 1000, 2 ** 24],
  stepQueueLimit: [1, 65_536, 2 ** 24],
  tickQueueLimit: [2, 2 ** 24, 2 ** 28],
} as const satisfies Record<keyof CorrelationMaxima, readonly [number, number, number]>;

function oneOf<Value extends string>(values: readonly Value[], name: string, value: Value): Value {
  if (values.includes(value)) return value;
  throw new RiskOptionError(`${name} is ${value}; there are ${values.join(', ')}`);
}

/** An option that has a maximum. */
function bounded(options: CorrelationOptions, name: keyof CorrelationMaxima, fallback: number): number {
  const [least, usual, highest] = BOUNDED[name];
  const mostName = `correlation.maxima.${name}`;
  const most = within(least, highest, mostName, options.maxima?.[name] ?? usual);
  return withinOption(least, most, `correlation.${name}`, options[name] ?? fallback, mostName);
}

/** Throws a {@link RiskOptionError}. */
export function correlationSettings(options: CorrelationOptions): CorrelationSettings {
  const method = oneOf(METHODS, 'correlation.method', options.method ?? 'ewma');
  const stepQueueLimit = bounded(options, 'stepQueueLimit', 64);
  const tickQueueLimit = bounded(options, 'tickQueueLimit', 65_536);
  const symbolLimit = bounded(options, 'symbolLimit', 500);
  const windowSteps = bounded(options, 'windowSteps', 300);
  const hasWindow = method === 'windowed' || method === 'ledoit_wolf';
  if (hasWindow && windowSteps * symbolLimit > WINDOW_RETURNS_MAX) {
    throw new RiskOptionError(
      `correlation.windowSteps is ${windowSteps}; with a symbolLimit of ${symbolLimit} it must be ${Math.floor(WINDOW_RETURNS_MAX / symbolLimit)} at most`,
    );
  }
  return {
    method,
    gridStepMs: between(0, Infinity, 'correlation.gridStepMs', options.gridStepMs ?? 1000),
    lambda: between(0, 1, 'correlation.lambda', options.lambda ?? 0.99),
    windowSteps,
    minimumSteps: atLeast(1, 'correlation.minimumSteps', options.minimumSteps ?? 30),
    symbolLimit,
    pairLimit: bounded(options, 'pairLimit', 10),
    matrixEverySteps: atLeast(1, 'correlation.matrixEverySteps', options.matrixEverySteps ?? 1),
    matrixPrecision: oneOf(['float32', 'float64'], 'correlation.matrixPrecision', options.matrixPrecision ?? 'float32'),
    queueLimit: method === 'hayashi_yoshida' ? tickQueueLimit : stepQueueLimit,
  };
}
