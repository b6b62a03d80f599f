import type { InstrumentKind, MetricDefinition } from './definition.ts';

/** What the translation to Prometheus needs to know of a metric. */
export interface PrometheusNaming {
  readonly name: string;
  /** UCUM, as OTLP carries it; empty when the metric has none. */
  readonly unit: string;
  /** A sum that only grows: it gets the suffix `_total`. */
  readonly monotonic: boolean;
  /** A gauge of unit `1` gets the suffix `_ratio`. */
  readonly gauge: boolean;
}

// UCUM to Prometheus words, after the OpenTelemetry–Prometheus compatibility specification.
const UNIT_WORDS: ReadonlyMap<string, string> = new Map([
  ['1', ''],
  ['%', 'percent'],
  ['d', 'days'],
  ['h', 'hours'],
  ['min', 'minutes'],
  ['s', 'seconds'],
  ['ms', 'milliseconds'],
  ['us', 'microseconds'],
  ['ns', 'nanoseconds'],
  ['By', 'bytes'],
  ['KiBy', 'kibibytes'],
  ['MiBy', 'mebibytes'],
  ['GiBy', 'gibibytes'],
  ['TiBy', 'tibibytes'],
  ['KBy', 'kilobytes'],
  ['MBy', 'megabytes'],
  ['GBy', 'gigabytes'],
  ['TBy', 'terabytes'],
  ['m', 'meters'],
  ['V', 'volts'],
  ['A', 'amperes'],
  ['J', 'joules'],
  ['W', 'watts'],
  ['g', 'grams'],
  ['Cel', 'celsius'],
  ['Hz', 'hertz'],
]);

const PER_WORDS: ReadonlyMap<string, string> = new Map([
  ['s', 'second'],
  ['m', 'minute'],
  ['h', 'hour'],
  ['d', 'day'],
  ['w', 'week'],
  ['mo', 'month'],
  ['y', 'year'],
]);

/** `By/s` → `bytes`, `per_second`. A part that is an annotation, as `{order}`, has no word. */
function unitWords(unit: string): string[] {
  const slash = unit.indexOf('/');
  const main = wordOf(slash < 0 ? unit : unit.slice(0, slash), UNIT_WORDS);
  const per = slash < 0 ? '' : wordOf(unit.slice(slash + 1), PER_WORDS);
  return [main, per === '' ? '' : `per_${per}`].filter((word) => word !== '');
}

/** The unit as a Prometheus name spells it at its end: `By/s` → `bytes_per_second`; empty where nothing is to be added. */
export function prometheusUnit(unit: string): string {
  return unitWords(unit).join('_');
}

function wordOf(part: string, words: ReadonlyMap<string, string>): string {
  const unit = part.trim();
  if (/[{}]/.test(unit)) return '';
  return tokensOf(words.get(unit) ?? unit).join('_');
}

/** The parts of a name that Prometheus can spell; what lies between them becomes one `_`. */
function tokensOf(name: string): string[] {
  return name.split(/[^a-zA-Z0-9:]+/).filter((token) => token !== '');
}

/**
 * Name of the metric family under the default strategy `UnderscoreEscapingWithSuffixes`: escaped to
 * `[a-zA-Z_:][a-zA-Z0-9_:]*`, then the unit in words, then `_total` for monotonic sums or `_ratio` for gauges of unit `1`.
 *
 * Where a name already holds the word, Prometheus' own OTLP endpoint is followed, so that a metric has one name whichever
 * way it came: the unit is not repeated, and `total` and `ratio` move to the end. A name of which nothing can be spelled is `_`.
 */
export function prometheusFamily({ name, unit, monotonic, gauge }: PrometheusNaming): string {
  let tokens = tokensOf(name);
  for (const word of unitWords(unit)) if (!tokens.includes(word)) tokens.push(word);
  const suffix = monotonic ? 'total' : gauge && unit === '1' ? 'ratio' : undefined;
  if (suffix !== undefined) tokens = [...tokens.filter((token) => token !== suffix), suffix];
  const family = tokens.join('_');
  return family === '' || /^[0-9]/.test(family) ? `_${family}` : family;
}

/**
 * Escapes an attribute key to a Prometheus label name: what is not in `[a-zA-Z0-9_]` becomes `_`, runs collapse (so no key
 * becomes a reserved `__name__`), and a leading digit gets the prefix `key_`. The empty key is `_`.
 */
export function prometheusLabel(key: string): string {
  const label = key.replaceAll(/[^a-zA-Z0-9]+/g, '_');
  if (label === '') return '_';
  return /^[0-9]/.test(label) ? `key_${label}` : label;
}

const MONOTONIC: ReadonlySet<InstrumentKind> = new Set(['counter', 'observablecounter']);
const GAUGE: ReadonlySet<InstrumentKind> = new Set(['gauge', 'observablegauge']);

/** The Prometheus family a definition arrives as; a histogram's series add `_bucket`, `_sum` and `_count` to it. */
export function prometheusName({ name, unit, kind }: MetricDefinition): string {
  return prometheusFamily({ name, unit, monotonic: MONOTONIC.has(kind), gauge: GAUGE.has(kind) });
}
