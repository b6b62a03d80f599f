import { el, setHidden, setText } from './dom.ts';
import type { Frame, OptionalPanel, Panel } from './panel.ts';

const ASK_EVERY_MS = 500;

/**
 * Hides panels of what this desk does not have, and says below the others which ones and why: a wall of empty frames
 * helps nobody, and a panel that vanished without a word is a question.
 */
export class Absent implements Panel {
  readonly element: HTMLDetailsElement;
  readonly #panels: readonly OptionalPanel[];
  readonly #summary: HTMLElement = el('summary');
  readonly #list: HTMLElement = el('ul');
  #askedMs = -Infinity;
  #said = '';

  constructor(panels: readonly OptionalPanel[]) {
    this.#panels = panels;
    this.element = el('details', { class: 'absent', attributes: { id: 'absent' } }, this.#summary, this.#list);
    // Nothing is known yet: no frame is drawn around it.
    for (const { element } of panels) element.hidden = true;
  }

  frame({ nowMs }: Frame): void {
    if (Math.abs(nowMs - this.#askedMs) < ASK_EVERY_MS) return;
    this.#askedMs = nowMs;
    const absent: string[] = [];
    for (const panel of this.#panels) {
      const why = panel.missing();
      setHidden(panel.element, why !== undefined);
      if (why !== undefined) absent.push(`${panel.title}. ${why}`);
    }
    const said = absent.join('\n');
    if (said === this.#said) return;
    this.#said = said;
    setHidden(this.element, absent.length === 0);
    setText(this.#summary, `${absent.length} more panel${absent.length === 1 ? '' : 's'} without data`);
    this.#list.replaceChildren(...absent.map((text) => el('li', { text })));
  }
}
