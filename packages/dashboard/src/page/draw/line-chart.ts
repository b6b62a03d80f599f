import { type EndLabel, drawEndLabels, LEADER } from './end-labels.ts';
import { strokeHairline } from './hairline.ts';
import { isInDash } from './dashes.ts';
import type { Line, LineChartOptions, LineChartView } from './line-chart-view.ts';
import { AXIS_TEXT, GRID, ZERO_LINE } from './palette.ts';
import { type Extent, PixelColumns } from './pixel-columns.ts';
import { type Axis, linearAxis, logAxis, timeTicks } from './scale.ts';
import { Surface } from './surface.ts';

const FONT = 'px system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif';
const FONT_SIZE = 11;
const TOP = 8;
const BOTTOM = 20;
const RIGHT = 10;
const PIXELS_PER_TICK = 34;
const PIXELS_PER_TIME_TICK = 88;
/** Half the width of a time: none reaches beyond the plot, so that plot and times are moved as one rectangle. */
const HALF_LABEL = 24;
/** Names at the ends of lines take so much of the width at most; longer ones give way to numbers. */
const NAMES_SHARE = 0.2;

/**
 * Lines over time on a canvas. Its columns stand still in time: as time goes on, what is drawn is moved to the left by whole
 * pixels, and only the columns that are new or have changed are drawn. All is drawn anew when the axis, the window, the size
 * or the choice of lines changes; what is seen is the same either way.
 */
export class LineChart {
  readonly surface: Surface;
  readonly #options: LineChartOptions;
  readonly #columns: PixelColumns[] = [];
  readonly #extent: Extent = { min: Infinity, max: -Infinity };
  #axis: Axis = linearAxis(0, 1, 4);
  #labels: readonly string[] = [];
  /** What the canvas shows: histories and colours of its lines. */
  #shown: readonly Line[] = [];
  #windowMs = 0;
  #newest = -1;
  /** Times that are labelled, as first and last of them. */
  #timesShown = '';
  /** In device pixels: of a column, of where the plot begins, and of how many columns it has. */
  #step = 1;
  #left = 40;
  #count = 1;
  /** What stands at the ends of lines, its room in device pixels, and where it stands there now. */
  #names: readonly string[] = [];
  #namesWidth = 0;
  #namesShown = '';
  #numbered = false;

  constructor(canvas: HTMLCanvasElement, options: LineChartOptions) {
    this.surface = new Surface(canvas);
    this.#options = options;
  }

  /** Milliseconds of a column: until that much time passed, nothing moves. */
  msPerPixel(windowMs: number): number {
    return windowMs / this.#count;
  }

