/** Correlations of instruments as one event tells them. */
export interface CorrelationMatrix {
  readonly timeMs: number;
  readonly symbols: readonly string[];
  /** Row after row, `NaN` where there is none. */
  readonly values: Float64Array;
  readonly method: string;
}

const MOST_SYMBOLS = 500;

/**
 * Reads the body of an event of the topic `correlation`: `symbols`, and `matrix` as numbers row after row, as rows, or as
 * the object that JSON makes of a typed array. `null` is no correlation. Returns `undefined` for anything else; beyond
 * 500 instruments the first 500 are kept.
 */
export function readCorrelation(body: unknown): CorrelationMatrix | undefined {
  const { timeMs, symbols, matrix, method } = (body ?? {}) as Record<string, unknown>;
  if (!Array.isArray(symbols) || typeof matrix !== 'object' || matrix === null) return undefined;
  const flat: readonly unknown[] = Array.isArray(matrix) ? matrix.flat() : Object.values(matrix);
  const given = symbols.length;
  if (flat.length !== given * given || given < 2) return undefined;
  const count = Math.min(given, MOST_SYMBOLS);
  const values = new Float64Array(count * count);
  for (let row = 0; row < count; row++) {
    for (let column = 0; column < count; column++) {
      const value = flat[row * given + column];
      values[row * count + column] = typeof value === 'number' && Math.abs(value) <= 1.000001 ? value : NaN;
    }
  }
  return {
    timeMs: typeof timeMs === 'number' ? timeMs : 0,
    symbols: symbols.slice(0, count).map(String),
    values,
    method: typeof method === 'string' ? method : '',
  };
}

/** A matrix of the few pairs that are exported as metrics, for a desk that sends no whole matrix. */
export function matrixOfPairs(
  pairs: readonly { readonly first: string; readonly second: string; readonly value: number }[],
  timeMs: number,
  method: string,
): CorrelationMatrix | undefined {
  const symbols = [...new Set(pairs.flatMap(({ first, second }) => [first, second]))].sort();
  if (symbols.length < 2) return undefined;
  const at = new Map(symbols.map((symbol, index) => [symbol, index]));
  const count = symbols.length;
  const values = new Float64Array(count * count).fill(NaN);
  for (let index = 0; index < count; index++) values[index * count + index] = 1;
  for (const { first, second, value } of pairs) {
    const row = at.get(first) as number;
    const column = at.get(second) as number;
    values[row * count + column] = value;
    values[column * count + row] = value;
  }
  return { timeMs, symbols, values, method };
}

/**
 * An order in which neighbours are alike: from the instrument that goes with the others most, always on to the one
 * nearest to the last. Groups that move together come to stand together.
 */
export function clusteredOrder({ symbols, values }: CorrelationMatrix): readonly number[] {
  const count = symbols.length;
  const at = (row: number, column: number): number => values[row * count + column] || 0;
  const left = new Set(symbols.keys());
  let current = 0;
  let most = -Infinity;
  for (let row = 0; row < count; row++) {
    let sum = 0;
    for (let column = 0; column < count; column++) sum += at(row, column);
    if (sum > most) {
      most = sum;
      current = row;
    }
  }
  const order = [current];
  left.delete(current);
  while (left.size > 0) {
    let nearest = -1;
    let best = -Infinity;
    for (const candidate of left) {
      const value = at(current, candidate);
      if (value > best) {
        best = value;
        nearest = candidate;
      }
    }
    order.push(nearest);
    left.delete(nearest);
    current = nearest;
  }
  return order;
}

/** The strongest pairs by absolute value, each once. */
export function strongestPairs(
  { symbols, values }: CorrelationMatrix,
  most: number,
): readonly { readonly first: string; readonly second: string; readonly value: number }[] {
  const count = symbols.length;
  const found: { first: string; second: string; value: number }[] = [];
  for (let row = 0; row < count; row++) {
    for (let column = row + 1; column < count; column++) {
      const value = values[row * count + column] as number;
      if (!Number.isNaN(value)) found.push({ first: symbols[row] as string, second: symbols[column] as string, value });
    }
  }
  return found.sort((a, b) => Math.abs(b.value) - Math.abs(a.value)).slice(0, most);
}
