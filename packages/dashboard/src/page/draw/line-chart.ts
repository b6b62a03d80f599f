import type { History } from '../store/history.ts';
import { type Columns, createColumns, decimate, type Extent } from './decimate.ts';
import { AXIS_TEXT, CURSOR, GRID, ZERO_LINE } from './palette.ts';
import { type Axis, linearAxis, logAxis, timeTicks } from './scale.ts';
import { Surface } from './surface.ts';

const FONT = '11px system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif';
const TOP = 8;
const BOTTOM = 20;
const RIGHT = 10;
const PIXELS_PER_TICK = 34;
const PIXELS_PER_TIME_TICK = 88;

/** One line of a chart. */
export interface Line {
  readonly history: History;
  readonly color: string;
  /** Time between values beyond which the line breaks, in milliseconds. */
  readonly gapMs: number;
  /** Time up to which the source has spoken: an unchanged value continues to here. */
  readonly untilMs: number;
}

/** What to draw. */
export interface LineChartView {
  readonly lines: readonly Line[];
  readonly nowMs: number;
  readonly windowMs: number;
  /** Moment under the pointer, shared by all charts. */
  readonly cursorMs: number | undefined;
}

/** How a chart looks at its values. */
export interface LineChartOptions {
  readonly scale: 'linear' | 'log';
  /** Keep zero in view: for amounts and rates, where the distance to zero is the message. */
  readonly includeZero?: boolean;
  readonly formatTick: (value: number) => string;
  /** Formats a clock time on the time axis. */
  readonly formatTime: (timeMs: number) => string;
}

/** Lines over time on a canvas: one minimum/maximum pair per pixel column, one path per line. */
export class LineChart {
  readonly surface: Surface;
  readonly #options: LineChartOptions;
  readonly #columns: Columns[] = [];
  readonly #extent: Extent = { min: Infinity, max: -Infinity };
  #axis: Axis = linearAxis(0, 1, 4);
  #left = 40;
  #plotWidth = 1;

  constructor(canvas: HTMLCanvasElement, options: LineChartOptions) {
    this.surface = new Surface(canvas);
    this.#options = options;
  }