  /** The moment at a horizontal position within the canvas, `undefined` outside the plot. */
  timeAt(x: number): number | undefined {
    const column = (x * this.surface.ratio - this.#left) / this.#step;
    if (!(column >= 0 && column <= this.#count) || this.#newest < 0) return undefined;
    return (column + this.#newest - this.#count + 1) * (this.#windowMs / this.#count);
  }

  /** Horizontal position of a moment in CSS pixels, `undefined` outside the plot. */
  xAt(timeMs: number): number | undefined {
    const x = this.#x(timeMs);
    return x >= this.#left && x <= this.#right ? Math.round(x) / this.surface.ratio : undefined;
  }

  /** Whether lines have their numbers, from 1 in the order of the lines, at their ends instead of their names. */
  get numbered(): boolean {
    return this.#numbered;
  }

  /** Makes the next drawing start from nothing. */
  forget(): void {
    this.#newest = -1;
  }

  draw(view: LineChartView): void {
    const { context, width, height } = this.surface;
    if (width < 40 || height < 40) return;
    context.setTransform(1, 0, 0, 1, 0, 0);
    const before = this.#newest;
    const anew = this.#isAnew(view);
    if (anew) {
      this.#nameLines(view);
      this.#place(view, this.#left);
    }
    let from = this.#update(view);
    const axis = this.#axisOf();
    const redo = anew || axis.min !== this.#axis.min || axis.max !== this.#axis.max;
    if (redo) {
      this.#setAxis(axis);
      const left = this.#leftOf();
      if (left !== this.#left) {
        this.#place(view, left);
        this.#update(view);
      }
      from = this.#newest - this.#count + 1;
      this.#drawFrame();
    } else if (this.#newest > before) {
      this.#scroll(this.#newest - before);
      from = Math.min(from, before + 1);
    }
    this.#shown = view.lines;
    this.#drawLines(view, from, redo);
    this.#drawTimes(view);
    this.#drawNames(view);
  }

  /** Whether nothing of what is there can stay. */
  #isAnew({ lines, windowMs, nowMs }: LineChartView): boolean {
    const newest = Math.floor(nowMs / this.msPerPixel(windowMs));
    return (
      this.surface.takeCleared() ||
      this.#newest < 0 ||
      windowMs !== this.#windowMs ||
      newest < this.#newest ||
      newest - this.#newest >= this.#count ||
      lines.length !== this.#shown.length ||
      lines.some(({ history, color, dash, label }, index) => {
        const shown = this.#shown[index] as Line;
        return history !== shown.history || color !== shown.color || dash !== shown.dash || label !== shown.label;
      })
    );
  }

  /** Chooses what stands at the ends of lines: a single one needs no name. */
  #nameLines({ lines }: LineChartView): void {
    const { context, canvas, ratio } = this.surface;
    const labels = lines.flatMap(({ label }) => label ?? []);
    context.font = FONT_SIZE * ratio + FONT;
    const widest = (texts: readonly string[]): number =>
      Math.max(0, ...texts.map((text) => context.measureText(text).width));
    const named = lines.length > 1 && labels.length === lines.length;
    this.#numbered = named && widest(labels) > NAMES_SHARE * canvas.width;
    this.#names = !named ? [] : this.#numbered ? labels.map((_, index) => String(index + 1)) : labels;
    this.#namesWidth = named ? Math.ceil(widest(this.#names) + (LEADER + 2) * ratio) : 0;
  }

  /** Lays out the plot from `left` on and forgets what was reduced. */
  #place({ lines, windowMs }: LineChartView, left: number): void {
    const { canvas, ratio } = this.surface;
    this.#step = Math.max(1, Math.round(ratio));
    this.#left = left;
    const right = Math.max(RIGHT * ratio, this.#namesWidth);
    this.#count = Math.max(1, Math.floor((canvas.width - left - right) / this.#step));
    this.#windowMs = windowMs;
    lines.forEach((_, index) => {
      this.#columns[index] ??= new PixelColumns();
      this.#columns[index].reset(this.#count, windowMs / this.#count);
    });
  }

  /** Reduces what is new; the oldest column to draw. */
  #update({ lines, windowMs, nowMs }: LineChartView): number {
    const extent = this.#extent;
    extent.min = Infinity;
    extent.max = -Infinity;
    this.#newest = Math.floor(nowMs / (windowMs / this.#count));
    let from = Infinity;
    for (let index = 0; index < lines.length; index++) {
      const columns = this.#columns[index] as PixelColumns;
      const changed = columns.update((lines[index] as Line).history.ring(windowMs), nowMs);
      columns.widen(extent);
      if (changed === Infinity) continue;
      // The way into a changed column begins where the line was before.
      const before = columns.filledBefore(changed);
      from = Math.min(from, (before < 0 ? changed : before) - 1);
    }
    return Math.max(from, this.#newest - this.#count + 1);
  }

  #axisOf(): Axis {
    const { min, max } = this.#extent;
    const count = Math.max(2, Math.floor((this.surface.height - TOP - BOTTOM) / PIXELS_PER_TICK));
    if (this.#options.scale === 'log') return logAxis(min, max, count);
    return this.#options.includeZero === true
      ? linearAxis(Math.min(0, min), Math.max(0, max), count)
      : linearAxis(min, max, count);
  }

  #setAxis(axis: Axis): void {
    this.#axis = axis;
    // An axis of nothing has no numbers.
    const isEmpty = this.#extent.min > this.#extent.max;
    this.#labels = axis.ticks.map((tick) => (isEmpty ? '' : this.#options.formatTick(tick)));
  }

  #leftOf(): number {
    const { context, ratio } = this.surface;
    context.font = FONT_SIZE * ratio + FONT;
    const widest = Math.max(24 * ratio, ...this.#labels.map((label) => context.measureText(label).width));
    return Math.ceil(widest + 8 * ratio);
  }

  /** Right end of the plot. */
  get #right(): number {
    return this.#left + this.#count * this.#step;
  }

