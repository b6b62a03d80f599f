import { formatAmount, formatPercent, shownSign } from '../format.ts';
import type { Model } from '../model.ts';
import type { Cell } from '../store/measure.ts';
import { arrowOf } from '../view/amounts.ts';
import { el, setClass, setHidden, setText } from '../view/dom.ts';
import { freshness } from '../view/freshness.ts';
import { type Frame, type Panel, panelShell, TABLE_INTERVAL_MS, TextClock } from '../view/panel.ts';

const MOST_BARS = 12;

const WARN_AT = 0.8;
const REORDER_MS = 4000;

interface Bar {
  readonly element: HTMLElement;
  readonly name: HTMLElement;
  readonly fill: HTMLElement;
  readonly value: HTMLElement;
}

/** Signed exposure by symbol: bars to both sides of zero, largest first, the sign by side, colour and arrow. */
export class ExposurePanel implements Panel {
  readonly element: HTMLElement;
  readonly #model: Model;
  readonly #list: HTMLElement;
  readonly #note: HTMLElement;
  readonly #empty: HTMLElement;
  readonly #rest: HTMLElement;
  readonly #bars: Map<string, Bar> = new Map();
  readonly #limits: HTMLElement;
  readonly #limitsHeading: HTMLElement;
  readonly #limitBars: Map<string, Bar> = new Map();
  readonly #textClock: TextClock = new TextClock(TABLE_INTERVAL_MS);
  #order = '';
  #orderedMs = 0;

  constructor(model: Model) {
    this.#model = model;
    const shell = panelShell('exposure', 'Exposure by symbol', 'long right, short left');
    this.element = shell.element;
    this.#note = shell.note;
    this.#list = el('ul', { class: 'bars', attributes: { 'aria-label': 'Signed exposure by symbol' } });
    this.#empty = el('p', { class: 'empty', text: 'No data: waiting for risk.exposure.notional.' });
    this.#rest = el('p', { class: 'rest' });
    this.#limitsHeading = el('h3', { text: 'Use of limits' });
    this.#limits = el('ul', { class: 'bars limits', attributes: { 'aria-label': 'Use of limits' } });
    shell.body.append(this.#list, this.#rest, this.#empty, this.#limitsHeading, this.#limits);
  }

  frame(frame: Frame): void {
    if (!this.#textClock.due(frame)) return;
    const cells = this.#model.risk.bySymbol
      .cells()
      .filter((cell) => !Number.isNaN(cell.value) && frame.view.shows(cell.key))
      .sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
    const shown = cells.slice(0, MOST_BARS);
    const largest = Math.abs(shown[0]?.value ?? 0);
    for (const cell of shown) this.#write(cell, largest, freshness([cell], frame.nowMs).state === 'stale');
    const currencies = [...new Set(cells.map(({ key }) => key[0]))];
    setText(this.#note, `long right, short left${currencies.length === 1 ? `, ${currencies[0]}` : ''}`);
    setHidden(this.#empty, cells.length > 0);
    setHidden(this.#rest, cells.length <= MOST_BARS);
    setText(this.#rest, `${cells.length - MOST_BARS} smaller ones not shown`);
    this.#arrange(shown, frame);
    this.#writeLimits(frame);
  }

  #writeLimits(frame: Frame): void {
    const cells = this.#model.risk.limits.cells().filter((cell) => !Number.isNaN(cell.value));
    setHidden(this.#limitsHeading, cells.length === 0);
    for (const cell of cells) {
      const name = cell.key[0] as string;
      let bar = this.#limitBars.get(name);
      if (bar === undefined) {
        bar = createBar(limitLabel(name), name);
        this.#limitBars.set(name, bar);
        this.#limits.append(bar.element);
      }
      bar.fill.style.transform = `scaleX(${Math.min(1, Math.max(0, cell.value)).toFixed(4)})`;
      setClass(bar.element, 'near', cell.value >= WARN_AT && cell.value < 1);
      setClass(bar.element, 'over', cell.value >= 1);
      setClass(bar.element, 'stale', freshness([cell], frame.nowMs).state === 'stale');
      setText(bar.value, `${cell.value >= 1 ? 'over ' : ''}${formatPercent(cell.value)}`);
    }
  }

  // Symbols of about equal size would change places with every tick; the order is renewed every few seconds only.
  #arrange(shown: readonly Cell[], frame: Frame): void {
    const keys = shown.map(keyOf);
    const order = keys.join('\u0001');
    const sameRows = keys.length === this.#list.childElementCount && keys.every((key) => this.#order.includes(key));
    if (order === this.#order || (sameRows && Math.abs(frame.nowMs - this.#orderedMs) < REORDER_MS)) return;
    this.#order = order;
    this.#orderedMs = frame.nowMs;
    this.#list.replaceChildren(...keys.map((key) => (this.#bars.get(key) as Bar).element));
  }

  #write(cell: Cell, largest: number, stale: boolean): void {
    const bar = this.#bar(cell);
    const currency = cell.key[0] as string;
    const share = largest === 0 ? 0 : cell.value / largest;
    // Transforms move without layout. No transition: a bar on its way across zero would stand on the wrong side.
    bar.fill.style.transform = `scaleX(${share.toFixed(4)})`;
    setClass(bar.element, 'short', cell.value < 0);
    setClass(bar.element, 'flat', shownSign(cell.value, currency) === 0);
    setClass(bar.element, 'stale', stale);
    setText(bar.value, `${arrowOf({ value: cell.value, currency })} ${formatAmount(cell.value, currency, true)}`);
  }

  #bar(cell: Cell): Bar {
    const key = keyOf(cell);
    let bar = this.#bars.get(key);
    if (bar === undefined) {
      const [currency, symbol] = cell.key as [string, string];
      bar = createBar(symbol, `${symbol} in ${currency}`);
      this.#bars.set(key, bar);
    }
    return bar;
  }
}

function createBar(label: string, title: string): Bar {
  const name = el('span', { class: 'bar-name', text: label, title });
  const fill = el('i', { class: 'bar-fill' });
  const value = el('b', { class: 'bar-value' });
  return { element: el('li', {}, name, el('span', { class: 'bar-track' }, fill), value), name, fill, value };
}

function keyOf(cell: Cell): string {
  return cell.key.join('\u0000');
}

/** Whose limit it is comes first: `gross_exposure/strategy/maker` is "maker gross exposure". */
function limitLabel(name: string): string {
  const [kind = name, , ...group] = name.split('/');
  return `${group.join('/')} ${kind.replaceAll('_', ' ')}`.trim();
}
