import { CATEGORY_COLORS } from './palette.ts';

/** How a line is drawn: lengths of strokes and gaps in turns in CSS pixels, none for a solid one. */
export interface Look {
  readonly color: string;
  readonly dash: readonly number[];
}

/** A solid line, dashes, dots, and dashes with dots. */
const DASHES: readonly (readonly number[])[] = [[], [7, 3], [2, 3], [8, 3, 2, 3]];

/** Every look there is, solid ones first: no two share both colour and dashes. */
export const LOOKS: readonly Look[] = DASHES.flatMap((dash) => CATEGORY_COLORS.map((color) => ({ color, dash })));

/**
 * Gives every line of a chart a look of its own and keeps it: a line that comes does not change the others', and neither
 * does a filter. One that is gone gives its look away when all are taken.
 */
export class LookBook {
  readonly #looks: Map<string, Look> = new Map();

  /**
   * Looks of the lines with these keys. There are {@link LOOKS} many: lines beyond have none and are not to be drawn, as
   * nobody could tell them from others.
   */
  of(keys: readonly string[]): ReadonlyMap<string, Look> {
    for (const key of keys) {
      if (this.#looks.has(key)) continue;
      const look = this.#free() ?? this.#release(new Set(keys));
      if (look === undefined) break;
      this.#looks.set(key, look);
    }
    const asked = new Map<string, Look>();
    for (const key of keys) {
      const look = this.#looks.get(key);
      if (look !== undefined) asked.set(key, look);
    }
    return asked;
  }

  #free(): Look | undefined {
    if (this.#looks.size >= LOOKS.length) return undefined;
    const taken = new Set(this.#looks.values());
    return LOOKS.find((look) => !taken.has(look));
  }

  /** The look of the first line that is not among those wanted. */
  #release(wanted: ReadonlySet<string>): Look | undefined {
    for (const [key, look] of this.#looks) {
      if (wanted.has(key)) continue;
      this.#looks.delete(key);
      return look;
    }
    return undefined;
  }
}

/** A sample of a look for a legend, as a CSS background. */
export function sampleOf({ color, dash }: Look): string {
  if (dash.length === 0) return color;
  let at = 0;
  const stops = dash.map((length, index) => {
    const from = at;
    at += length;
    return `${index % 2 === 0 ? color : 'transparent'} ${from}px ${at}px`;
  });
  return `repeating-linear-gradient(90deg, ${stops.join(', ')})`;
}
