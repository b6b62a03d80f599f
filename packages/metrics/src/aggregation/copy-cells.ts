/**
 * Copies cells into a plain array, which is what exporters take. A loop: `Array.from` of a typed array goes through its
 * iterator and takes ten times as long.
 */
export function copyCells(cells: Float64Array, from: number, length: number): number[] {
  const copy: number[] = [];
  for (let i = 0; i < length; i++) copy.push(cells[from + i]!);
  return copy;
}

export function sumOf(counts: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < counts.length; i++) sum += counts[i]!;
  return sum;
}
