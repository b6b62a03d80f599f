import { formatAge } from '../format.ts';
import { el, setClass, setHidden, setText } from './dom.ts';
import type { Freshness } from './freshness.ts';

/** Greys an element and shows how old its value is, as soon as that value is stale. */
export class AgeBadge {
  readonly element: HTMLElement = el('span', { class: 'age-badge' });
  readonly #greys: Element;

  /** @param greys - element that gets the class `stale` or `no-data`. */
  constructor(greys: Element) {
    this.#greys = greys;
    this.element.hidden = true;
  }

  show(freshness: Freshness): void {
    const stale = freshness.state === 'stale';
    setClass(this.#greys, 'stale', stale);
    setClass(this.#greys, 'no-data', freshness.state === 'none');
    setHidden(this.element, !stale);
    if (stale) setText(this.element, `${formatAge(freshness.ageMs / 1000)} old`);
  }
}
