import { populationCovariance, type Shrunk, type SquareMatrix } from './sample-correlation.ts';

/** `(1 - intensity)·sample + intensity·target`. */
function blend({ size, cells }: SquareMatrix, target: Float64Array, intensity: number): Shrunk {
  const blended = Float64Array.from(cells, (value, at) => (1 - intensity) * value + intensity * target[at]!);
  return { covariance: { size, cells: blended }, intensity };
}

/**
 * Shrinks the covariance of rows of observations towards a multiple of the identity with the intensity that is best for
 * normal returns (oracle approximating shrinkage: Chen, Wiesel, Eldar and Hero 2010). Undefined without rows.
 */
export function oracleShrinkage(rows: readonly ArrayLike<number>[], size: number): Shrunk | undefined {
  const count = rows.length;
  if (count === 0 || size === 0) return undefined;
  const sample = populationCovariance(rows, size);
  let trace = 0;
  let squares = 0;
  for (let i = 0; i < size; i++) trace += sample.cells[i * size + i]!;
  for (const value of sample.cells) squares += value * value;
  const mean = trace / size;
  const meanSquare = squares / (size * size);
  const distance = (count + 1) * (meanSquare - (mean * mean) / size);
  const intensity = distance > 0 ? Math.min(1, (meanSquare + mean * mean) / distance) : 1;
  const target = new Float64Array(size * size);
  for (let i = 0; i < size; i++) target[i * size + i] = mean;
  return blend(sample, target, intensity);
}

/**
 * Shrinks the covariance of rows of observations towards one with the same variances and a single correlation, the mean
 * of all pairs (Ledoit and Wolf 2004, "Honey, I shrunk the sample covariance matrix"). Undefined without rows, below two
 * instruments, or where one has no variance.
 */
export function constantCorrelationShrinkage(rows: readonly ArrayLike<number>[], size: number): Shrunk | undefined {
  const count = rows.length;
  if (count === 0 || size < 2) return undefined;
  const sample = populationCovariance(rows, size);
  const at = (i: number, j: number): number => sample.cells[i * size + j]!;
  const deviations = Array.from({ length: size }, (_, i) => Math.sqrt(at(i, i)));
  if (deviations.some((deviation) => !(deviation > 0))) return undefined;
  let correlations = 0;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < i; j++) correlations += (2 * at(i, j)) / (deviations[i]! * deviations[j]!);
  }
  const mean = correlations / (size * (size - 1));
  const target = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) target[i * size + j] = i === j ? at(i, i) : mean * deviations[i]! * deviations[j]!;
  }
  const errors = samplingErrors(rows, sample, deviations, mean);
  const distance = sample.cells.reduce((sum, value, cell) => sum + (value - target[cell]!) ** 2, 0);
  const intensity = distance > 0 ? Math.max(0, Math.min(1, errors / distance / count)) : 0;
  return blend(sample, target, intensity);
}

/** π̂ - ρ̂ of the paper: what the sample covariances err by, less what the target errs by with them. */
function samplingErrors(
  rows: readonly ArrayLike<number>[],
  { size, cells }: SquareMatrix,
  deviations: readonly number[],
  meanCorrelation: number,
): number {
  const count = rows.length;
  const means = Array.from({ length: size }, (_, i) => rows.reduce((sum, row) => sum + row[i]!, 0) / count);
  const centred = rows.map((row) => means.map((mean, i) => row[i]! - mean));
  let sample = 0;
  let target = 0;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      const covariance = cells[i * size + j]!;
      let own = 0;
      let first = 0;
      let second = 0;
      for (const row of centred) {
        const error = row[i]! * row[j]! - covariance;
        own += error * error;
        first += (row[i]! ** 2 - cells[i * size + i]!) * error;
        second += (row[j]! ** 2 - cells[j * size + j]!) * error;
      }
      sample += own / count;
      if (i === j) target += own / count;
      else {
        const slope = deviations[j]! / deviations[i]!;
        target += ((meanCorrelation / 2) * (slope * first + second / slope)) / count;
      }
    }
  }
  return sample - target;
}
