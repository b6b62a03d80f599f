/** Writing a double here and reading its halves takes one store and two loads; a DataView call takes far more. */
export const DOUBLE: Float64Array = new Float64Array(1);
export const WORDS: Uint32Array = new Uint32Array(DOUBLE.buffer);

DOUBLE[0] = 1;
/** Position in `WORDS` of sign, exponent and the upper 20 bits of the significand; 1 on little-endian machines. */
export const HIGH: 0 | 1 = WORDS[1] === 0x3ff00000 ? 1 : 0;
export const LOW: 0 | 1 = HIGH === 1 ? 0 : 1;

export const EXPONENT_BIAS = 1023;
/** Bits of the significand that the upper half holds. */
export const HIGH_SIGNIFICAND_BITS = 20;
export const HIGH_SIGNIFICAND_MASK = 0xfffff;
