import { drawEndLabels, type EndLabel, LEADER } from './end-labels.ts';
import { strokeHairline } from './hairline.ts';
import { AXIS_TEXT, GRID, ZERO_LINE } from './palette.ts';
import { type Axis, linearAxis, logAxis } from './scale.ts';
import { Surface } from './surface.ts';

const FONT = '11px system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif';
const TOP = 10;
const BOTTOM = 20;
const RIGHT = 18;
const PIXELS_PER_TICK = 34;

/** A point of a curve; `x` is the place from left (0) to right (1). */
export interface CurvePoint {
  readonly x: number;
  readonly y: number;
  /** Half the length of its error bar. */
  readonly error?: number;
}

/** A curve of a chart. */
export interface Curve {
  readonly color: string;
  /** Ordered by `x`; points that are not finite are left out. */
  readonly points: readonly CurvePoint[];
  /** As in a look; solid if there is none. */
  readonly dash?: readonly number[];
  /** Points are marked, with their errors (default). */
  readonly marked?: boolean;
  /** What stands at its end. */
  readonly label?: string;
}

/** What to draw. */
export interface CurveView {
  readonly curves: readonly Curve[];
  /** Labelled places of the horizontal axis. */
  readonly ticks: readonly { readonly x: number; readonly label: string }[];
  /** Values with a line across. */
  readonly levels: readonly { readonly y: number; readonly label: string; readonly color: string }[];
}

/** How a curve chart looks at its values. */
export interface CurveChartOptions {
  readonly scale: 'linear' | 'log';
  readonly formatTick: (value: number) => string;
}

/** Curves over anything but time: a markout over its horizon, a latency over its percentile. */
export class CurveChart {
  readonly surface: Surface;
  readonly #options: CurveChartOptions;
  #axis: Axis = linearAxis(0, 1, 4);
  #left = 40;
  #right = RIGHT;

  constructor(canvas: HTMLCanvasElement, options: CurveChartOptions) {
    this.surface = new Surface(canvas);
    this.#options = options;
  }

  draw(view: CurveView): void {
    const { context, width, height, ratio } = this.surface;
    if (width < 40 || height < 40) return;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    context.font = FONT;
    this.#measure(view);
    this.#drawGrid(view);
    for (const { y, label, color } of view.levels) this.#drawLevel(y, label, color);
    for (const curve of view.curves) this.#drawCurve(curve);
    this.#drawLabels(view.curves);
  }

  #measure({ curves, levels }: CurveView): void {
    let min = this.#options.scale === 'linear' ? 0 : Infinity;
    let max = this.#options.scale === 'linear' ? 0 : -Infinity;
    const see = (value: number): void => {
      if (!Number.isFinite(value) || (this.#options.scale === 'log' && value <= 0)) return;
      min = Math.min(min, value);
      max = Math.max(max, value);
    };
    for (const { points } of curves) {
      for (const { y, error = 0 } of points) {
        // A point whose error is not known yet is in view all the same.
        const reach = error > 0 ? error : 0;
        see(y - reach);
        see(y + reach);
      }
    }
    for (const { y } of levels) see(y);
    const count = Math.max(2, Math.floor((this.surface.height - TOP - BOTTOM) / PIXELS_PER_TICK));
    this.#axis = this.#options.scale === 'log' ? logAxis(min, max, count) : linearAxis(min, max, count);
  }

  #x(share: number): number {
    return this.#left + share * (this.surface.width - this.#left - this.#right);
  }

  #y(value: number): number {
    const { min, max } = this.#axis;
    const share =
      this.#options.scale === 'log'
        ? (Math.log10(Math.max(value, min)) - Math.log10(min)) / (Math.log10(max) - Math.log10(min))
        : (value - min) / (max - min);
    return TOP + (1 - share) * (this.surface.height - TOP - BOTTOM);
  }

  #drawGrid({ ticks, curves }: CurveView): void {
    const { context, width, height, ratio } = this.surface;
    const labels = this.#axis.ticks.map(this.#options.formatTick);
    this.#left = Math.ceil(Math.max(24, ...labels.map((label) => context.measureText(label).width))) + 8;
    const widest = Math.max(
      0,
      ...curves.map(({ label }) => (label === undefined ? 0 : context.measureText(label).width)),
    );
    this.#right = Math.max(RIGHT, widest === 0 ? 0 : widest + LEADER + 4);
    context.textBaseline = 'middle';
    context.textAlign = 'right';
    this.#axis.ticks.forEach((tick, index) => {
      const y = Math.round(this.#y(tick) * ratio) / ratio;
      context.fillStyle = tick === 0 ? ZERO_LINE : GRID;
      context.fillRect(this.#left, y, width - this.#left - this.#right, 1 / ratio);
      context.fillStyle = AXIS_TEXT;
      context.fillText(labels[index] as string, this.#left - 6, y);
    });
    context.textAlign = 'center';
    context.textBaseline = 'alphabetic';
    let free = -Infinity;
    for (const { x, label } of ticks) {
      const at = this.#x(x);
      const half = context.measureText(label).width / 2;
      context.fillStyle = GRID;
      context.fillRect(Math.round(at * ratio) / ratio, height - BOTTOM, 1 / ratio, 4);
      if (at - half < free) continue;
      free = at + half + 6;
      context.fillStyle = AXIS_TEXT;
      context.fillText(label, Math.min(at, width - half - 2), height - 5);
    }
  }

  #drawLevel(value: number, label: string, color: string): void {
    const { context, width, ratio } = this.surface;
    const y = Math.round(this.#y(value) * ratio) / ratio;
    context.fillStyle = color;
    context.fillRect(this.#left, y, width - this.#left - this.#right, 1 / ratio);
    context.textAlign = 'left';
    context.textBaseline = 'bottom';
    context.fillText(label, this.#left + 4, y - 1);
  }

  #known(points: readonly CurvePoint[]): readonly CurvePoint[] {
    return points.filter(({ y }) => Number.isFinite(y) && (this.#options.scale === 'linear' || y > 0));
  }

  #drawLabels(curves: readonly Curve[]): void {
    const { context, width, height } = this.surface;
    const labels = curves.flatMap(({ color, label, points }): EndLabel[] => {
      const last = this.#known(points).at(-1);
      return last === undefined || label === undefined ? [] : [{ text: label, color, y: this.#y(last.y) }];
    });
    if (labels.length === 0) return;
    drawEndLabels(context, labels, { x: width - this.#right, top: TOP - 4, bottom: height - BOTTOM, gap: 12 });
  }

  #drawCurve({ color, points, dash = [], marked = true }: Curve): void {
    const { context, ratio } = this.surface;
    const known = this.#known(points);
    context.strokeStyle = color;
    context.fillStyle = color;
    context.setLineDash(dash.map((length) => length * ratio));
    context.setTransform(1, 0, 0, 1, 0, 0);
    strokeHairline(context, ratio, () => {
      for (const { x, y } of known) context.lineTo(this.#x(x) * ratio, this.#y(y) * ratio);
    });
    context.setLineDash([]);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    if (!marked) return;
    for (const { x, y, error } of known) {
      const [middle, level] = [this.#x(x), this.#y(y)];
      context.fillRect(middle - 2, level - 2, 4, 4);
      if (error === undefined || !(error > 0)) continue;
      const top = this.#y(y + error);
      context.fillRect(middle - 0.5, top, 1, this.#y(y - error) - top);
    }
  }
}
