// The measurement that is being recorded travels in a cell, not in an argument: V8 puts a double on the heap (16 bytes)
// whenever it passes one to a function that it did not inline, and histograms are too large to be inlined. Instruments
// write the cell last, just before `record()`, because finding the series may run code of the caller that records too.
//
// Hot modules take what they import from here into constants of their own: V8 compiles those in, but reads an imported
// binding through its module every time (exponential record 13.6 against 9.5 ns; bench/record.bench.js).

/** The measurement; also where any double is taken apart, one store and two loads where a DataView takes far more. */
export const MEASUREMENT: Float64Array = new Float64Array(1);
/** The halves of `MEASUREMENT`. */
export const WORDS: Uint32Array = new Uint32Array(MEASUREMENT.buffer);

MEASUREMENT[0] = 1;
/** Position in `WORDS` of sign, exponent and the upper 20 bits of the significand; 1 on little-endian machines. */
export const HIGH: 0 | 1 = WORDS[1] === 0x3ff00000 ? 1 : 0;
export const LOW: 0 | 1 = HIGH === 1 ? 0 : 1;

export const EXPONENT_BIAS = 1023;
/** Bits of the significand that the upper half holds. */
export const HIGH_SIGNIFICAND_BITS = 20;
export const HIGH_SIGNIFICAND_MASK = 0xfffff;
