/** Cells of the lower triangle of a matrix of `size` rows. */
export function triangleLength(size: number): number {
  return (size * (size + 1)) / 2;
}
