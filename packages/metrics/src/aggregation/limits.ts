/** Explicit boundaries of one histogram: a series must fit a bucket table of 16-bit positions. */
export const MOST_BOUNDARIES = 65_534;

/** Exponential buckets per sign. */
export const LARGEST_MAX_SIZE = 16_384;
