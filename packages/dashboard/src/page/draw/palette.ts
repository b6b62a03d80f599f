/**
 * Colours of the page. Blue and orange (Okabe–Ito) mean gain and loss and nothing else, so lines of strategies and
 * exchanges take the remaining hues; they differ in lightness too, and each has its name beside it.
 */
export const GAIN = '#56b4e9';
export const LOSS = '#e69f00';
export const GRID = '#1f2833';
export const ZERO_LINE = '#3a4757';
export const AXIS_TEXT = '#8494a7';

const CATEGORIES: readonly string[] = ['#2fbf9b', '#cc79a7', '#e8dc6a', '#a9b7c9', '#8f86e8', '#7a9b3f'];

/** Colour of the n-th line of a chart; names past the sixth share colours. */
export function categoryColor(index: number): string {
  return CATEGORIES[index % CATEGORIES.length] as string;
}

/** From the common case, dim, to the rare one, bright: p50, p90, p99, p99.9. */
export const PERCENTILE_COLORS: readonly string[] = ['#5f6f9c', '#8288cf', '#b39be8', '#f1e4ff'];
