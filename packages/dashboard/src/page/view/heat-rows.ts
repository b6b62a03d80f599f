/** A row of a heat map: one with cells, or a line of text over those that follow. */
export interface HeatRow {
  /** Whose cells these are, as of {@link heatKey}; `undefined` for a line of text. */
  readonly key: string | undefined;
  /** What is read beside the cells, or the line of text. */
  readonly text: string;
  /** The whole name, in one line. */
  readonly title: string;
}

/** Characters that have room beside the cells on a phone; a longer name stands on a line of its own. */
export const HEAT_NAME_LENGTH = 22;

/** Identity of a name in parts, whatever they contain. */
export function heatKey(parts: readonly string[]): string {
  return parts.join('\u0000');
}

/**
 * Rows for what is named in parts, such as exchange and symbol, in the order given. What several share is said once, over the rows
 * that it holds for, and a last part that has no room beside the cells stands over them: no name is cut, so that none looks
 * like another.
 */
export function heatRows(names: readonly (readonly string[])[]): readonly HeatRow[] {
  const rows: HeatRow[] = [];
  let shared = '';
  for (const parts of names) {
    const key = heatKey(parts);
    const title = parts.join(' ');
    const group = parts.slice(0, -1);
    const own = parts.at(-1) ?? '';
    const isLong = own.length > HEAT_NAME_LENGTH;
    if (heatKey(group) !== shared) rows.push({ key: undefined, text: group.join(' '), title: group.join(' ') });
    if (isLong) rows.push({ key: undefined, text: own, title });
    rows.push({ key, text: isLong ? '' : own, title });
    shared = heatKey(group);
  }
  return rows;
}
