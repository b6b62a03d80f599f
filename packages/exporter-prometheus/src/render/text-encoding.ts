import type { Label } from '../labels/label-set.ts';
import type { Encoding, FamilyHead, SeriesBlock } from './encoding.ts';
import type { FamilyType, Point } from './point.ts';
import { HistogramBlock, NumberBlock, type TextStyle } from './text-blocks.ts';
import { commentName, commentText, labelsText, samplePrefix } from './text-syntax.ts';

const TOTAL = '_total';
const TARGET_HELP = 'Target metadata';

/** The Prometheus text formats and OpenMetrics text. */
export class TextEncoding implements Encoding {
  readonly needsSize = false;
  readonly end: Uint8Array;
  readonly #style: TextStyle;

  constructor(style: TextStyle) {
    this.#style = style;
    this.end = Buffer.from(style.openMetrics ? '# EOF\n' : '');
  }

  claims(name: string, type: FamilyType): readonly string[] {
    if (type === 'histogram') return [name, `${name}_bucket`, `${name}_sum`, `${name}_count`];
    const base = this.#baseOf(name, type);
    return base === name ? [name] : [base, name];
  }

  createBlock({ name, type }: FamilyHead, labels: readonly Label[], point: Point): SeriesBlock {
    const text = labelsText(labels);
    if (type === 'histogram') return new HistogramBlock(name, text, point, this.#style);
    const isTotal = type === 'counter' && name.endsWith(TOTAL);
    const createdName = isTotal && this.#style.created ? `${this.#baseOf(name, type)}_created` : undefined;
    return new NumberBlock(
      name,
      text,
      point,
      { ...this.#style, created: createdName !== undefined },
      isTotal,
      createdName,
    );
  }

  head({ name, type, help, unit }: FamilyHead): Uint8Array {
    const { openMetrics } = this.#style;
    const base = this.#baseOf(name, type);
    const written = commentName(base);
    // OpenMetrics has no counters without the suffix: what lacks it is of unknown type there (as Prometheus' own library).
    const isUntyped = openMetrics && type === 'counter' && base === name;
    let text = help === '' ? '' : `# HELP ${written} ${commentText(help, openMetrics)}\n`;
    text += `# TYPE ${written} ${isUntyped ? 'unknown' : type}\n`;
    if (openMetrics && unit !== '' && base.endsWith(`_${unit}`)) text += `# UNIT ${written} ${unit}\n`;
    return Buffer.from(text);
  }

  targetInfo(labels: readonly Label[]): Uint8Array {
    const family = this.#style.openMetrics ? 'target' : 'target_info';
    const type = this.#style.openMetrics ? 'info' : 'gauge';
    const sample = samplePrefix('target_info', labelsText(labels));
    return Buffer.from(`# HELP ${family} ${TARGET_HELP}\n# TYPE ${family} ${type}\n${sample}1\n`);
  }

  /** The family's name in comments: OpenMetrics' counters lack the suffix of their samples there. */
  #baseOf(name: string, type: FamilyType): string {
    return this.#style.openMetrics && type === 'counter' && name.endsWith(TOTAL) && name !== TOTAL
      ? name.slice(0, -TOTAL.length)
      : name;
  }
}
