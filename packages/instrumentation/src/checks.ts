/** Attribute values become series: an empty one means nothing, a long one is data that was passed by mistake. */
const NAME_LENGTH_MAX = 255;

/** Whether a value is fit to name a strategy, an exchange, a stage and the like: a text of 1 to 255 characters. */
export function isName(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= NAME_LENGTH_MAX;
}

/** Whether a value is a whole number from 0 to 2^53 - 1. */
export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** Whether a value is a finite number ≥ 0. */
export function isDuration(value: unknown): value is number {
  return Number.isFinite(value) && (value as number) >= 0;
}
