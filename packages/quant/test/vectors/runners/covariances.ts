import {
  constantCorrelationShrinkage,
  correlationOf,
  EwmaCovariance,
  HayashiYoshida,
  largestEigenvalueShare,
  ledoitWolf,
  oracleShrinkage,
  PairMoments,
  populationCovariance,
  rankCorrelation,
  type Shrunk,
  type SquareMatrix,
} from '@nanometer/quant';
import { given, required } from '../terms.ts';
import type { Vector, VectorRunner } from '../vector.ts';

type Rows = readonly (readonly number[])[];

/** Observations in rows; `columns: true`, or a list of series by name, has one series after the other. */
function rowsOf({ inputs, params }: Vector): Rows {
  const given = Array.isArray(inputs) ? inputs : Object.values((inputs ?? {}) as object)[0];
  const series = !Array.isArray(inputs) && Object.values((inputs ?? {}) as object).length > 1;
  const lists = (series ? Object.values(inputs as object) : given) as Rows;
  if (!Array.isArray(lists) || !lists.every((row) => Array.isArray(row)))
    throw new Error('its inputs are no rows of numbers');
  if (new Set(lists.map((row) => row.length)).size > 1) throw new Error('its rows differ in length');
  if (!series && params['columns'] !== true) return lists;
  return (lists[0] ?? []).map((_, at) => lists.map((list) => list[at]!));
}

function printed({ size, cells }: SquareMatrix): number[][] {
  return Array.from({ length: size }, (_, row) => Array.from(cells.subarray(row * size, (row + 1) * size)));
}

function shrinkage(shrink: (rows: Rows, size: number) => Shrunk | undefined): VectorRunner {
  return (vector) => {
    const rows = rowsOf(vector);
    const shrunk = shrink(rows, rows[0]?.length ?? 0);
    if (shrunk === undefined) return undefined;
    const { intensity, covariance } = shrunk;
    if (typeof vector.expected === 'number') return intensity;
    if (Array.isArray(vector.expected)) return printed(covariance);
    const matrix = printed(covariance);
    return { shrinkage: intensity, intensity, delta: intensity, covariance: matrix, matrix };
  };
}

/** Hull's example: one step of both variances and the covariance, from deviations and a correlation. */
function ewmaPair(vector: Vector): unknown {
  const lambda = required(vector, 'lambda', 'decay');
  const first = required(vector, 'sigma_x_prev', 'sigma_x', 'sigma_u', 'vol_x', 'sigma1', 'sigma_prev_x');
  const second = required(vector, 'sigma_y_prev', 'sigma_y', 'sigma_v', 'vol_y', 'sigma2', 'sigma_prev_y');
  const own = required(vector, 'return_x', 'x', 'u', 'r_x', 'r1');
  const other = required(vector, 'return_y', 'y', 'v', 'r_y', 'r2');
  const correlation = given(vector, 'correlation_prev', 'corr_prev', 'rho_prev', 'correlation', 'rho');
  const before = given(vector, 'covariance_prev', 'cov_prev') ?? (correlation ?? Number.NaN) * first * second;
  const step = (state: number, product: number): number => lambda * state + (1 - lambda) * product;
  const covariance = step(before, own * other);
  const variances = [step(first ** 2, own ** 2), step(second ** 2, other ** 2)] as const;
  const [volX, volY] = variances.map(Math.sqrt) as [number, number];
  if (typeof vector.expected === 'number')
    return vector.metric.includes('correlation') ? covariance / (volX * volY) : covariance;
  return {
    covariance,
    correlation: covariance / (volX * volY),
    variance_x: variances[0],
    variance_y: variances[1],
    vol_x: volX,
    vol_y: volY,
  };
}

/** Correlations of many series in which the past fades, from rows; or Hull's single step. */
function ewmaMatrix(vector: Vector): unknown {
  const isStep = !Array.isArray(vector.inputs) && Object.values((vector.inputs ?? {}) as object).every(Number.isFinite);
  if (isStep) return ewmaPair(vector);
  const rows = rowsOf(vector);
  const size = rows[0]?.length ?? 0;
  const matrix = new EwmaCovariance(size, required(vector, 'lambda', 'decay'));
  for (const row of rows) matrix.add(row);
  const read = vector.metric.includes('correlation')
    ? (i: number, j: number) => matrix.correlation(i, j)
    : (i: number, j: number) => matrix.covariance(i, j);
  return Array.from({ length: size }, (_, i) =>
    Array.from({ length: size }, (_, j) => read(Math.max(i, j), Math.min(i, j))),
  );
}

/** Two series by any names. */
function pairOf({ inputs }: Vector): readonly [readonly number[], readonly number[]] {
  const lists = Object.values((inputs ?? {}) as object).filter(Array.isArray) as unknown as number[][];
  if (lists.length !== 2) throw new Error('its inputs are no two series');
  return lists as unknown as readonly [number[], number[]];
}

function correlation(vector: Vector): unknown {
  if (Array.isArray(vector.inputs)) {
    const rows = rowsOf(vector);
    return printed(correlationOf(populationCovariance(rows, rows[0]?.length ?? 0)));
  }
  const [first, second] = pairOf(vector);
  const pair = new PairMoments();
  first.forEach((value, at) => pair.add(value, second[at]!));
  return pair.correlation;
}

/** Ticks of two instruments as `[time, price]`, merged by time. */
function hayashiYoshida(vector: Vector): unknown {
  const [first, second] = pairOf(vector) as unknown as readonly (readonly (readonly [number, number])[])[];
  const ticks = [first!, second!].flatMap((list, side) =>
    list.map(([time, price]) => ({ time, price, side: side as 0 | 1 })),
  );
  const estimate = new HayashiYoshida();
  for (const { side, price } of ticks.toSorted((a, b) => a.time - b.time)) estimate.tick(side, price);
  if (typeof vector.expected === 'number')
    return vector.metric.includes('covariance') ? estimate.covariance : estimate.correlation;
  return { covariance: estimate.covariance, correlation: estimate.correlation };
}

/** By the `metric` of a vector. */
export const COVARIANCE_RUNNERS: Readonly<Record<string, VectorRunner>> = {
  ledoit_wolf: shrinkage(ledoitWolf),
  ledoit_wolf_identity: shrinkage(ledoitWolf),
  ledoit_wolf_shrinkage: shrinkage(ledoitWolf),
  ledoit_wolf_constant_correlation: shrinkage(constantCorrelationShrinkage),
  oas: shrinkage(oracleShrinkage),
  oas_shrinkage: shrinkage(oracleShrinkage),
  ewma_covariance: ewmaMatrix,
  ewma_correlation: ewmaMatrix,
  correlation,
  pearson_correlation: correlation,
  rank_correlation: (vector) => rankCorrelation(...pairOf(vector)),
  spearman: (vector) => rankCorrelation(...pairOf(vector)),
  spearman_correlation: (vector) => rankCorrelation(...pairOf(vector)),
  information_coefficient: (vector) => rankCorrelation(...pairOf(vector)),
  hayashi_yoshida: hayashiYoshida,
  hayashi_yoshida_covariance: hayashiYoshida,
  largest_eigenvalue_share: (vector) => {
    const rows = rowsOf(vector);
    return largestEigenvalueShare({ size: rows.length, cells: Float64Array.from(rows.flat()) });
  },
};
