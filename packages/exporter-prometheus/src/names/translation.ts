import { toUSVString } from 'node:util';
import { prometheusFamily, prometheusLabel, prometheusUnit } from '@nanometer/semconv';

/** How OpenTelemetry's names become Prometheus' names (specification, Prometheus exporter, `translation_strategy`). */
export const TRANSLATION_STRATEGIES = [
  'UnderscoreEscapingWithSuffixes',
  'UnderscoreEscapingWithoutSuffixes',
  'NoUTF8EscapingWithSuffixes',
  'NoTranslation',
] as const;

export type TranslationStrategy = (typeof TRANSLATION_STRATEGIES)[number];

/** What the name of a family depends on. */
export interface FamilyNaming {
  readonly name: string;
  /** UCUM; empty when there is none. */
  readonly unit: string;
  readonly monotonic: boolean;
  readonly gauge: boolean;
}

/** Name of a metric family before the escaping that a scraper asks for. Never empty. */
export function familyName(naming: FamilyNaming, strategy: TranslationStrategy): string {
  switch (strategy) {
    case 'UnderscoreEscapingWithSuffixes':
      return startable(prometheusFamily(naming));
    case 'UnderscoreEscapingWithoutSuffixes':
      return startable(prometheusFamily({ name: naming.name, unit: '', monotonic: false, gauge: false }));
    case 'NoUTF8EscapingWithSuffixes':
      return withSuffixes(wellFormed(naming.name), naming);
    case 'NoTranslation':
    default:
      return wellFormed(naming.name);
  }
}

/** Name of a label for an attribute key, likewise. Never empty, never reserved for Prometheus itself (`__…`). */
export function labelName(key: string, strategy: TranslationStrategy): string {
  if (strategy.startsWith('Underscore')) return prometheusLabel(key);
  const name = wellFormed(key);
  return name.startsWith('__') ? `key${name}` : name;
}

function withSuffixes(name: string, { unit, monotonic, gauge }: FamilyNaming): string {
  const last = monotonic ? '_total' : gauge && unit === '1' ? '_ratio' : '';
  let family = last !== '' && name.endsWith(last) ? name.slice(0, -last.length) : name;
  const word = prometheusUnit(unit);
  if (word !== '' && !family.split(/[^a-zA-Z0-9]+/).includes(word) && !family.endsWith(`_${word}`))
    family += `_${word}`;
  return family + last;
}

/** A name of foreign letters only leaves underscores, a colon may not be what is left of it. */
function startable(name: string): string {
  return /^[a-zA-Z_:]/.test(name) ? name : `_${name}`;
}

/** UTF-8 cannot carry half a surrogate pair. */
function wellFormed(name: string): string {
  return name === '' ? '_' : toUSVString(name);
}
