/**
 * Colours of the page. Blue and orange (Okabe–Ito) mean gain and loss and nothing else, so lines of strategies and
 * exchanges take the remaining hues.
 */
export const GAIN = '#56b4e9';
export const LOSS = '#e69f00';
export const GRID = '#1f2833';
export const ZERO_LINE = '#3a4757';
export const AXIS_TEXT = '#8494a7';

/**
 * Colours of lines, at least 30 apart in CIELAB from each other and from gain and loss, for eyes that lack a kind of cones
 * as well (`test/looks.test.ts`): most of that is a difference in lightness, which everybody sees.
 */
export const CATEGORY_COLORS: readonly string[] = ['#26db8e', '#cb61a0', '#f4e73a', '#d2f8ff', '#837aff', '#898918'];

/** From the common case, dim, to the rare one, bright: p50, p90, p99, p99.9. */
export const PERCENTILE_COLORS: readonly string[] = ['#7686b8', '#9a97dc', '#b9a5ee', '#f1e4ff'];
