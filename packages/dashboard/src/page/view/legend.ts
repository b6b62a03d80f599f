import { type Look, sampleOf } from '../draw/looks.ts';
import { el, setClass, setHidden, setText } from './dom.ts';

/** One entry of a legend. */
export interface LegendEntry {
  readonly key: string;
  readonly label: string;
  readonly color: string;
  readonly dash?: Look['dash'];
  /** What stands at the line's end in the chart instead of its label. */
  readonly mark?: string | undefined;
  readonly value: string;
  readonly stale: boolean;
}

interface Row {
  readonly element: HTMLElement;
  readonly swatch: HTMLElement;
  readonly mark: HTMLElement;
  readonly label: HTMLElement;
  readonly value: HTMLElement;
  sample: string;
}

/** Names, colours and current values of a chart's lines, as text: also what a screen reader gets of the canvas. */
export class Legend {
  readonly element: HTMLElement;
  readonly #rows: Map<string, Row> = new Map();
  #order = '';

  /** @param label - spoken name of the list. */
  constructor(label: string) {
    this.element = el('ul', { class: 'legend', attributes: { 'aria-label': label } });
  }

  show(entries: readonly LegendEntry[]): void {
    for (const entry of entries) {
      const row = this.#row(entry.key);
      const sample = sampleOf({ color: entry.color, dash: entry.dash ?? [] });
      if (sample !== row.sample) {
        row.sample = sample;
        row.swatch.style.background = sample;
      }
      setHidden(row.mark, entry.mark === undefined);
      setText(row.mark, entry.mark ?? '');
      setText(row.label, entry.label);
      setText(row.value, entry.value);
      setClass(row.element, 'stale', entry.stale);
    }
    const order = entries.map((entry) => entry.key).join('\u0000');
    if (order === this.#order) return;
    this.#order = order;
    this.element.replaceChildren(...entries.map((entry) => this.#row(entry.key).element));
  }

  #row(key: string): Row {
    let row = this.#rows.get(key);
    if (row === undefined) {
      const swatch = el('i', { class: 'swatch' });
      const label = el('span', { class: 'legend-label' });
      const value = el('b', { class: 'legend-value' });
      const mark = el('span', { class: 'legend-mark', attributes: { 'aria-hidden': 'true' } });
      row = { element: el('li', {}, swatch, mark, label, value), swatch, mark, label, value, sample: '' };
      this.#rows.set(key, row);
    }
    return row;
  }
}
