import { MAGNITUDE_MAP, pixelOf } from '../draw/color-map.ts';
import { PixelGrid } from '../draw/pixel-grid.ts';
import { formatClock, formatRate } from '../format.ts';
import type { Model } from '../model.ts';
import type { Measure } from '../store/measure.ts';
import { RateRows } from '../store/rate-rows.ts';
import { Choice } from '../view/choice.ts';
import { el, setHidden, setText } from '../view/dom.ts';
import { heatKey, type HeatRow, heatRows } from '../view/heat-rows.ts';
import { type Frame, type OptionalPanel, panelShell, TABLE_INTERVAL_MS, TextClock } from '../view/panel.ts';
import type { ViewState } from '../view/view-state.ts';

const COLUMNS = 240;
const MOST_ROWS = 48;
const ROW_PIXELS = 16;
const REORDER_MS = 10_000;

/** Where the market is busy: one row per symbol below its exchange, time from left to right, brightness by events per second. */
export class ActivityPanel implements OptionalPanel {
  readonly title = 'Market activity';
  readonly element: HTMLElement;
  readonly #readings: ReadonlyMap<string, { readonly measure: Measure; readonly rows: RateRows }>;
  readonly #choice: Choice;
  readonly #note: HTMLElement;
  readonly #names: HTMLElement = el('ul', { class: 'heat-names' });
  readonly #plot: HTMLElement;
  readonly #grid: PixelGrid;
  readonly #from: HTMLElement = el('span');
  readonly #to: HTMLElement = el('span');
  readonly #line: HTMLElement = el('p', { class: 'value-line' });
  readonly #textClock: TextClock = new TextClock(TABLE_INTERVAL_MS);
  #order: readonly HeatRow[] = [];
  #values: Float32Array = new Float32Array(0);
  #orderedMs = -Infinity;
  #orderedFor = '';
  #drawnColumn = -1;
  #drawnRevision = -1;

  constructor(model: Model, view: ViewState) {
    const { quotes, trades, messages } = model.market;
    this.#readings = new Map(
      [['quotes', quotes] as const, ['trades', trades] as const, ['messages', messages] as const].map(
        ([name, measure]) => [name, { measure, rows: new RateRows() }],
      ),
    );
    this.#choice = new Choice('Events', () => view.touch());
    const shell = panelShell('activity', this.title, '');
    this.element = shell.element;
    this.#note = shell.note;
    const canvas = el('canvas', { attributes: { role: 'img', 'aria-label': 'Market activity; the busiest follow' } });
    this.#grid = new PixelGrid(canvas);
    this.#plot = el('div', { class: 'heat-plot' }, canvas);
    const times = el('div', { class: 'heat-times' }, this.#from, this.#to);
    shell.controls.append(this.#choice.element);
    shell.body.append(el('div', { class: 'heat' }, this.#names, this.#plot, times), this.#line);
  }

  missing(): string | undefined {
    const offered = [...this.#readings].filter(([, { measure }]) => measure.cells().length > 0).map(([name]) => name);
    this.#choice.offer(offered);
    return offered.length === 0
      ? 'No data: waiting for market.quote.count, market.trade.count or exchange.message.count.'
      : undefined;
  }

  /** Takes a column over; called on every frame, also of a panel out of view, so that its past is there. */
  collect(nowMs: number): void {
    for (const { measure, rows } of this.#readings.values()) {
      if (!rows.due(nowMs)) continue;
      const busiest = measure
        .cells()
        .filter(({ value }) => !Number.isNaN(value))
        .sort((a, b) => b.value - a.value)
        .slice(0, MOST_ROWS);
      rows.add(nowMs, new Map(busiest.map(({ key, value }) => [heatKey(key), value])));
    }
  }

  frame(frame: Frame): void {
    const reading = this.#readings.get(this.#choice.chosen ?? '');
    if (reading === undefined) return;
    const { measure, rows } = reading;
    const step = Math.max(1, Math.round(frame.view.windowMs / COLUMNS / 250));
    const newest = Math.floor(rows.columnOf(frame.nowMs) / step);
    const resized = this.#grid.surface.fit();
    const revised = frame.view.revision !== this.#drawnRevision;
    const due = this.#textClock.due(frame);
    if (due || this.#order.length === 0) this.#arrange(measure, frame);
    if (resized || revised || newest !== this.#drawnColumn) {
      this.#drawnColumn = newest;
      this.#drawnRevision = frame.view.revision;
      this.#draw(rows, newest, step);
    }
    if (due) this.#write(measure, frame);
  }

  #arrange(measure: Measure, frame: Frame): void {
    // A rate is known from its second value on: a row comes when it does and not with the next arrangement.
    const known = measure.cells().filter(({ value }) => !Number.isNaN(value)).length;
    const choice = `${this.#choice.chosen} ${frame.view.filterText} ${known}`;
    if (choice === this.#orderedFor && Math.abs(frame.nowMs - this.#orderedMs) < REORDER_MS) return;
    this.#orderedFor = choice;
    this.#orderedMs = frame.nowMs;
    const cells = measure.cells();
    const busiest = new Set(
      cells
        .filter(({ key, value }) => !Number.isNaN(value) && frame.view.shows(key))
        .sort((a, b) => b.value - a.value)
        .slice(0, MOST_ROWS),
    );
    // Cells come sorted by their keys: those of an exchange one after the other.
    this.#order = heatRows(cells.filter((cell) => busiest.has(cell)).map(({ key }) => key));
    this.#names.replaceChildren(
      ...this.#order.map(({ key, text, title }) => {
        const isGroup = text === title;
        return el('li', {
          class: key !== undefined ? '' : isGroup ? 'heat-head heat-group' : 'heat-head',
          text,
          title,
        });
      }),
    );
    this.#plot.style.height = `${this.#order.length * ROW_PIXELS}px`;
    this.#drawnColumn = -1;
  }

  #draw(rows: RateRows, newest: number, step: number): void {
    const height = Math.max(1, this.#order.length);
    const cells = this.#grid.cells(COLUMNS, height);
    if (this.#values.length !== COLUMNS * height) this.#values = new Float32Array(COLUMNS * height);
    const values = this.#values;
    let most = 0;
    this.#order.forEach(({ key }, row) => {
      for (let column = 0; column < COLUMNS; column++) {
        const from = (newest - COLUMNS + 1 + column) * step;
        const value = key === undefined ? NaN : rows.largest(key, from, from + step - 1);
        values[row * COLUMNS + column] = value;
        if (value > most) most = value;
      }
    });
    // A logarithm, since the busiest market would leave all others black.
    const scale = Math.log1p(most) || 1;
    for (let index = 0; index < cells.length; index++) {
      cells[index] = pixelOf(MAGNITUDE_MAP, Math.log1p(values[index] as number) / scale);
    }
    this.#grid.draw();
  }

  #write(measure: Measure, frame: Frame): void {
    const shown = new Set(this.#order.map(({ key }) => key));
    const cells = measure.cells().filter(({ key }) => shown.has(heatKey(key)));
    const busiest = [...cells].sort((a, b) => b.value - a.value).slice(0, 3);
    setText(this.#note, `${this.#choice.chosen} per second, logarithmic: dark few, yellow most`);
    setText(
      this.#line,
      `Busiest: ${busiest.map(({ key, value }) => `${key.join(' ')} ${formatRate(value)} /s`).join(' · ')}`,
    );
    setHidden(this.#line, busiest.length === 0);
    setText(this.#from, formatClock(frame.nowMs - frame.view.windowMs));
    setText(this.#to, formatClock(frame.nowMs));
  }
}
