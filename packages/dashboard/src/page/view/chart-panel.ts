import { LineChart, type LineChartOptions } from '../draw/line-chart.ts';
import type { Cell } from '../store/measure.ts';
import { el, setHidden, setText } from './dom.ts';
import { freshness } from './freshness.ts';
import { Legend } from './legend.ts';
import { type Frame, type Panel, panelShell, type PanelShell, TABLE_INTERVAL_MS, TextClock } from './panel.ts';
import type { ViewState } from './view-state.ts';

/** Least time between two drawings for the sake of a new value: what is beyond a pixel is drawn anyway. */
const NEWS_MS = 50;

/** A cell with a history as a line of a chart. */
export interface ChartLine {
  readonly key: string;
  readonly label: string;
  readonly color: string;
  readonly cell: Cell;
}

/** What a chart shows. */
export interface ChartPanelOptions extends LineChartOptions {
  readonly id: string;
  readonly title: string;
  readonly note: string;
  /** The lines of the moment; asked when data or choices changed. */
  readonly lines: (frame: Frame) => readonly ChartLine[];
  readonly formatValue: (value: number, line: ChartLine) => string;
  /** Said while there is nothing to draw: which metric is missing. */
  readonly emptyText: string;
}

/** Lines over time with their legend. */
export class ChartPanel implements Panel {
  readonly element: HTMLElement;
  readonly shell: PanelShell;
  readonly #options: ChartPanelOptions;
  readonly #chart: LineChart;
  readonly #legend: Legend;
  readonly #empty: HTMLElement;
  readonly #textClock: TextClock = new TextClock(TABLE_INTERVAL_MS);
  #lines: readonly ChartLine[] = [];
  #drawnVersion = -1;
  #drawnRevision = -1;
  #drawnCursor = -1;
  #drawnMs = 0;

  constructor(options: ChartPanelOptions, view: ViewState) {
    this.#options = options;
    this.shell = panelShell(options.id, options.title, options.note);
    this.element = this.shell.element;
    const canvas = el('canvas', {
      attributes: { role: 'img', 'aria-label': `${options.title}: chart, values follow` },
    });
    this.#chart = new LineChart(canvas, options);
    this.#legend = new Legend(`${options.title}: current values`);
    this.#empty = el('p', { class: 'empty', text: options.emptyText });
    this.shell.body.append(el('div', { class: 'plot' }, canvas, this.#empty), this.#legend.element);
    canvas.addEventListener('pointermove', (event) => {
      view.cursorMs = this.#chart.timeAt(event.offsetX, this.#drawnMs, view.windowMs);
    });
    canvas.addEventListener('pointerleave', () => {
      view.cursorMs = undefined;
    });
  }

  frame(frame: Frame): void {
    const resized = this.#chart.surface.fit();
    const pointed = frame.view.cursorRevision !== this.#drawnCursor;
    const revised = pointed || frame.view.revision !== this.#drawnRevision;
    const moved = Math.abs(frame.nowMs - this.#drawnMs) >= this.#chart.msPerPixel(frame.view.windowMs);
    const news = frame.version !== this.#drawnVersion && Math.abs(frame.nowMs - this.#drawnMs) >= NEWS_MS;
    if (resized || revised || moved || news) this.#draw(frame);
    if (resized || pointed || this.#textClock.due(frame)) this.#write(frame);
  }

  #draw(frame: Frame): void {
    this.#drawnVersion = frame.version;
    this.#drawnRevision = frame.view.revision;
    this.#drawnCursor = frame.view.cursorRevision;
    this.#drawnMs = frame.nowMs;
    this.#lines = this.#options.lines(frame);
    this.#chart.draw({
      nowMs: frame.nowMs,
      windowMs: frame.view.windowMs,
      cursorMs: frame.view.cursorMs,
      lines: this.#lines.flatMap(({ cell, color }) => {
        if (cell.history === undefined) return [];
        const gapMs = (cell.oldestSource(frame.nowMs)?.staleAfterMs ?? 0) * 1.5;
        return [{ history: cell.history, color, gapMs, untilMs: cell.newestMs }];
      }),
    });
  }

  #write(frame: Frame): void {
    const { windowMs, cursorMs } = frame.view;
    setHidden(this.#empty, this.#lines.length > 0);
    if (this.#lines.length === 0) {
      setText(this.#empty, frame.view.filterText === '' ? this.#options.emptyText : 'Nothing matches the filter.');
    }
    this.#legend.show(
      this.#lines.map((line) => {
        const { key, label, color, cell } = line;
        const at = cursorMs ?? (frame.view.paused ? frame.nowMs : undefined);
        const value = at === undefined ? cell.value : (cell.history?.valueAt(at, windowMs, windowMs) ?? NaN);
        const stale = freshness([cell], frame.nowMs).state === 'stale';
        return { key, label, color, value: this.#options.formatValue(value, line), stale };
      }),
    );
  }
}
