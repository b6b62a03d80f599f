import { QuantError } from '../errors.ts';

/** Most instruments of a correlation matrix: the two triangles of it then lie within 2 GiB. */
export const INSTRUMENTS_MAX = 16_000;
/** Most steps of a window of returns. */
export const WINDOW_STEPS_MAX: number = 2 ** 24;
/** Most returns of a window, over all instruments: 8 GiB. */
export const WINDOW_RETURNS_MAX: number = 2 ** 30;

/** Throws a {@link QuantError} `invalid_option`. */
export function checkInstruments(size: number): void {
  if (Number.isInteger(size) && size >= 1 && size <= INSTRUMENTS_MAX) return;
  throw new QuantError('invalid_option', `${size} instruments; it must be a whole number from 1 to ${INSTRUMENTS_MAX}`);
}

/** Throws a {@link QuantError} `invalid_option`. */
export function checkWindow(size: number, window: number): void {
  checkInstruments(size);
  if (!Number.isInteger(window) || window < 2 || window > WINDOW_STEPS_MAX) {
    throw new QuantError(
      'invalid_option',
      `a window of ${window} steps; it must be a whole number from 2 to ${WINDOW_STEPS_MAX}`,
    );
  }
  if (size * window > WINDOW_RETURNS_MAX) {
    throw new QuantError(
      'invalid_option',
      `a window of ${window} steps of ${size} instruments; it must hold ${WINDOW_RETURNS_MAX} returns at most`,
    );
  }
}
