import { toUSVString } from 'node:util';
import type { Label } from '../labels/label-set.ts';
import { isLegacyLabel, isLegacyMetric } from '../names/escaping.ts';
import { numberText } from './ascii-number.ts';

/** A sample up to its value, the space included; names outside the legacy set are quoted and stand inside the braces. */
export function samplePrefix(name: string, labels: string): string {
  if (isLegacyMetric(name)) return labels === '' ? `${name} ` : `${name}{${labels}} `;
  return `{${quoted(name)}${labels === '' ? '' : `,${labels}`}} `;
}

/** A name as comments have it. */
export function commentName(name: string): string {
  return isLegacyMetric(name) ? name : quoted(name);
}

/** Labels as they stand between the braces. */
export function labelsText(labels: readonly Label[]): string {
  return labels.map(([name, value]) => `${isLegacyLabel(name) ? name : quoted(name)}=${quoted(value)}`).join(',');
}

/** Adds a label to those of {@link labelsText}. */
export function withLabel(labels: string, name: string, value: string): string {
  return `${labels}${labels === '' ? '' : ','}${name}="${value}"`;
}

/** Text in quotes; quotes, backslashes and line feeds are escaped. */
export function quoted(text: string): string {
  if (!/["\\\n]/.test(text)) return `"${text}"`;
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}

/** Text of a comment, which ends with its line. OpenMetrics escapes quotes there too. */
export function commentText(text: string, openMetrics: boolean): string {
  const escaped = toUSVString(text).replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
  return openMetrics ? escaped.replaceAll('"', '\\"') : escaped;
}

/** A bucket's bound; OpenMetrics wants whole numbers to look like floats. */
export function boundText(bound: number, openMetrics: boolean): string {
  const text = numberText(bound);
  return openMetrics && /^-?\d+$/.test(text) ? `${text}.0` : text;
}
