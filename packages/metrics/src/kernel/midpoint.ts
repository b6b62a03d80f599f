const LOWEST_SCALE = -10;
const HIGHEST_SCALE = 20;
/** Up to this scale a bucket's lower end is a product of two table entries: `2 **` takes 20 ns, this 2. */
const TABLE_SCALE = 10;
const STEPS = 2 ** TABLE_SCALE;
const LOWEST_EXPONENT = -1075;

interface Tables {
  /** 2^e for every exponent of a double, from 2^-1075 (which is 0) on. */
  readonly powers: Float64Array;
  /** 2^(k / 1024). */
  readonly fractions: Float64Array;
}

let built: Tables | undefined;

function buildTables(): Tables {
  return {
    powers: Float64Array.from({ length: 1024 - LOWEST_EXPONENT }, (_, i) => 2 ** (i + LOWEST_EXPONENT)),
    fractions: Float64Array.from({ length: STEPS }, (_, k) => 2 ** (k / STEPS)),
  };
}

/** 2 / (1 + 1 / base) by scale: from a bucket's lower end to the middle. Finite at scale -10, whose base is not. */
const MIDDLES: readonly number[] = Array.from({ length: HIGHEST_SCALE - LOWEST_SCALE + 1 }, (_, i) => {
  return 2 / (1 + 1 / 2 ** (2 ** -(i + LOWEST_SCALE)));
});

/**
 * Largest relative error of a quantile at a scale from -10 to 20: (base - 1) / (base + 1) with base = 2^(2^-scale).
 * 0.27 % at scale 7, 4.3 % at 3, a third at 0, and 1 at -10, where a bucket spans all magnitudes above 1.
 */
export function exponentialErrorBound(scale: number): number {
  return MIDDLES[scale - LOWEST_SCALE]! - 1;
}

/**
 * The value in bucket `index` of a scale from -10 to 20 that is equally far, relatively, from both ends:
 * 2 × low × high / (low + high). Nothing in the bucket is further from it than `exponentialErrorBound`.
 */
export function exponentialMidpoint(scale: number, index: number): number {
  const middle = MIDDLES[scale - LOWEST_SCALE]!;
  if (scale < 0 || scale > TABLE_SCALE) return 2 ** (index * 2 ** -scale) * middle;
  const { powers, fractions } = (built ??= buildTables());
  const fraction = fractions[(index & ((1 << scale) - 1)) << (TABLE_SCALE - scale)]!;
  return fraction * middle * powers[(index >> scale) - LOWEST_EXPONENT]!;
}
