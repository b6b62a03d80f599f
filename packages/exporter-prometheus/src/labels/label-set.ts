import { escapeLabelName, type Escaping } from '../names/escaping.ts';
import { labelName, type TranslationStrategy } from '../names/translation.ts';
import { attributeText } from './attribute-text.ts';

/** A label as it is written, its value not yet quoted. */
export type Label = readonly [name: string, value: string];

/** How attribute keys become label names. */
export interface LabelNaming {
  readonly strategy: TranslationStrategy;
  readonly escaping: Escaping;
}

/** A label that histograms' buckets have. */
const BUCKET_LABEL = 'le';

/** Whether values of attributes cannot change without the object being another one. */
export function isImmutable(attributes: object): boolean {
  if (!Object.isFrozen(attributes)) return false;
  return Object.values(attributes).every((value) => typeof value !== 'object' || value === null || isFixed(value));
}

function isFixed(value: object): boolean {
  if (!Array.isArray(value) || !Object.isFrozen(value)) return false;
  return value.every((item) => typeof item !== 'object' || item === null);
}

/**
 * Labels of attributes. Keys that become equal share one label, their values joined by `;` in the order of the keys
 * (specification). A name in `taken`, or `le`, is somebody else's: the attribute is kept as `exported_<name>`, as a scrape
 * would do.
 */
export function labelsOf(
  attributes: Readonly<Record<string, unknown>>,
  naming: LabelNaming,
  taken: readonly Label[] = [],
  prefix = '',
): Label[] {
  const keys = Object.keys(attributes).filter((key) => attributes[key] !== undefined);
  const labels = keys.map((key): Label => [nameOf(prefix + key, naming, taken), attributeText(attributes[key])]);
  return hasRepeats(labels) ? joined(keys, labels) : labels;
}

function nameOf(key: string, { strategy, escaping }: LabelNaming, taken: readonly Label[]): string {
  let name = escapeLabelName(labelName(key, strategy), escaping);
  while (name === BUCKET_LABEL || taken.some(([other]) => other === name)) name = `exported_${name}`;
  return name;
}

function hasRepeats(labels: readonly Label[]): boolean {
  // Few labels are compared faster than collected.
  if (labels.length > 16) return new Set(labels.map(([name]) => name)).size < labels.length;
  return labels.some(([name], index) => labels.findIndex(([other]) => other === name) < index);
}

function joined(keys: readonly string[], labels: readonly Label[]): Label[] {
  const order = keys.map((_, index) => index).sort((a, b) => (keys[a]! < keys[b]! ? -1 : 1));
  const values = new Map<string, string>();
  for (const index of order) {
    const [name, value] = labels[index]!;
    const before = values.get(name);
    values.set(name, before === undefined ? value : `${before};${value}`);
  }
  return [...values];
}
