import { el, setHidden } from './dom.ts';

/** A row of buttons of which one is pressed; hidden while there is nothing to choose. */
export class Choice {
  readonly element: HTMLElement;
  readonly #onChange: () => void;
  #options: readonly string[] = [];
  #chosen: string | undefined;

  /** @param label - spoken name of the group. */
  constructor(label: string, onChange: () => void) {
    this.#onChange = onChange;
    this.element = el('div', { class: 'choice', attributes: { role: 'group', 'aria-label': label } });
    this.element.hidden = true;
  }

  /** The pressed option; the first one until the reader presses another. */
  get chosen(): string | undefined {
    return this.#chosen;
  }

  /** Replaces the options; the pressed one stays pressed while it is among them. */
  offer(options: readonly string[]): void {
    if (options.length === this.#options.length && options.every((option) => this.#options.includes(option))) return;
    this.#options = options;
    if (this.#chosen === undefined || !options.includes(this.#chosen)) this.#chosen = options[0];
    this.element.replaceChildren(...options.map((option) => this.#button(option)));
    setHidden(this.element, options.length < 2);
  }

  #button(option: string): HTMLButtonElement {
    const button = el('button', {
      text: option,
      attributes: { type: 'button', 'aria-pressed': String(option === this.#chosen) },
    });
    button.addEventListener('click', () => {
      this.#chosen = option;
      for (const other of this.element.querySelectorAll('button')) {
        other.setAttribute('aria-pressed', String(other === button));
      }
      this.#onChange();
    });
    return button;
  }
}
