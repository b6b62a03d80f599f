import { el, setClass, setText } from './dom.ts';

/** One bar from zero to the right. */
export interface ListedBar {
  readonly key: string;
  readonly name: string;
  /** Filled share of the track; clipped to 0…1. */
  readonly share: number;
  readonly text: string;
  readonly tone: 'near' | 'over' | '';
  readonly stale: boolean;
}

interface Elements {
  readonly element: HTMLElement;
  readonly name: HTMLElement;
  readonly fill: HTMLElement;
  readonly value: HTMLElement;
}

/** Named bars with their values as text, kept by key. */
export class BarList {
  readonly element: HTMLElement;
  readonly #bars: Map<string, Elements> = new Map();
  #order = '';

  /** @param label - spoken name of the list. */
  constructor(label: string) {
    this.element = el('ul', { class: 'bars limits', attributes: { 'aria-label': label } });
  }

  show(bars: readonly ListedBar[]): void {
    for (const { key, name, share, text, tone, stale } of bars) {
      const { element, name: nameElement, fill, value } = this.#bar(key);
      setText(nameElement, name);
      if (nameElement.title !== name) nameElement.title = name;
      fill.style.transform = `scaleX(${Math.min(1, Math.max(0, share)).toFixed(4)})`;
      setText(value, text);
      setClass(element, 'near', tone === 'near');
      setClass(element, 'over', tone === 'over');
      setClass(element, 'stale', stale);
    }
    const order = bars.map(({ key }) => key).join('\u0001');
    if (order === this.#order) return;
    this.#order = order;
    this.element.replaceChildren(...bars.map(({ key }) => this.#bar(key).element));
  }

  #bar(key: string): Elements {
    let bar = this.#bars.get(key);
    if (bar === undefined) {
      const name = el('span', { class: 'bar-name' });
      const fill = el('i', { class: 'bar-fill' });
      const value = el('b', { class: 'bar-value' });
      bar = { element: el('li', {}, name, el('span', { class: 'bar-track' }, fill), value), name, fill, value };
      this.#bars.set(key, bar);
    }
    return bar;
  }
}
