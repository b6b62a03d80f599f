/** How names outside the legacy character set are written for a scraper (Prometheus, escaping schemes). */
export const ESCAPINGS = ['underscores', 'dots', 'values', 'allow-utf-8'] as const;

export type Escaping = (typeof ESCAPINGS)[number];

const LEGACY_METRIC = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const LEGACY_LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** Whether a metric name can be written without quotes. */
export function isLegacyMetric(name: string): boolean {
  return LEGACY_METRIC.test(name);
}

/** Whether a label name can be written without quotes. */
export function isLegacyLabel(name: string): boolean {
  return LEGACY_LABEL.test(name);
}

/** Escapes the name of a metric; what is legacy already stays as it is, but for `dots`, which doubles underscores. */
export function escapeMetricName(name: string, escaping: Escaping): string {
  return escape(name, escaping, LEGACY_METRIC, /[a-zA-Z0-9:]/);
}

/** Escapes the name of a label, in which a colon is no legacy character. */
export function escapeLabelName(name: string, escaping: Escaping): string {
  return escape(name, escaping, LEGACY_LABEL, /[a-zA-Z0-9]/);
}

function escape(name: string, escaping: Escaping, legacy: RegExp, plain: RegExp): string {
  if (escaping === 'allow-utf-8') return name;
  if (escaping !== 'dots' && legacy.test(name)) return name;
  const escaped = Array.from(name, (character, index) => {
    if (plain.test(character) && (index > 0 || !/[0-9]/.test(character))) return character;
    return escapeCharacter(character, escaping);
  }).join('');
  return escaping === 'values' ? `U__${escaped}` : escaped;
}

function escapeCharacter(character: string, escaping: Exclude<Escaping, 'allow-utf-8'>): string {
  if (escaping === 'underscores') return '_';
  if (character === '_') return '__';
  if (escaping === 'values') return `_${character.codePointAt(0)!.toString(16)}_`;
  return character === '.' ? '_dot_' : '_';
}
