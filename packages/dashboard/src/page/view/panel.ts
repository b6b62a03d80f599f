import type { ViewState } from './view-state.ts';
import { el } from './dom.ts';

/** What a panel is told on each animation frame. */
export interface Frame {
  /** Time to show as "now", Unix milliseconds by the server's clock; stands still while paused. */
  readonly nowMs: number;
  /** Counts what arrived: equal to the last frame's when nothing did. */
  readonly version: number;
  readonly view: ViewState;
}

/** Something on the page that shows part of the store. */
export interface Panel {
  readonly element: HTMLElement;
  /** Called per animation frame while the panel is on screen; must return at once when nothing changed. */
  frame(frame: Frame): void;
}

/** A panel of something that not every desk has: it gives way while there is nothing of it. */
export interface OptionalPanel extends Panel {
  readonly title: string;
  /** Why there is nothing to show: which metric or event never came; `undefined` when there is something. */
  missing(): string | undefined;
}

/** Least milliseconds between two changes of text: faster ones cannot be read. */
export const TEXT_INTERVAL_MS = 100;
/** The same of tables and legends, which are read across. */
export const TABLE_INTERVAL_MS = 250;

/** Ages move on also when nothing arrives. */
const AGES_MS = 500;
/** Steps of the beginnings of the clocks' intervals; far from a fraction of them, so that few coincide. */
const PHASE_MS = 61;

let clocks = 0;

/**
 * Decides when text is due: data or choices changed, or half a second passed and ages moved. The clocks of the page begin
 * their intervals at different moments, so that no frame has the text of all panels to lay out.
 */
export class TextClock {
  readonly #intervalMs: number;
  readonly #phaseMs: number = PHASE_MS * clocks++;
  #version = -1;
  #revision = -1;
  #slot = -1;
  #lastMs = -Infinity;

  /** @param intervalMs - least milliseconds between two changes. */
  constructor(intervalMs: number = TEXT_INTERVAL_MS) {
    this.#intervalMs = intervalMs;
  }

  due(frame: Frame): boolean {
    const slot = Math.floor((frame.nowMs + this.#phaseMs) / this.#intervalMs);
    const revised = frame.view.revision !== this.#revision;
    const changed = slot !== this.#slot && frame.version !== this.#version;
    if (!revised && !changed && Math.abs(frame.nowMs - this.#lastMs) < AGES_MS) return false;
    this.#slot = slot;
    this.#version = frame.version;
    this.#revision = frame.view.revision;
    this.#lastMs = frame.nowMs;
    return true;
  }
}

/** Frame of every panel: heading, what is measured and in which unit, room for choices, and the body. */
export interface PanelShell {
  readonly element: HTMLElement;
  readonly heading: HTMLElement;
  readonly note: HTMLElement;
  readonly controls: HTMLElement;
  readonly body: HTMLElement;
}

/**
 * Builds the frame of a panel.
 *
 * @param id - place in the grid, also the anchor of links to the panel.
 * @param note - definition and unit in a few words, always visible.
 */
export function panelShell(id: string, title: string, note: string): PanelShell {
  const heading = el('h2', { text: title, attributes: { id: `${id}-title` } });
  const noteElement = el('p', { class: 'note', text: note });
  const controls = el('div', { class: 'controls' });
  const body = el('div', { class: 'body' });
  const element = el(
    'section',
    { class: 'panel', attributes: { id, 'aria-labelledby': `${id}-title` } },
    el('header', { class: 'panel-head' }, el('div', { class: 'panel-title' }, heading, noteElement), controls),
    body,
  );
  return { element, heading, note: noteElement, controls, body };
}
