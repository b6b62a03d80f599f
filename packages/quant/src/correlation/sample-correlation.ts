/** A square matrix, row after row. */
export interface SquareMatrix {
  readonly size: number;
  readonly cells: Float64Array;
}

/**
 * Covariance of rows of observations (each row one moment, one number per instrument) over n, means taken out: the
 * form that {@link ledoitWolf} shrinks.
 */
export function populationCovariance(rows: readonly ArrayLike<number>[], size: number): SquareMatrix {
  const means = new Float64Array(size);
  for (const row of rows) for (let i = 0; i < size; i++) means[i]! += row[i]! / rows.length;
  const cells = new Float64Array(size * size);
  for (const row of rows) {
    for (let i = 0; i < size; i++) {
      const own = row[i]! - means[i]!;
      for (let j = 0; j <= i; j++) cells[i * size + j]! += own * (row[j]! - means[j]!);
    }
  }
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      const value = cells[i * size + j]! / rows.length;
      cells[i * size + j] = value;
      cells[j * size + i] = value;
    }
  }
  return { size, cells };
}

/** Correlations behind a covariance matrix; NaN where an instrument has no variance. */
export function correlationOf({ size, cells }: SquareMatrix): SquareMatrix {
  const correlation = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      const scale = Math.sqrt(cells[i * size + i]!) * Math.sqrt(cells[j * size + j]!);
      const value = scale > 0 ? cells[i * size + j]! / scale : Number.NaN;
      correlation[i * size + j] = i === j && scale > 0 ? 1 : Math.max(-1, Math.min(1, value));
    }
  }
  return { size, cells: correlation };
}

/** A covariance matrix drawn towards equal variances without correlation, and by how much. */
export interface Shrunk {
  readonly covariance: SquareMatrix;
  /** Share of the target in the result, 0 to 1. */
  readonly intensity: number;
}

/**
 * Shrinks the covariance of rows of observations towards a multiple of the identity with the intensity that minimises
 * the expected error (Ledoit and Wolf 2004): well conditioned however few the observations. Undefined without rows.
 */
export function ledoitWolf(rows: readonly ArrayLike<number>[], size: number): Shrunk | undefined {
  const count = rows.length;
  if (count === 0 || size === 0) return undefined;
  const sample = populationCovariance(rows, size);
  const { cells } = sample;
  let trace = 0;
  let squares = 0;
  for (let i = 0; i < size; i++) trace += cells[i * size + i]!;
  for (const value of cells) squares += value * value;
  const target = trace / size;
  const distance = squares / size - target * target;
  const noise = Math.min(distance, sampleNoise(rows, sample) / size);
  const intensity = distance > 0 ? Math.max(0, noise / distance) : 0;
  const shrunk = Float64Array.from(cells, (value) => (1 - intensity) * value);
  for (let i = 0; i < size; i++) shrunk[i * size + i]! += intensity * target;
  return { covariance: { size, cells: shrunk }, intensity };
}

/** Mean squared distance of single observations' products from the sample covariance, over n: its sampling error. */
function sampleNoise(rows: readonly ArrayLike<number>[], { size, cells }: SquareMatrix): number {
  const count = rows.length;
  const means = new Float64Array(size);
  for (const row of rows) for (let i = 0; i < size; i++) means[i]! += row[i]! / count;
  let sum = 0;
  for (const row of rows) {
    let norm = 0;
    for (let i = 0; i < size; i++) norm += (row[i]! - means[i]!) ** 2;
    sum += norm * norm;
  }
  let squares = 0;
  for (const value of cells) squares += value * value;
  return (sum / count - squares) / count;
}

/** Share of the largest eigenvalue in the trace: 1 when everything moves as one. By power iteration; symmetric only. */
export function largestEigenvalueShare({ size, cells }: SquareMatrix): number | undefined {
  let trace = 0;
  for (let i = 0; i < size; i++) trace += cells[i * size + i]!;
  if (!(trace > 0)) return undefined;
  // Uneven, so that it is orthogonal to no eigenvector by symmetry.
  let vector = Float64Array.from({ length: size }, (_, i) => 1 + i / (size + 1));
  let value = 0;
  for (let round = 0; round < 1000; round++) {
    const image = new Float64Array(size);
    for (let i = 0; i < size; i++) for (let j = 0; j < size; j++) image[i]! += cells[i * size + j]! * vector[j]!;
    const norm = Math.hypot(...image);
    if (!(norm > 0)) return undefined;
    for (let i = 0; i < size; i++) image[i]! /= norm;
    vector = image;
    if (Math.abs(norm - value) <= 1e-13 * norm) return norm / trace;
    value = norm;
  }
  return value / trace;
}
