/** Whether a value is fit to name a prediction while it is pending: a text or a number other than NaN. */
export function isId(value: unknown): value is string | number {
  return typeof value === 'string' || (typeof value === 'number' && !Number.isNaN(value));
}
