import { QuantError } from '../errors.ts';

/**
 * The numbers of a snapshot, checked to be as many as they were. JSON writes NaN as `null`, which becomes NaN again.
 * Throws {@link QuantError} `invalid_snapshot` naming `what`.
 */
export function restoredNumbers(what: string, values: unknown, length?: number): readonly number[] {
  if (!Array.isArray(values) || (length !== undefined && values.length !== length)) {
    const wanted = length === undefined ? 'a list of numbers' : `${length} numbers`;
    throw new QuantError(
      'invalid_snapshot',
      `the snapshot of ${what} is not ${wanted}; it was taken of something else`,
    );
  }
  return values.map((value: unknown) => {
    if (value === null) return Number.NaN;
    if (typeof value === 'number') return value;
    throw new QuantError('invalid_snapshot', `the snapshot of ${what} holds a ${typeof value} among its numbers`);
  });
}
