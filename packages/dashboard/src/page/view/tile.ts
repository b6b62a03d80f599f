import { AgeBadge } from './age-badge.ts';
import { el, setClass, setText } from './dom.ts';
import type { Freshness } from './freshness.ts';

/** What a tile of the strip says. */
export interface TileContent {
  readonly value: string;
  readonly unit?: string;
  readonly arrow?: string;
  readonly tone?: 'gain' | 'loss' | 'alarm' | 'warn' | '';
  /** The lines below: what belongs to the number, or the other currencies. */
  readonly details?: readonly string[];
  readonly freshness: Freshness;
}

const TONES = ['gain', 'loss', 'alarm', 'warn'] as const;
const STATES = [...TONES, 'stale', 'no-data'] as const;

/** One number of the strip with its name, unit, age and a second line. */
export class Tile {
  readonly element: HTMLElement;
  readonly #arrow: HTMLElement = el('span', { class: 'tile-arrow', attributes: { 'aria-hidden': 'true' } });
  readonly #value: HTMLElement = el('span', { class: 'tile-number' });
  readonly #unit: HTMLElement = el('span', { class: 'tile-unit' });
  readonly #detail: HTMLElement = el('div', { class: 'tile-detail' });
  readonly #badge: AgeBadge;

  /** @param title - definition, shown on hover. */
  constructor(id: string, label: string, title: string) {
    const value = el('div', { class: 'tile-value' }, this.#arrow, this.#value);
    this.element = el('div', { class: `tile tile-${id}`, title });
    this.#badge = new AgeBadge(this.element);
    const name = el('div', { class: 'tile-label' }, el('span', { text: label }), this.#unit);
    this.element.append(name, value, this.#badge.element, this.#detail);
  }

  /** The number as it stands there, with its arrow. */
  get text(): string {
    return `${this.#arrow.textContent}${this.#value.textContent}`;
  }

  /** The classes that say how the number is to be read: its tone, and whether it is stale or missing. */
  get state(): string {
    return STATES.filter((name) => this.element.classList.contains(name)).join(' ');
  }

  show(content: TileContent): void {
    const none = content.freshness.state === 'none';
    setText(this.#arrow, none ? '' : (content.arrow ?? ''));
    setText(this.#value, none ? 'no data' : content.value);
    setText(this.#unit, none ? '' : (content.unit ?? ''));
    this.#showDetails(none ? [] : (content.details ?? []));
    for (const tone of TONES) setClass(this.element, tone, !none && content.tone === tone);
    this.#badge.show(content.freshness);
  }

  #showDetails(details: readonly string[]): void {
    const lines = this.#detail.children;
    while (lines.length < details.length) this.#detail.append(el('span'));
    for (let index = 0; index < lines.length; index++) setText(lines[index] as Element, details[index] ?? '');
  }
}
