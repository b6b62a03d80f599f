import { prometheusLabel } from '@nanometer/semconv';

/** A piece of a text: literal, or what stands in `{{…}}`. */
export type TemplatePart =
  { readonly text: string } | { readonly placeholder: string; readonly format: 'plain' | 'percent' };

/** Placeholders that are no attribute. */
export const PLACEHOLDERS: readonly string[] = ['value', 'threshold', 'series'];

/**
 * What stands in double braces and is no placeholder, such as `{{ $value }}`. Prometheus and Grafana would run it as a
 * template of their own, and the other tiers print it as it is.
 */
export function templateFaults(text: string): readonly string[] {
  const faults: string[] = [];
  for (const [found] of text.matchAll(/\{\{.*?(?:\}\}|$)/gs)) {
    const [part] = templateParts(found);
    const isFilled = part !== undefined && 'placeholder' in part && found.endsWith('}}');
    if (!isFilled || !/^[^|]*(?:\|\s*percent\s*)?\}\}$/.test(found)) faults.push(found);
  }
  return faults;
}

/** The placeholder that somebody used to Prometheus' templates means, or nothing. */
export function intendedPlaceholder(fault: string): string | undefined {
  const label = /labels\.([a-zA-Z_][a-zA-Z0-9_]*)/i.exec(fault)?.[1];
  if (label !== undefined) return `{{${label}}}`;
  if (!/value/i.test(fault)) return undefined;
  return /percent|humanizePercentage/i.test(fault) ? '{{value|percent}}' : '{{value}}';
}

/** The pieces of a text with placeholders. */
export function templateParts(text: string): readonly TemplatePart[] {
  const parts: TemplatePart[] = [];
  let end = 0;
  for (const match of text.matchAll(/\{\{\s*([a-zA-Z_][a-zA-Z0-9_.]*)\s*(?:\|\s*([a-z]+)\s*)?\}\}/g)) {
    if (match.index > end) parts.push({ text: text.slice(end, match.index) });
    parts.push({ placeholder: match[1]!, format: match[2] === 'percent' ? 'percent' : 'plain' });
    end = match.index + match[0].length;
  }
  if (end < text.length) parts.push({ text: text.slice(end) });
  return parts;
}

/** What placeholders stand for. */
export interface TemplateValues {
  readonly value: number | undefined;
  readonly threshold: number | undefined;
  /** Of the alert, by Prometheus label. */
  readonly labels: Readonly<Record<string, string>>;
  readonly seriesLabels: Readonly<Record<string, string>>;
}

/** The text with its placeholders filled. */
export function renderTemplate(parts: readonly TemplatePart[], values: TemplateValues): string {
  return parts.map((part) => ('text' in part ? part.text : filled(part, values))).join('');
}

function filled(
  { placeholder, format }: Extract<TemplatePart, { placeholder: string }>,
  { value, threshold, labels, seriesLabels }: TemplateValues,
): string {
  if (placeholder === 'value') return numberText(value, format);
  if (placeholder === 'threshold') return numberText(threshold, format);
  if (placeholder === 'series') {
    return Object.entries(seriesLabels)
      .map(([name, text]) => `${name}=${text}`)
      .join(' ');
  }
  return labels[prometheusLabel(placeholder)] ?? '';
}

/** Four significant digits, as Go's `%.4g` prints them, which the generated rules use. */
function numberText(value: number | undefined, format: 'plain' | 'percent'): string {
  if (value === undefined) return '';
  if (format === 'percent') return `${fourDigits(value * 100)}%`;
  return fourDigits(value);
}

function fourDigits(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const exponent = Math.floor(Math.log10(Math.abs(Number(value.toPrecision(4)))));
  if (exponent >= -4 && exponent < 4) return trimmed(value.toFixed(Math.max(0, 3 - exponent)));
  const [digits = '', power = '0'] = value.toExponential(3).split('e');
  const sign = power.startsWith('-') ? '-' : '+';
  return `${trimmed(digits)}e${sign}${power.replace(/^[+-]/, '').padStart(2, '0')}`;
}

function trimmed(digits: string): string {
  return digits.includes('.') ? digits.replace(/\.?0+$/, '') : digits;
}
