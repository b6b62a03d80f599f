/** A mapping of a parsed message; whatever is no mapping reads as one without keys. */
export type Fields = Readonly<Record<string, unknown>>;

const NOTHING: Fields = Object.freeze({});

export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : NOTHING;
}

/** The first item of a list, as fields. */
export function firstOf(value: unknown): Fields {
  return Array.isArray(value) ? fieldsOf(value[0]) : NOTHING;
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.length > 0 ? value : undefined;
}

/** A number, also where a client has kept its digits in a text; what is neither is absent. */
export function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value.length === 0) return undefined;
  const number = Number(value);
  return Number.isNaN(number) ? undefined : number;
}

/** Milliseconds of an ISO 8601 stamp. */
export function isoMsOf(value: unknown): number | undefined {
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}

/** What stands before the first `separator`, or the whole text. */
export function before(text: string, separator: string): string {
  const at = text.indexOf(separator);
  return at < 0 ? text : text.slice(0, at);
}
