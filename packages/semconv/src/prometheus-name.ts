/** What the translation to Prometheus needs to know of a metric. */
export interface PrometheusNaming {
  readonly name: string;
  readonly unit: string;
  readonly monotonic: boolean;
  /** A gauge of unit `1` gets the suffix `_ratio`. */
  readonly gauge: boolean;
}

// UCUM to Prometheus words, after the OpenTelemetry–Prometheus compatibility specification.
const UNIT_WORDS: Readonly<Record<string, string>> = {
  d: 'days',
  h: 'hours',
  min: 'minutes',
  s: 'seconds',
  ms: 'milliseconds',
  us: 'microseconds',
  ns: 'nanoseconds',
  By: 'bytes',
  KiBy: 'kibibytes',
  MiBy: 'mebibytes',
  GiBy: 'gibibytes',
  TiBy: 'tibibytes',
  KBy: 'kilobytes',
  MBy: 'megabytes',
  GBy: 'gigabytes',
  TBy: 'terabytes',
  kBy: 'kilobytes',
  m: 'meters',
  V: 'volts',
  A: 'amperes',
  J: 'joules',
  W: 'watts',
  g: 'grams',
  Cel: 'celsius',
  Hz: 'hertz',
  '%': 'percent',
};

const PER_WORDS: Readonly<Record<string, string>> = {
  s: 'second',
  m: 'minute',
  min: 'minute',
  h: 'hour',
  d: 'day',
  w: 'week',
  mo: 'month',
  y: 'year',
};

const ANNOTATION = /\{[^}]*\}/g;

function unitSuffix(unit: string): string {
  const slash = unit.indexOf('/');
  const main = (slash < 0 ? unit : unit.slice(0, slash)).replace(ANNOTATION, '').trim();
  const per =
    slash < 0
      ? ''
      : unit
          .slice(slash + 1)
          .replace(ANNOTATION, '')
          .trim();
  const words = [];
  if (main !== '' && main !== '1') words.push(UNIT_WORDS[main] ?? main);
  if (per !== '') words.push(`per_${PER_WORDS[per] ?? per}`);
  return escapeName(words.join('_')).replace(/^_+|_+$/g, '');
}

function escapeName(name: string): string {
  return name.replace(/[^a-zA-Z0-9_:]+/g, '_').replace(/_{2,}/g, '_');
}

function withoutSuffix(name: string, suffix: string): string {
  return suffix !== '' && name.endsWith(`_${suffix}`) ? name.slice(0, -suffix.length - 1) : name;
}

/**
 * Name of the metric family under the default strategy `UnderscoreEscapingWithSuffixes`: escaped to
 * `[a-zA-Z_:][a-zA-Z0-9_:]*`, then the unit in words, then `_total` for monotonic sums. A suffix the name already
 * ends with is not repeated.
 */
export function prometheusFamily({ name, unit, monotonic, gauge }: PrometheusNaming): string {
  let base = escapeName(name);
  if (/^[0-9]/.test(base)) base = `_${base}`;
  const suffix = gauge && unit === '1' ? 'ratio' : unitSuffix(unit);
  if (monotonic) base = withoutSuffix(base, 'total');
  const withUnit = suffix === '' ? base : `${withoutSuffix(base, suffix)}_${suffix}`;
  return monotonic ? `${withUnit}_total` : withUnit;
}

/** Escapes an attribute key to a Prometheus label name: `[^a-zA-Z0-9_]` becomes `_`, runs collapse. */
export function prometheusLabel(key: string): string {
  const escaped = key.replace(/[^a-zA-Z0-9_]+/g, '_').replace(/_{2,}/g, '_');
  return /^[0-9]/.test(escaped) ? `key_${escaped}` : escaped;
}