  /** Milliseconds one device pixel stands for: until that much time passed, nothing would move. */
  msPerPixel(windowMs: number): number {
    return windowMs / Math.max(1, this.#plotWidth * this.surface.ratio);
  }

  /** The moment at a horizontal position within the canvas, `undefined` outside the plot. */
  timeAt(x: number, nowMs: number, windowMs: number): number | undefined {
    const share = (x - this.#left) / this.#plotWidth;
    return share >= 0 && share <= 1 ? nowMs - windowMs * (1 - share) : undefined;
  }

  draw(view: LineChartView): void {
    const { context, width, height, ratio } = this.surface;
    if (width < 40 || height < 40) return;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    context.font = FONT;
    this.#measure(view);
    const labels = this.#axis.ticks.map(this.#options.formatTick);
    this.#left = Math.ceil(Math.max(24, ...labels.map((label) => context.measureText(label).width))) + 8;
    this.#plotWidth = Math.max(1, width - this.#left - RIGHT);
    this.#drawGrid(view, labels);
    context.save();
    context.beginPath();
    context.rect(this.#left, TOP - 4, this.#plotWidth + 2, height - BOTTOM - TOP + 8);
    context.clip();
    view.lines.forEach((line, index) => this.#drawLine(view, line, this.#columns[index] as Columns));
    context.restore();
    if (view.cursorMs !== undefined) this.#drawCursor(view, view.cursorMs);
  }

  #measure(view: LineChartView): void {
    const { width, height, ratio } = this.surface;
    const extent = this.#extent;
    extent.min = Infinity;
    extent.max = -Infinity;
    const columns = Math.max(1, Math.round((width - this.#left - RIGHT) * Math.min(ratio, 1)));
    view.lines.forEach((line, index) => {
      this.#columns[index] ??= createColumns(columns);
      const into = this.#columns[index];
      decimate(line.history.ring(view.windowMs), view.nowMs - view.windowMs, view.nowMs, columns, into, extent);
    });
    const count = Math.max(2, Math.floor((height - TOP - BOTTOM) / PIXELS_PER_TICK));
    if (this.#options.scale === 'log') {
      this.#axis = logAxis(extent.min, extent.max, count);
    } else {
      const min = this.#options.includeZero === true ? Math.min(0, extent.min) : extent.min;
      const max = this.#options.includeZero === true ? Math.max(0, extent.max) : extent.max;
      this.#axis = linearAxis(min, max, count);
    }
  }

  #y(value: number): number {
    const { min, max } = this.#axis;
    const share =
      this.#options.scale === 'log'
        ? (Math.log10(Math.max(value, min)) - Math.log10(min)) / (Math.log10(max) - Math.log10(min))
        : (value - min) / (max - min);
    return TOP + (1 - share) * (this.surface.height - TOP - BOTTOM);
  }

  #drawGrid(view: LineChartView, labels: readonly string[]): void {
    const { context, height, ratio } = this.surface;
    const right = this.#left + this.#plotWidth;
    const hairline = 1 / ratio;
    context.textBaseline = 'middle';
    context.textAlign = 'right';
    this.#axis.ticks.forEach((tick, index) => {
      const y = Math.round(this.#y(tick) * ratio) / ratio;
      context.fillStyle = tick === 0 && this.#axis.min < 0 ? ZERO_LINE : GRID;
      context.fillRect(this.#left, y, right - this.#left, hairline);
      context.fillStyle = AXIS_TEXT;
      context.fillText(labels[index] as string, this.#left - 6, y);
    });
    context.textAlign = 'center';
    context.textBaseline = 'alphabetic';
    const count = Math.max(2, Math.floor(this.#plotWidth / PIXELS_PER_TIME_TICK));
    for (const at of timeTicks(view.nowMs - view.windowMs, view.nowMs, count)) {
      const x = this.#x(view, at);
      context.fillStyle = GRID;
      context.fillRect(Math.round(x * ratio) / ratio, height - BOTTOM, hairline, 4);
      if (x < this.#left + 22 || x > right - 16) continue;
      context.fillStyle = AXIS_TEXT;
      context.fillText(this.#options.formatTime(at), x, height - 4);
    }
  }

  #x(view: LineChartView, timeMs: number): number {
    return this.#left + ((timeMs - view.nowMs + view.windowMs) / view.windowMs) * this.#plotWidth;
  }

  #drawLine(view: LineChartView, line: Line, columns: Columns): void {
    const { context } = this.surface;
    const perColumn = this.#plotWidth / columns.count;
    const gapColumns = (line.gapMs / view.windowMs) * columns.count + 1;
    context.strokeStyle = line.color;
    context.lineWidth = 1.4;
    context.lineJoin = 'round';
    context.beginPath();
    let previous = -Infinity;
    let lastY = 0;
    for (let column = 0; column < columns.count; column++) {
      const first = columns.first[column] as number;
      if (Number.isNaN(first)) continue;
      const x = this.#left + (column + 0.5) * perColumn;
      const y = this.#y(first);
      if (column - previous > gapColumns) context.moveTo(x, y);
      else context.lineTo(x, y);
      const min = columns.min[column] as number;
      const max = columns.max[column] as number;
      lastY = this.#y(columns.last[column] as number);
      if (min !== max) {
        context.lineTo(x, this.#y(min));
        context.lineTo(x, this.#y(max));
        context.lineTo(x, lastY);
      }
      previous = column;
    }
    if (previous >= 0)
      context.lineTo(
        Math.max(this.#left + (previous + 0.5) * perColumn, this.#x(view, Math.min(view.nowMs, line.untilMs))),
        lastY,
      );
    context.stroke();
  }

  #drawCursor(view: LineChartView, cursorMs: number): void {
    const { context, height, ratio } = this.surface;
    const x = Math.round(this.#x(view, cursorMs) * ratio) / ratio;
    if (x < this.#left || x > this.#left + this.#plotWidth) return;
    context.fillStyle = CURSOR;
    context.fillRect(x, TOP, 1 / ratio, height - TOP - BOTTOM);
  }
}
