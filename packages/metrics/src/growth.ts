const SMALLEST_STEP = 16;

/**
 * Length of an array that must hold `needed` elements and had `length`: a quarter more, so that what is reserved and
 * not used stays a small part of the memory per series (doubling leaves a quarter unused on average, and up to half).
 */
export function grownLength(length: number, needed: number): number {
  return Math.max(needed, length + (length >> 2) + SMALLEST_STEP);
}

/** A longer copy, zeroed behind what it copies. */
export function widened(numbers: Int32Array<ArrayBuffer>, needed: number): Int32Array<ArrayBuffer> {
  const longer = new Int32Array(grownLength(numbers.length, needed));
  longer.set(numbers);
  return longer;
}
