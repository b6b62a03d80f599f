import { escapeLabelName } from '../names/escaping.ts';
import type { LabelNaming } from '../labels/label-set.ts';
import { type Label, labelsOf } from '../labels/label-set.ts';
import { numberText } from './ascii-number.ts';
import type { Exemplar } from './point.ts';
import { labelsText } from './text-syntax.ts';

/** OpenMetrics' limit for names and values of an exemplar's labels together, in characters. */
const MOST_CHARACTERS = 128;

/** The labels of an exemplar: its trace first, then as many attributes as the limit lets through. */
export function exemplarLabels(exemplar: Exemplar, naming: LabelNaming): Label[] {
  const wanted: Label[] = [];
  if (exemplar.traceId !== undefined) wanted.push([escapeLabelName('trace_id', naming.escaping), exemplar.traceId]);
  if (exemplar.spanId !== undefined) wanted.push([escapeLabelName('span_id', naming.escaping), exemplar.spanId]);
  wanted.push(...labelsOf(exemplar.filteredAttributes ?? {}, naming, wanted));
  const labels: Label[] = [];
  let characters = 0;
  for (const label of wanted) {
    const length = Array.from(label[0]).length + Array.from(label[1]).length;
    if (characters + length > MOST_CHARACTERS) continue;
    characters += length;
    labels.push(label);
  }
  return labels;
}

/** What follows a sample's value. */
export function exemplarText(exemplar: Exemplar, naming: LabelNaming): string {
  const [seconds, nanos] = exemplar.timestamp;
  const time = `${seconds}.${String(nanos).padStart(9, '0')}`;
  return ` # {${labelsText(exemplarLabels(exemplar, naming))}} ${numberText(exemplar.value)} ${time}`;
}

/**
 * The exemplar of each bucket: of those that fall into one, the latest. `undefined` where a bucket has none; the last
 * element is what is above all bounds.
 */
export function exemplarsByBucket(
  exemplars: readonly Exemplar[],
  bounds: readonly number[],
): readonly (Exemplar | undefined)[] {
  const found = Array.from({ length: bounds.length + 1 }, (): Exemplar | undefined => undefined);
  for (const exemplar of exemplars) {
    const above = bounds.findIndex((bound) => exemplar.value <= bound);
    const bucket = above < 0 ? bounds.length : above;
    if (isLater(exemplar, found[bucket])) found[bucket] = exemplar;
  }
  return found;
}

/** The latest exemplar. */
export function latestExemplar(exemplars: readonly Exemplar[]): Exemplar | undefined {
  let latest: Exemplar | undefined;
  for (const exemplar of exemplars) if (isLater(exemplar, latest)) latest = exemplar;
  return latest;
}

function isLater(exemplar: Exemplar, than: Exemplar | undefined): boolean {
  if (than === undefined) return true;
  const seconds = exemplar.timestamp[0] - than.timestamp[0];
  return seconds === 0 ? exemplar.timestamp[1] >= than.timestamp[1] : seconds > 0;
}