  /** Where the plot ends and the times begin. */
  get #bottom(): number {
    const { canvas, ratio } = this.surface;
    return canvas.height - Math.round((BOTTOM - 1) * ratio) + 1;
  }

  #x(timeMs: number): number {
    return this.#left + (timeMs / (this.#windowMs / this.#count) - this.#newest + this.#count - 1) * this.#step;
  }

  #xOf(column: number): number {
    return this.#left + (column - this.#newest + this.#count - 1) * this.#step;
  }

  #y(value: number): number {
    const { canvas, ratio } = this.surface;
    const { min, max } = this.#axis;
    const share =
      this.#options.scale === 'log'
        ? (Math.log10(Math.max(value, min)) - Math.log10(min)) / (Math.log10(max) - Math.log10(min))
        : (value - min) / (max - min);
    return TOP * ratio + (1 - share) * (canvas.height - (TOP + BOTTOM) * ratio);
  }

  /** Labels of the vertical axis on an empty canvas. */
  #drawFrame(): void {
    const { context, canvas, ratio } = this.surface;
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.font = FONT_SIZE * ratio + FONT;
    context.textBaseline = 'middle';
    context.textAlign = 'right';
    context.fillStyle = AXIS_TEXT;
    this.#axis.ticks.forEach((tick, index) => {
      context.fillText(this.#labels[index] as string, this.#left - 6 * ratio, Math.round(this.#y(tick)));
    });
    this.#timesShown = '';
    this.#namesShown = '';
  }

  /** Moves everything but the labels of the vertical axis and of lines to the left. */
  #scroll(columns: number): void {
    const { context, canvas } = this.surface;
    const by = columns * this.#step;
    const width = this.#right + 2 - this.#left;
    context.save();
    context.beginPath();
    // One rectangle: that needs no mask to copy through.
    context.rect(this.#left, 0, width, canvas.height);
    context.clip();
    context.globalCompositeOperation = 'copy';
    context.drawImage(canvas, this.#left + by, 0, width - by, canvas.height, this.#left, 0, width - by, canvas.height);
    context.restore();
  }

  #drawLines(view: LineChartView, from: number, anew: boolean): void {
    if (from > this.#newest) return;
    const { context } = this.surface;
    const left = this.#xOf(from);
    context.save();
    context.beginPath();
    context.rect(left, 0, this.#right + 2 - left, this.#bottom);
    context.clip();
    if (!anew) context.clearRect(left, 0, this.#right + 2 - left, this.#bottom);
    for (const tick of this.#axis.ticks) {
      context.fillStyle = tick === 0 && this.#axis.min < 0 ? ZERO_LINE : GRID;
      context.fillRect(left, Math.round(this.#y(tick)), this.#right - left, 1);
    }
    view.lines.forEach((line, index) => this.#drawLine(view, line, this.#columns[index] as PixelColumns, from));
    context.restore();
  }

  #drawLine(view: LineChartView, line: Line, columns: PixelColumns, from: number): void {
    const { context, ratio } = this.surface;
    const gapColumns = line.gapMs / this.msPerPixel(view.windowMs) + 1;
    const half = this.#step / 2;
    context.strokeStyle = line.color;
    strokeHairline(context, ratio, () => {
      let previous = columns.filledBefore(from);
      let x = this.#xOf(previous) + half;
      let y = previous < 0 ? 0 : this.#y(columns.lastOf(previous));
      if (previous >= 0) context.moveTo(x, y);
      for (let column = from; column <= this.#newest; column++) {
        const first = columns.firstOf(column);
        if (Number.isNaN(first)) continue;
        x = this.#xOf(column) + half;
        y = this.#y(first);
        if (previous < 0 || column - previous > gapColumns) context.moveTo(x, y);
        else this.#lineTo(line, previous, this.#y(columns.lastOf(previous)), column, y);
        const min = columns.minOf(column);
        const max = columns.maxOf(column);
        y = this.#y(columns.lastOf(column));
        if (min !== max) {
          context.lineTo(x, this.#y(min));
          context.lineTo(x, this.#y(max));
          context.lineTo(x, y);
        }
        previous = column;
      }
      if (previous < 0) return;
      const end = Math.max(x, this.#x(Math.min(view.nowMs, line.untilMs)));
      if (line.dash === undefined || line.dash.length === 0) context.lineTo(end, y);
      else this.#lineTo(line, previous, y, previous + Math.round((end - x) / this.#step), y);
    });
  }

  /**
   * Goes on from the middle of a column to that of a later one. Dashes are a matter of the column and not of the length of
   * what was drawn before, so that they move along with the line and are the same however much of it is drawn; what goes up
   * and down within a column is drawn whole, and no spike falls into a gap.
   */
  #lineTo({ dash = [] }: Line, from: number, fromY: number, to: number, toY: number): void {
    const { context } = this.surface;
    const half = this.#step / 2;
    let on = this.#isOn(dash, from);
    for (let column = from + 1; dash.length > 0 && column < to; column++) {
      if (this.#isOn(dash, column) === on) continue;
      const x = this.#xOf(column) + half;
      const y = fromY + ((toY - fromY) * (column - from)) / (to - from);
      if (on) context.lineTo(x, y);
      else context.moveTo(x, y);
      on = !on;
    }
    if (on) context.lineTo(this.#xOf(to) + half, toY);
    else context.moveTo(this.#xOf(to) + half, toY);
  }

  #isOn(dash: readonly number[], column: number): boolean {
    return isInDash(dash, column * (this.#step / this.surface.ratio));
  }

  /** Names at the ends of lines; written when one has moved. */
  #drawNames({ lines }: LineChartView): void {
    if (this.#names.length === 0) return;
    const { context, canvas, ratio } = this.surface;
    const labels = lines.flatMap(({ color }, index): EndLabel[] => {
      const columns = this.#columns[index] as PixelColumns;
      const last = columns.filledBefore(this.#newest + 1);
      if (last < 0) return [];
      return [{ text: this.#names[index] as string, color, y: Math.round(this.#y(columns.lastOf(last))) }];
    });
    const shown = labels.map(({ text, y }) => `${text} ${y}`).join('\u0000');
    if (shown === this.#namesShown) return;
    this.#namesShown = shown;
    const x = this.#right + 2;
    context.clearRect(x, 0, canvas.width - x, this.#bottom);
    context.font = FONT_SIZE * ratio + FONT;
    const space = { x, top: (TOP - 2) * ratio, bottom: this.#bottom - 5 * ratio, gap: 12 * ratio };
    drawEndLabels(context, labels, space, ratio);
  }

  /** Times move along with the lines; they are drawn when one comes or goes. */
  #drawTimes({ nowMs, windowMs }: LineChartView): void {
    const { context, canvas, ratio } = this.surface;
    const count = Math.max(2, Math.floor((this.#count * this.#step) / (PIXELS_PER_TIME_TICK * ratio)));
    const least = this.#left + HALF_LABEL * ratio;
    const most = this.#right - HALF_LABEL * ratio;
    const ticks = timeTicks(nowMs - windowMs, nowMs, count);
    const labelled = ticks.filter((at) => this.#x(at) >= least && this.#x(at) <= most);
    const shown = `${ticks[0]} ${ticks.at(-1)} ${labelled[0]} ${labelled.at(-1)}`;
    if (shown === this.#timesShown) return;
    this.#timesShown = shown;
    const top = this.#bottom;
    context.clearRect(this.#left, top, canvas.width - this.#left, canvas.height - top);
    context.font = FONT_SIZE * ratio + FONT;
    context.textAlign = 'center';
    context.textBaseline = 'alphabetic';
    context.fillStyle = GRID;
    for (const at of ticks) context.fillRect(Math.round(this.#x(at)), top, 1, Math.round(3 * ratio));
    context.fillStyle = AXIS_TEXT;
    for (const at of labelled) {
      context.fillText(this.#options.formatTime(at), Math.round(this.#x(at)), canvas.height - 4 * ratio);
    }
  }
}
