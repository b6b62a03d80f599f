import { formatClock } from '../format.ts';
import type { Link } from '../feed/link.ts';
import type { Reader } from '../feed/session.ts';
import { el, setClass, setHidden, setText } from './dom.ts';
import type { Frame, Panel } from './panel.ts';
import { TIME_WINDOWS, type ViewState } from './view-state.ts';

/** What the bar shows and what its buttons do. */
export interface TopBarInputs {
  readonly view: ViewState;
  readonly link: () => Link;
  readonly problem: () => string;
  /** Badge text, `undefined` for a real market. */
  readonly marketMode: () => string | undefined;
  /** Updates that arrived since the display was frozen. */
  readonly missed: () => number;
  readonly onPause: () => void;
  /** Who signed in; `undefined` on a bridge that asks nobody. */
  readonly reader: () => Reader | undefined;
  readonly onSignIn: () => void;
  readonly onSignOut: () => void;
  readonly onHelp: () => void;
  readonly onChange: () => void;
}

const PHASE_TEXT: Readonly<Record<Link['phase'], string>> = {
  connecting: 'connecting',
  open: 'live',
  lost: 'link lost',
  refused: 'sign in needed',
};

/** Name, link, market badge, clock and the reader's choices. */
export class TopBar implements Panel {
  readonly element: HTMLElement;
  readonly filter: HTMLInputElement;
  readonly #inputs: TopBarInputs;
  readonly #mode: HTMLElement = el('span', { class: 'badge badge-mode', attributes: { id: 'market-mode' } });
  readonly #link: HTMLElement = el('span', { class: 'link', attributes: { id: 'link', role: 'status' } });
  readonly #reader: HTMLElement = el('span', { class: 'badge', attributes: { id: 'reader' } });
  readonly #sign: HTMLButtonElement = el('button', { class: 'tool', attributes: { type: 'button', id: 'sign' } });
  readonly #clock: HTMLElement = el('time', { class: 'clock', title: 'Time of the bridge, UTC' });
  readonly #pause: HTMLButtonElement;
  readonly #windows: readonly HTMLButtonElement[];

  constructor(inputs: TopBarInputs) {
    this.#inputs = inputs;
    const { view } = inputs;
    this.filter = el('input', {
      class: 'filter',
      attributes: {
        type: 'search',
        placeholder: 'Filter  /',
        'aria-label': 'Filter by strategy, exchange, symbol or model',
        autocomplete: 'off',
        spellcheck: 'false',
      },
    });
    this.filter.value = view.filterText;
    this.filter.addEventListener('input', () => {
      view.filterText = this.filter.value.trim().toLowerCase();
      inputs.onChange();
    });
    this.#windows = TIME_WINDOWS.map(({ label, name, ms }) => {
      const button = el('button', { text: label, title: name, attributes: { type: 'button' } });
      button.addEventListener('click', () => {
        view.windowMs = ms;
        inputs.onChange();
      });
      return button;
    });
    this.#pause = el('button', { class: 'tool', attributes: { type: 'button', id: 'pause' } });
    this.#pause.addEventListener('click', inputs.onPause);
    this.#sign.addEventListener('click', () => {
      if (inputs.reader() === undefined) inputs.onSignIn();
      else inputs.onSignOut();
    });
    const help = el('button', { class: 'tool', text: '?', attributes: { type: 'button', 'aria-label': 'Help' } });
    help.addEventListener('click', inputs.onHelp);
    this.element = el(
      'header',
      { class: 'top-bar' },
      el('h1', { class: 'brand', text: 'Nanometer' }),
      this.#link,
      this.#mode,
      this.#reader,
      this.#sign,
      el('span', { class: 'spring' }),
      this.#clock,
      el('div', { class: 'choice', attributes: { role: 'group', 'aria-label': 'Time window' } }, ...this.#windows),
      this.filter,
      this.#pause,
      help,
    );
  }

  frame(frame: Frame): void {
    const link = this.#inputs.link();
    setText(this.#link, link.phase === 'open' ? PHASE_TEXT.open : link.detail);
    setClass(this.#link, 'open', link.phase === 'open');
    setClass(this.#link, 'lost', link.phase === 'lost' || link.phase === 'refused');
    const reader = this.#inputs.reader();
    setHidden(this.#reader, reader === undefined);
    if (reader !== undefined)
      setText(this.#reader, `${reader.name} · sees ${reader.sees === 'part' ? 'a part' : 'everything'}`);
    setHidden(this.#sign, reader === undefined && link.phase !== 'refused');
    setText(this.#sign, reader === undefined ? 'Sign in' : 'Sign out');
    if (link.phase === 'lost' && this.#link.title !== this.#inputs.problem()) this.#link.title = this.#inputs.problem();
    const mode = this.#inputs.marketMode();
    setHidden(this.#mode, mode === undefined);
    setText(this.#mode, mode ?? '');
    setText(this.#clock, `${formatClock(frame.nowMs)} UTC`);
    const { paused, windowMs } = frame.view;
    setText(this.#pause, paused ? `Resume · ${this.#inputs.missed().toLocaleString('en-US')} missed` : 'Pause');
    setClass(this.#pause, 'on', paused);
    TIME_WINDOWS.forEach(({ ms }, index) => {
      const pressed = String(ms === windowMs);
      const button = this.#windows[index] as HTMLButtonElement;
      if (button.getAttribute('aria-pressed') !== pressed) button.setAttribute('aria-pressed', pressed);
    });
  }
}
