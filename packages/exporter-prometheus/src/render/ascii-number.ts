/** Two digits per element pair: writing by pairs halves the divisions. */
const PAIRS = Uint8Array.from({ length: 200 }, (_, i) => 48 + ((i & 1) === 0 ? Math.floor(i / 20) : (i >> 1) % 10));

/** 10^i; the digits of a whole number n are `width` many when POWERS[width-1] <= n < POWERS[width], and 0 has one. */
const POWERS = [0, ...Array.from({ length: 15 }, (_, i) => 10 ** (i + 1))];

/** Below this a double is written digit by digit; above, its text may have an exponent. */
const LARGEST_WIDTH = 15;
const SMALL = 2 ** 31;
const EIGHT_DIGITS = 1e8;

/** Whether the value is a whole number of exactly `width` digits that {@link writeInteger} can write. */
export function fitsDigits(value: number, width: number): boolean {
  return width <= LARGEST_WIDTH && value >= POWERS[width - 1]! && value < POWERS[width]! && Number.isInteger(value);
}

/** Writes the digits of a whole number from 0 to 10^15 - 1 so that they end before `end`. */
export function writeInteger(bytes: Uint8Array, end: number, value: number): void {
  if (value < SMALL) {
    writeSmall(bytes, end, value);
    return;
  }
  const high = Math.floor(value / EIGHT_DIGITS);
  let low = value - high * EIGHT_DIGITS;
  for (let at = end - 2; at >= end - 8; at -= 2) {
    const rest = (low / 100) | 0;
    const pair = (low - rest * 100) << 1;
    bytes[at] = PAIRS[pair]!;
    bytes[at + 1] = PAIRS[pair + 1]!;
    low = rest;
  }
  writeSmall(bytes, end - 8, high);
}

function writeSmall(bytes: Uint8Array, end: number, value: number): void {
  let rest = value;
  let at = end;
  while (rest >= 100) {
    const quotient = (rest / 100) | 0;
    const pair = (rest - quotient * 100) << 1;
    bytes[--at] = PAIRS[pair + 1]!;
    bytes[--at] = PAIRS[pair]!;
    rest = quotient;
  }
  if (rest >= 10) {
    bytes[--at] = PAIRS[(rest << 1) + 1]!;
    bytes[--at] = PAIRS[rest << 1]!;
  } else {
    bytes[--at] = 48 + rest;
  }
}

/** A value as the text formats spell it: the shortest decimal that is this double; -0 is 0. */
export function numberText(value: number): string {
  if (Number.isFinite(value)) return `${value}`;
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
}
