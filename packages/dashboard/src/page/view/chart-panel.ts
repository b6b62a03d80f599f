import { LineChart } from '../draw/line-chart.ts';
import type { LineChartOptions } from '../draw/line-chart-view.ts';
import { type Look, LookBook } from '../draw/looks.ts';
import type { Cell } from '../store/measure.ts';
import { el, setHidden, setText } from './dom.ts';
import { freshness } from './freshness.ts';
import { Legend } from './legend.ts';
import { type Frame, type Panel, panelShell, type PanelShell, TABLE_INTERVAL_MS, TextClock } from './panel.ts';
import { isSlowDevice } from './pace.ts';
import type { ViewState } from './view-state.ts';

/**
 * Between two drawings at least half the time of a pixel column, within these bounds: the newest column is drawn twice at
 * least, and a chart whose columns take longer shows no more by being drawn more often.
 */
const DRAW_EVERY_MS_MIN = 50;
const DRAW_EVERY_MS_MAX = 100;
/**
 * On a phone, where the pixels of a drawing cost more than all else of a frame: once per column of a minute's window, so that
 * every drawing brings a column and none only the half of one.
 */
const DRAW_EVERY_MS_SLOW = 200;
/** Steps of the beginnings of the charts' intervals: a frame draws a third of them, at 60 frames a second. */
const PHASE_MS = 17;

const SOLID: Look['dash'] = [];

let charts = 0;

/** A cell with a history as a line of a chart. */
export interface ChartLine {
  readonly key: string;
  readonly label: string;
  /** Where the colour means something; other lines get a look that no other line of the chart has. */
  readonly color?: string;
  readonly cell: Cell;
}

interface DrawnLine extends ChartLine {
  readonly look: Look;
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
  /** An element, and no part of the drawing, so that nothing is drawn as it moves. */
  readonly #cursor: HTMLElement = el('i', { class: 'cursor' });
  readonly #phaseMs: number = PHASE_MS * charts++;
  readonly #isSlow: boolean = isSlowDevice();
  readonly #textClock: TextClock = new TextClock(TABLE_INTERVAL_MS);
  readonly #looks: LookBook = new LookBook();
  readonly #rest: HTMLElement = el('p', { class: 'rest' });
  #lines: readonly DrawnLine[] = [];
  #leftOut = 0;
  #drawnVersion = -1;
  #drawnRevision = -1;
  #drawnMs = 0;
  #pointed = -1;

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
    this.shell.body.append(
      el('div', { class: 'plot' }, canvas, this.#cursor, this.#empty),
      this.#legend.element,
      this.#rest,
    );
    setHidden(this.#rest, true);
    canvas.addEventListener('pointermove', (event) => {
      view.cursorMs = this.#chart.timeAt(event.offsetX);
    });
    canvas.addEventListener('pointerleave', () => {
      view.cursorMs = undefined;
    });
  }

  frame(frame: Frame): void {
    const resized = this.#chart.surface.fit();
    const revised = resized || frame.view.revision !== this.#drawnRevision;
    const pointed = frame.view.cursorRevision !== this.#pointed;
    const draws = revised || this.#isDue(frame);
    if (draws) this.#draw(frame);
    if (draws || pointed) this.#point(frame);
    if (resized || pointed || this.#textClock.due(frame)) this.#write(frame);
    this.#pointed = frame.view.cursorRevision;
  }

  #isDue({ nowMs, version, view }: Frame): boolean {
    const columnMs = this.#chart.msPerPixel(view.windowMs);
    const everyMs = this.#isSlow
      ? DRAW_EVERY_MS_SLOW
      : Math.min(DRAW_EVERY_MS_MAX, Math.max(DRAW_EVERY_MS_MIN, columnMs / 2));
    const slotOf = (timeMs: number): number => Math.floor((timeMs + this.#phaseMs) / everyMs);
    if (slotOf(nowMs) === slotOf(this.#drawnMs)) return false;
    return version !== this.#drawnVersion || Math.abs(nowMs - this.#drawnMs) >= columnMs;
  }

  #draw(frame: Frame): void {
    this.#drawnVersion = frame.version;
    this.#drawnRevision = frame.view.revision;
    this.#drawnMs = frame.nowMs;
    this.#lines = this.#lookedUp(this.#options.lines(frame));
    this.#chart.draw({
      nowMs: frame.nowMs,
      windowMs: frame.view.windowMs,
      lines: this.#lines.flatMap(({ cell, label, look }) => {
        if (cell.history === undefined) return [];
        const gapMs = (cell.oldestSource(frame.nowMs)?.staleAfterMs ?? 0) * 1.5;
        return [{ history: cell.history, ...look, label, gapMs, untilMs: cell.newestMs }];
      }),
    });
  }

  #lookedUp(lines: readonly ChartLine[]): readonly DrawnLine[] {
    const looks = this.#looks.of(lines.flatMap(({ key, color }) => (color === undefined ? [key] : [])));
    const drawn = lines.flatMap((line): DrawnLine[] => {
      const look = line.color === undefined ? looks.get(line.key) : { color: line.color, dash: SOLID };
      return look === undefined ? [] : [{ ...line, look }];
    });
    this.#leftOut = lines.length - drawn.length;
    return drawn;
  }

  #point({ view: { cursorMs } }: Frame): void {
    const x = cursorMs === undefined ? undefined : this.#chart.xAt(cursorMs);
    setHidden(this.#cursor, x === undefined);
    if (x !== undefined) this.#cursor.style.transform = `translateX(${x}px)`;
  }

  #write(frame: Frame): void {
    const { windowMs, cursorMs } = frame.view;
    setHidden(this.#empty, this.#lines.length > 0);
    if (this.#lines.length === 0) {
      setText(this.#empty, frame.view.filterText === '' ? this.#options.emptyText : 'Nothing matches the filter.');
    }
    setHidden(this.#rest, this.#leftOut === 0);
    setText(this.#rest, `${this.#leftOut} more not drawn; the filter chooses`);
    this.#legend.show(
      this.#lines.map((line, index) => {
        const { key, label, look, cell } = line;
        const mark = this.#chart.numbered ? { mark: String(index + 1) } : {};
        const at = cursorMs ?? (frame.view.paused ? frame.nowMs : undefined);
        const value = at === undefined ? cell.value : (cell.history?.valueAt(at, windowMs, windowMs) ?? NaN);
        const stale = freshness([cell], frame.nowMs).state === 'stale';
        return { key, label, ...look, ...mark, value: this.#options.formatValue(value, line), stale };
      }),
    );
  }
}
