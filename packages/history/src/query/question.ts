import type { SeriesAttributes } from '@nanometer/live';

/** Which series are asked for: the name, or a glob of names, and attributes that must be equal as text. */
export interface SeriesQuestion {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly resource: Readonly<Record<string, string>>;
}

/** A question for rollups. */
export interface RollupQuestion extends SeriesQuestion {
  /** Unix milliseconds, whole steps; from is included, to is not. */
  readonly fromMs: number;
  readonly toMs: number;
  /** A multiple of a minute, or of an hour where hours are asked. */
  readonly stepMs: number;
  readonly resolution: 'minute' | 'hour';
}

/** Whether a series has the name and attributes that are asked for. */
export function isAsked(
  { attributes, resource }: SeriesQuestion,
  series: { readonly attributes: SeriesAttributes; readonly resource: SeriesAttributes },
): boolean {
  return has(series.attributes, attributes) && has(series.resource, resource);
}

function has(attributes: SeriesAttributes, wanted: Readonly<Record<string, string>>): boolean {
  return Object.entries(wanted).every(([key, value]) => {
    const found = Object.hasOwn(attributes, key) ? attributes[key] : undefined;
    return found !== undefined && (typeof found === 'object' ? JSON.stringify(found) : String(found)) === value;
  });
}
