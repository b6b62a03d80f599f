/** How far ours may be from a printed number: by either of the two. */
export interface Tolerance {
  readonly absolute: number;
  readonly relative: number;
}

/** Of a vector that names none. */
const USUAL = 1e-9;

/** Words for the two forms, as files spell them. */
const RELATIVE = ['relative', 'rel', 'rtol', 'relative_tolerance', 'rel_tol'];
const ABSOLUTE = ['absolute', 'abs', 'atol', 'absolute_tolerance', 'abs_tol'];

/** What is stated of a tolerance in a vector, by the field `tolerance` or by fields of their own. */
export type Stated = Readonly<Record<string, unknown>>;

/**
 * Reads a tolerance: a number (absolute below 1, relative above), `{ relative, absolute }` or either, the same as fields
 * of the vector itself, or a text such as `1e-9 relative`. Throws an error that says what is none.
 */
export function toleranceOf(vector: Stated): Tolerance {
  const own = { relative: first(vector, RELATIVE.slice(2)), absolute: first(vector, ABSOLUTE.slice(2)) };
  const stated = vector['tolerance'] ?? vector['tol'];
  if (stated === undefined && (own.relative !== undefined || own.absolute !== undefined)) return checked(own);
  if (stated === undefined) return { absolute: USUAL, relative: USUAL };
  if (typeof stated === 'string') return ofText(stated);
  if (typeof stated === 'object' && stated !== null && !Array.isArray(stated)) {
    const fields = stated as Stated;
    return checked({ relative: first(fields, RELATIVE), absolute: first(fields, ABSOLUTE) });
  }
  return ofKind(stated, kindOf(vector['tolerance_kind'] ?? vector['tolerance_type']));
}

function kindOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function ofText(text: string): Tolerance {
  const number = /-?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?/i.exec(text)?.[0];
  return ofKind(number === undefined ? text : Number(number), text.replace(number ?? '', ''));
}

function ofKind(value: unknown, words: string): Tolerance {
  if (/rel/i.test(words)) return checked({ relative: value, absolute: 0 });
  if (/abs/i.test(words)) return checked({ relative: 0, absolute: value });
  return checked({ relative: value, absolute: value });
}

function first(fields: Stated, names: readonly string[]): unknown {
  return names.map((name) => fields[name]).find((value) => value !== undefined);
}

function checked({ relative, absolute }: { relative: unknown; absolute: unknown }): Tolerance {
  if (relative === undefined && absolute === undefined) {
    throw new Error('has a tolerance without a number: give "relative", "absolute" or both');
  }
  return { relative: limit(relative ?? 0), absolute: limit(absolute ?? 0) };
}

function limit(value: unknown): number {
  if (typeof value !== 'number' || !(value >= 0) || value === Infinity) {
    throw new Error(`has a tolerance of ${JSON.stringify(value)}; it must be a number from 0`);
  }
  return value;
}

/** Whether ours is as near as the tolerance asks; infinite values must be the same one. */
export function isWithin(expected: number, ours: number, { absolute, relative }: Tolerance): boolean {
  if (expected === ours) return true;
  const distance = Math.abs(ours - expected);
  return distance < Infinity && (distance <= absolute || distance <= relative * Math.abs(expected));
}
