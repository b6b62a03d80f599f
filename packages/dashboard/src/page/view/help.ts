import { chooseColors, chosenColors, COLOR_CHOICES } from './colors.ts';
import { el } from './dom.ts';

/** Keys of the page, in the order the help lists them. */
export const KEYS: readonly (readonly [key: string, does: string])[] = [
  ['?', 'show or close this help'],
  ['p', 'pause: the display stands still, data keeps arriving'],
  ['/', 'filter by strategy, exchange, symbol or model'],
  ['Esc', 'clear the filter, close the help'],
  ['f', 'full screen'],
  [
    'g …',
    'go to: r risk, p positions, s strategies, m markouts, c correlation, v services and venues, h history, f feeds, a alerts, t trust',
  ],
  ['1 2 3 4', 'time window: 1 minute, 5 minutes, 15 minutes, 1 hour'],
  ['← → + −', 'in the history chart: move, zoom; a mouse drags a span, two fingers pinch, Ctrl and wheel zoom'],
];

const NOTES: readonly string[] = [
  '▲ is a gain, ▼ a loss; in blue and orange unless you choose otherwise below.',
  'Grey with an age badge is stale: its source is silent for more than twice the expected interval.',
  '“no data” and – mean that nothing was received, which is not zero.',
  'Amounts of different currencies stand side by side and are never added up.',
  'Percentiles of several strategies are the largest of theirs, an upper bound of the percentile over all.',
];

/** The help dialog. */
export class Help {
  readonly element: HTMLDialogElement;

  constructor() {
    const keys = el('dl', { class: 'keys' });
    for (const [key, does] of KEYS) keys.append(el('dt', {}, el('kbd', { text: key })), el('dd', { text: does }));
    const colors = el(
      'select',
      { class: 'tool', attributes: { 'aria-label': 'Colours of gain and loss' } },
      ...COLOR_CHOICES.map(([value, text]) => el('option', { text, attributes: { value } })),
    );
    colors.value = chosenColors();
    colors.addEventListener('change', () => chooseColors(colors.value));
    const close = el('button', { class: 'tool', text: 'Close', attributes: { type: 'button' } });
    this.element = el(
      'dialog',
      { class: 'dialog help', attributes: { 'aria-labelledby': 'help-title' } },
      el('h2', { text: 'Keys and signs', attributes: { id: 'help-title' } }),
      keys,
      el('ul', {}, ...NOTES.map((text) => el('li', { text }))),
      el('div', { class: 'help-foot' }, colors, close),
    );
    close.addEventListener('click', () => this.element.close());
  }

  toggle(): void {
    if (this.element.open) this.element.close();
    else this.element.showModal();
  }
}
