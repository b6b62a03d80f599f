import uPlot from 'uplot';
import { LOOKS, type Look } from '../draw/looks.ts';
import { AXIS_TEXT, GRID } from '../draw/palette.ts';
import type { HistoryLines } from './history-lines.ts';
import { bindGestures } from './plot-gestures.ts';
import type { TimeRange } from './time-range.ts';

const FONT = '11px system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif';
const HEIGHT = 230;
/** Half-transparent, so that bands over one another stay apart. */
const BAND_ALPHA = '33';

/** What the plot tells and asks. */
export interface HistoryPlotInputs {
  readonly formatTick: (value: number) => string;
  /** The reader chose another span. */
  readonly onRange: (range: TimeRange) => void;
  /** The step under the pointer, `undefined` outside. */
  readonly onPoint: (step: number | undefined) => void;
  readonly nowMs: () => number;
}

/** A zoomable chart of lines with bands: uPlot with our colours, UTC, and gestures for touch, wheel and keys. */
export class HistoryPlot {
  readonly #inputs: HistoryPlotInputs;
  readonly #target: HTMLElement;
  readonly #unbind: () => void;
  #plot: uPlot | undefined;
  #keys = '';
  #range: TimeRange = { fromMs: 0, toMs: 1 };
  /** A scale that we set ourselves is no choice of the reader's. */
  #own = false;

  constructor(target: HTMLElement, inputs: HistoryPlotInputs) {
    this.#target = target;
    this.#inputs = inputs;
    this.#unbind = bindGestures(target, {
      range: () => this.#range,
      timeAt: (clientX) => this.#timeAt(clientX),
      nowMs: inputs.nowMs,
      choose: (range) => {
        this.setRange(range);
        inputs.onRange(range);
      },
    });
    new ResizeObserver(() => {
      if (target.clientWidth > 0) this.#plot?.setSize({ width: target.clientWidth, height: HEIGHT });
    }).observe(target);
  }

  /** Draws lines; the span in view stays. */
  show(lines: HistoryLines): void {
    const data = alignedData(lines);
    const keys = lines.lines.map(({ key, low }) => `${key} ${low !== undefined}`).join('\u0000');
    if (this.#plot === undefined || keys !== this.#keys) {
      this.#keys = keys;
      this.#plot?.destroy();
      this.#plot = new uPlot(this.#options(lines), data, this.#target);
    } else {
      this.#plot.setData(data, false);
    }
    this.setRange(this.#range);
  }

  /** Shows this span of what is known, without asking for more. */
  setRange(range: TimeRange): void {
    this.#range = range;
    this.#own = true;
    this.#plot?.batch(() => this.#plot?.setScale('x', { min: range.fromMs, max: range.toMs }));
    this.#own = false;
  }

  destroy(): void {
    this.#unbind();
    this.#plot?.destroy();
    this.#plot = undefined;
  }

  #timeAt(clientX: number): number {
    const { fromMs, toMs } = this.#range;
    const box = this.#plot?.over.getBoundingClientRect();
    if (box === undefined || box.width === 0) return (fromMs + toMs) / 2;
    return fromMs + ((clientX - box.left) / box.width) * (toMs - fromMs);
  }

  #options({ lines }: HistoryLines): uPlot.Options {
    const series: uPlot.Series[] = [{}];
    const bands: uPlot.Band[] = [];
    lines.forEach((line, index) => {
      const stroke = (LOOKS[index] as Look).color;
      series.push({ stroke, width: 1.4, points: { size: 4, fill: stroke } });
      if (line.low === undefined) return;
      // Edges of the band: not drawn themselves, but they count for the axis.
      series.push({ stroke: 'transparent', width: 0, points: { show: false } });
      series.push({ stroke: 'transparent', width: 0, points: { show: false } });
      bands.push({ series: [series.length - 1, series.length - 2], fill: `${stroke}${BAND_ALPHA}` });
    });
    const axis: uPlot.Axis = {
      font: FONT,
      stroke: AXIS_TEXT,
      grid: { stroke: GRID, width: 1 },
      ticks: { stroke: GRID, width: 1, size: 4 },
    };
    return {
      width: Math.max(120, this.#target.clientWidth),
      height: HEIGHT,
      ms: 1,
      tzDate: (timeMs) => uPlot.tzDate(new Date(timeMs), 'Etc/UTC'),
      padding: [8, 8, 0, 0],
      series,
      bands,
      scales: { x: { time: true, auto: false, range: () => [this.#range.fromMs, this.#range.toMs] } },
      axes: [
        { ...axis, space: 70, size: 30, values: timeLabels },
        {
          ...axis,
          size: 64,
          values: (_plot, ticks) => ticks.map((tick) => (tick === null ? '' : this.#inputs.formatTick(tick))),
        },
      ],
      legend: { show: false },
      cursor: {
        y: false,
        drag: { x: true, y: false, setScale: false },
        points: { size: 6 },
      },
      select: { show: true, left: 0, top: 0, width: 0, height: 0 },
      hooks: {
        setSelect: [(plot) => this.#onSelect(plot)],
        setCursor: [({ cursor }) => this.#inputs.onPoint(cursor.idx ?? undefined)],
      },
    };
  }

  #onSelect(plot: uPlot): void {
    const { left, width } = plot.select;
    if (this.#own || width < 4) return;
    const range = { fromMs: plot.posToVal(left, 'x'), toMs: plot.posToVal(left + width, 'x') };
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    this.#inputs.onRange(range);
  }
}

function alignedData({ timeMs, lines }: HistoryLines): uPlot.AlignedData {
  const rows = lines.flatMap(({ value, low, high }) =>
    low === undefined || high === undefined ? [value] : [value, low, high],
  );
  return [[...timeMs], ...rows];
}

/** `14:30` within a day, `26 Nov` where a tick is a day: UTC, as everywhere on the page. */
function timeLabels(_plot: uPlot, ticks: number[], _axis: number, _space: number, incrementMs: number): string[] {
  return ticks.map((tick) => {
    const text = new Date(tick).toISOString();
    const midnight = tick % 86_400_000 === 0;
    if (incrementMs >= 86_400_000 || midnight)
      return `${Number(text.slice(8, 10))} ${MONTHS[Number(text.slice(5, 7)) - 1]}`;
    return text.slice(11, 16);
  });
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
