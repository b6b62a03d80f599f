/** Attribute values become series: an empty one means nothing, a long one is data that was passed by mistake. */
const NAME_LENGTH_MAX = 255;

/** Whether a value is fit to name a model: a text of 1 to 255 characters. */
export function isName(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= NAME_LENGTH_MAX;
}

/** Whether a value is fit to name a prediction while it is pending: a text or a number other than NaN. */
export function isId(value: unknown): value is string | number {
  return typeof value === 'string' || (typeof value === 'number' && !Number.isNaN(value));
}

/** Whether a value is a finite number ≥ 0. */
export function isDuration(value: unknown): value is number {
  return Number.isFinite(value) && (value as number) >= 0;
}
