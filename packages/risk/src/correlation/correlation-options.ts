import { atLeast, between } from '../option-checks.ts';
import { RiskOptionError } from '../risk-option-error.ts';

/**
 * How correlations are estimated:
 * - `ewma`: products of grid returns, fading (RiskMetrics).
 * - `windowed`: sample correlation of the latest grid returns.
 * - `ledoit_wolf`: the same, shrunk towards equal variances without correlation.
 * - `hayashi_yoshida`: overlapping returns of the ticks themselves, fading with each grid step; no grid returns.
 */
export type CorrelationMethod = 'ewma' | 'windowed' | 'ledoit_wolf' | 'hayashi_yoshida';

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
  /** Most instruments, 2 to 5,000; marks of more are left out and counted. Default 500. */
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
const SYMBOLS_MOST = 5000;
const WINDOW_MOST = 100_000;

function oneOf<Value extends string>(values: readonly Value[], name: string, value: Value): Value {
  if (values.includes(value)) return value;
  throw new RiskOptionError(`${name} is ${value}; there are ${values.join(', ')}`);
}

function within(least: number, most: number, name: string, value: number): number {
  if (atLeast(least, name, value) <= most) return value;
  throw new RiskOptionError(`${name} is ${value}; it must be ${most} at most`);
}

/** Throws a {@link RiskOptionError}. */
export function correlationSettings(options: CorrelationOptions): CorrelationSettings {
  const method = oneOf(METHODS, 'correlation.method', options.method ?? 'ewma');
  const stepQueueLimit = within(1, 65_536, 'correlation.stepQueueLimit', options.stepQueueLimit ?? 64);
  const tickQueueLimit = within(2, 16_777_216, 'correlation.tickQueueLimit', options.tickQueueLimit ?? 65_536);
  return {
    method,
    gridStepMs: between(0, Infinity, 'correlation.gridStepMs', options.gridStepMs ?? 1000),
    lambda: between(0, 1, 'correlation.lambda', options.lambda ?? 0.99),
    windowSteps: within(2, WINDOW_MOST, 'correlation.windowSteps', options.windowSteps ?? 300),
    minimumSteps: atLeast(1, 'correlation.minimumSteps', options.minimumSteps ?? 30),
    symbolLimit: within(2, SYMBOLS_MOST, 'correlation.symbolLimit', options.symbolLimit ?? 500),
    pairLimit: within(0, 1000, 'correlation.pairLimit', options.pairLimit ?? 10),
    matrixEverySteps: atLeast(1, 'correlation.matrixEverySteps', options.matrixEverySteps ?? 1),
    matrixPrecision: oneOf(['float32', 'float64'], 'correlation.matrixPrecision', options.matrixPrecision ?? 'float32'),
    queueLimit: method === 'hayashi_yoshida' ? tickQueueLimit : stepQueueLimit,
  };
}
