/** `value / by`; undefined when either is, and where there is nothing to divide by. */
export function quotient(value: number | undefined, by: number | undefined): number | undefined {
  return value === undefined || by === undefined || by === 0 ? undefined : value / by;
}
