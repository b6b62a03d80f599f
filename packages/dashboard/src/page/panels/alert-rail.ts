import { type AlertBook, type AlertRow, isHandled } from '../feed/alert-book.ts';
import type { Chime } from '../view/chime.ts';
import { el, setClass, setHidden, setText } from '../view/dom.ts';
import { type Frame, type OptionalPanel, panelShell, TABLE_INTERVAL_MS, TextClock } from '../view/panel.ts';
import { AlertItem, type AlertItemInputs } from './alert-item.ts';

const NAME_KEY = 'nanometer.reader';
const MOST_ENDED = 20;
const MOST_ACTIVE = 30;

/** What the rail needs beside the alerts. */
export interface AlertRailInputs {
  readonly book: AlertBook;
  readonly chime: Chime;
  readonly locate: (text: string) => void;
}

/** Alerts, the most pressing first; on a phone a bar at the bottom that opens. Audible for what is critical only. */
export class AlertRail implements OptionalPanel {
  readonly title = 'Alerts';
  readonly element: HTMLElement;
  /** The bar at the bottom of a phone. */
  readonly bar: HTMLButtonElement = el('button', { class: 'alert-bar', attributes: { type: 'button' } });
  readonly #inputs: AlertRailInputs;
  readonly #note: HTMLElement;
  readonly #quiet: HTMLElement = el('p', { class: 'empty', text: 'Nothing fires.' });
  readonly #active: HTMLElement = el('ul', {
    class: 'alerts',
    attributes: { 'aria-label': 'Alerts that fire or may' },
  });
  readonly #ended: HTMLElement = el('ul', { class: 'alerts', attributes: { 'aria-label': 'Alerts that ended' } });
  readonly #history: HTMLDetailsElement;
  readonly #historyHead: HTMLElement = el('summary');
  readonly #name: HTMLInputElement;
  readonly #sound: HTMLButtonElement = el('button', { class: 'tool', attributes: { type: 'button' } });
  readonly #items: Map<string, AlertItem> = new Map();
  readonly #itemInputs: AlertItemInputs;
  readonly #textClock: TextClock = new TextClock(TABLE_INTERVAL_MS);
  #revision = -1;
  #nowMs = 0;

  constructor(inputs: AlertRailInputs) {
    this.#inputs = inputs;
    const shell = panelShell('alerts', this.title, '');
    this.element = shell.element;
    this.#note = shell.note;
    this.#note.setAttribute('role', 'status');
    this.#name = el('input', {
      class: 'field',
      attributes: {
        type: 'text',
        placeholder: 'Your name',
        'aria-label': 'Your name',
        autocomplete: 'name',
        maxlength: '64',
      },
    });
    this.#name.value = stored();
    this.#name.addEventListener('change', () => store(this.#name.value.trim()));
    this.#sound.addEventListener('click', () => {
      inputs.chime.toggle();
      this.#writeSound();
    });
    this.#writeSound();
    shell.controls.append(this.#name, this.#sound);
    this.#history = el('details', { class: 'alert-history' }, this.#historyHead, this.#ended);
    shell.body.append(this.#quiet, this.#active, this.#history);
    this.#itemInputs = {
      book: inputs.book,
      reader: () => this.#reader(),
      locate: inputs.locate,
      nowMs: () => this.#nowMs,
    };
    this.bar.setAttribute('aria-controls', this.element.id);
    this.bar.addEventListener('click', () => this.#pull(!this.element.classList.contains('open')));
    this.element.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && this.element.classList.contains('open')) this.#pull(false);
    });
    this.#pull(false);
    this.bar.hidden = true;
  }

  missing(): string | undefined {
    return this.#inputs.book.known
      ? undefined
      : 'No alerts told: a bridge has them when it is started with --rules FILE.';
  }

  frame(frame: Frame): void {
    const { book, chime } = this.#inputs;
    this.#nowMs = frame.nowMs;
    const pressing = book.active.filter((row) => row.state === 'firing' && !isHandled(row));
    if (pressing.some(({ severity }) => severity === 'critical')) chime.ring(frame.nowMs);
    if (book.revision === this.#revision && !this.#textClock.due(frame)) return;
    this.#revision = book.revision;
    this.#write(pressing);
    this.#list(this.#active, book.active.slice(0, MOST_ACTIVE));
    this.#list(this.#ended, book.ended.slice(0, MOST_ENDED));
    this.#forget();
  }

  #write(pressing: readonly AlertRow[]): void {
    const { book } = this.#inputs;
    const handled = book.active.filter(isHandled).length;
    const pending = book.active.filter(({ state }) => state === 'pending').length;
    const more = Math.max(0, book.active.length - MOST_ACTIVE) + book.untold;
    setText(
      this.#note,
      [
        `${pressing.length} firing`,
        handled > 0 ? `${handled} dealt with` : '',
        pending > 0 ? `${pending} pending` : '',
        more > 0 ? `${more} more not shown` : '',
      ]
        .filter((text) => text !== '')
        .join(', '),
    );
    setHidden(this.#quiet, book.active.length > 0);
    setHidden(this.#history, book.ended.length === 0);
    setText(this.#historyHead, `Ended lately: ${book.ended.length}`);
    const [worst] = pressing;
    setHidden(this.bar, !book.known || book.active.length + book.ended.length === 0);
    setClass(this.bar, 'critical', worst?.severity === 'critical');
    setText(
      this.bar,
      worst === undefined
        ? `No alert to deal with · ${book.active.length} open`
        : `${pressing.length} firing: ${worst.rule}`,
    );
    const title = pressing.length === 0 ? 'Nanometer' : `(${pressing.length}) Nanometer`;
    if (document.title !== title) document.title = title;
  }

  #list(list: HTMLElement, rows: readonly AlertRow[]): void {
    const elements = rows.map((row) => {
      // An alert that came back is another one than the one that ended.
      const key = `${row.fingerprint} ${row.state === 'resolved' ? row.endsAtMs : ''}`;
      let item = this.#items.get(key);
      if (item === undefined) {
        item = new AlertItem(row.fingerprint, this.#itemInputs);
        this.#items.set(key, item);
      }
      item.show(row, this.#nowMs);
      return item.element;
    });
    const same =
      elements.length === list.childElementCount && elements.every((element, at) => list.children[at] === element);
    if (!same) list.replaceChildren(...elements);
  }

  /** Items of alerts that are in no list any more. */
  #forget(): void {
    for (const [key, { element }] of this.#items) if (element.parentElement === null) this.#items.delete(key);
  }

  /** Pulls the sheet up or down; the focus goes along, into it and back to the bar. */
  #pull(up: boolean): void {
    const within = this.element.contains(document.activeElement);
    setClass(this.element, 'open', up);
    this.bar.setAttribute('aria-expanded', String(up));
    if (up) {
      this.element.tabIndex = -1;
      this.element.focus({ preventScroll: true });
    } else if (within) this.bar.focus({ preventScroll: true });
  }

  #reader(): string | undefined {
    const name = this.#name.value.trim();
    if (name !== '') return name;
    this.#name.focus();
    return undefined;
  }

  #writeSound(): void {
    setText(this.#sound, this.#inputs.chime.on ? 'Sound: on' : 'Sound: off');
    this.#sound.setAttribute('aria-pressed', String(this.#inputs.chime.on));
    this.#sound.title = 'Critical alerts that nobody deals with are heard; nothing else is.';
  }
}

function stored(): string {
  try {
    return localStorage.getItem(NAME_KEY) ?? '';
  } catch {
    return '';
  }
}

function store(name: string): void {
  try {
    localStorage.setItem(NAME_KEY, name);
  } catch {
    // Private windows keep nothing; the name stays in its field.
  }
}
