import { formatAmount, formatDuration, formatNumber, formatPercent, formatTick, NO_DATA } from '../format.ts';
import { LOOKS, type Look } from '../draw/looks.ts';
import { type HistoryClient, HistoryProblem } from '../history/history-client.ts';
import { type HistoryLine, type HistoryLines, historyLines } from '../history/history-lines.ts';
import type { HistoryPlot } from '../history/history-plot.ts';
import { HistoryQuery } from '../history/history-query.ts';
import { firstChoice } from '../history/metric-choice.ts';
import { clampRange, SPANS, type TimeRange, zoomRange } from '../history/time-range.ts';
import type { Model } from '../model.ts';
import { el, setHidden, setText } from '../view/dom.ts';
import { Legend } from '../view/legend.ts';
import { type Frame, type OptionalPanel, panelShell, TABLE_INTERVAL_MS, TextClock } from '../view/panel.ts';
import type { ViewState } from '../view/view-state.ts';

const OFF = 'This bridge keeps no history; start it with `nanometer up --history DIR`.';

/** What the panel needs beside the measures. */
export interface HistoryInputs {
  readonly client: HistoryClient;
  readonly view: ViewState;
  readonly nowMs: () => number;
}

/** What metrics were, for a year back: one metric at a time, zoomed with mouse, fingers, wheel or keys. */
export class HistoryPanel implements OptionalPanel {
  readonly title = 'History';
  readonly element: HTMLElement;
  readonly #model: Model;
  readonly #inputs: HistoryInputs;
  readonly #note: HTMLElement;
  readonly #metric: HTMLSelectElement = el('select', { class: 'tool', attributes: { 'aria-label': 'Metric' } });
  readonly #spans: readonly HTMLButtonElement[];
  readonly #target: HTMLElement;
  readonly #legend: Legend = new Legend('History: values at the cursor, or the latest');
  readonly #problem: HTMLElement = el('p', { class: 'empty', attributes: { role: 'status' } });
  readonly #line: HTMLElement = el('p', { class: 'value-line', attributes: { 'aria-live': 'polite' } });
  readonly #textClock: TextClock = new TextClock(TABLE_INTERVAL_MS);
  readonly #query: HistoryQuery;
  #plot: HistoryPlot | 'loading' | undefined;
  #names: readonly string[] = [];
  #namesAsked = false;
  #range: TimeRange | undefined;
  #lines: HistoryLines | undefined;
  #point: number | undefined;
  #filter = '';

  constructor(model: Model, inputs: HistoryInputs) {
    this.#model = model;
    this.#inputs = inputs;
    const shell = panelShell('history', this.title, '');
    this.element = shell.element;
    this.#note = shell.note;
    this.#query = new HistoryQuery(inputs.client, {
      onAnswer: () => this.#redraw(),
      onProblem: (text) => this.#say(text),
    });
    this.#metric.addEventListener('change', () => this.#ask());
    this.#spans = SPANS.map(([text, title, ms]) => {
      const button = el('button', { text, title, attributes: { type: 'button' } });
      button.addEventListener('click', () => this.#choose({ fromMs: inputs.nowMs() - ms, toMs: inputs.nowMs() }));
      return button;
    });
    const zoom = (text: string, title: string, factor: number): HTMLButtonElement => {
      const button = el('button', { text, title, attributes: { type: 'button', 'aria-label': title } });
      button.addEventListener('click', () => {
        const range = this.#range;
        if (range === undefined) return;
        this.#choose(zoomRange(range, factor, (range.fromMs + range.toMs) / 2, inputs.nowMs()));
      });
      return button;
    };
    const group = (label: string, ...buttons: readonly HTMLElement[]): HTMLElement =>
      el('div', { class: 'choice', attributes: { role: 'group', 'aria-label': label } }, ...buttons);
    shell.controls.append(
      this.#metric,
      group('Span', ...this.#spans),
      group('Zoom', zoom('−', 'Show more time', 2), zoom('+', 'Show less time', 0.5)),
    );
    this.#target = el('div', {
      class: 'history-plot',
      attributes: {
        tabindex: '0',
        role: 'group',
        'aria-label': 'History chart; arrows move, plus and minus zoom, values follow',
      },
    });
    shell.body.append(this.#target, this.#problem, this.#legend.element, this.#line);
    setHidden(this.#problem, true);
    setHidden(this.#target, true);
  }

  missing(): string | undefined {
    // The bridge speaks of its history exactly when it has one: nobody needs to be asked.
    return Number.isNaN(this.#model.trust.historySeries.value()) ? OFF : undefined;
  }

  frame(frame: Frame): void {
    // A bridge without a history is not asked.
    if (this.missing() !== undefined || !this.#textClock.due(frame)) return;
    if (!this.#namesAsked) void this.#begin();
    if (frame.view.filterText !== this.#filter) {
      this.#filter = frame.view.filterText;
      this.#redraw();
    }
    this.#follow();
  }

  async #begin(): Promise<void> {
    this.#namesAsked = true;
    this.#say('Asking the bridge for its history …');
    try {
      this.#names = await this.#inputs.client.names();
    } catch (error) {
      this.#say(problemText(error));
      // Asked again when the reader chooses something, not on every frame.
      return;
    }
    if (this.#names.length === 0) {
      this.#say('Nothing is kept yet: the first minute is written when it is over.');
      this.#namesAsked = false;
      return;
    }
    const chosen = firstChoice(this.#names);
    this.#metric.replaceChildren(...this.#names.map((text) => el('option', { text, attributes: { value: text } })));
    this.#metric.value = chosen;
    const nowMs = this.#inputs.nowMs();
    this.#choose({ fromMs: nowMs - SPANS[0]![2], toMs: nowMs });
  }

  #choose(range: TimeRange): void {
    const nowMs = this.#inputs.nowMs();
    this.#range = clampRange(range, nowMs);
    if (typeof this.#plot === 'object') this.#plot.setRange(this.#range);
    const length = this.#range.toMs - this.#range.fromMs;
    SPANS.forEach(([, , ms], index) => {
      const pressed = Math.abs(length - ms) < 1000;
      this.#spans[index]!.setAttribute('aria-pressed', String(pressed));
    });
    this.#ask();
  }

  #ask(): void {
    if (this.#names.length === 0) {
      this.#namesAsked = false;
      return;
    }
    if (this.#range !== undefined) this.#query.ask(this.#metric.value, this.#range);
  }

  /** A span that ends now goes on to: the next step is fetched when it is over. */
  #follow(): void {
    const range = this.#range;
    const nowMs = this.#inputs.nowMs();
    const stepMs = this.#lines?.stepMs;
    if (range === undefined || stepMs === undefined || this.#inputs.view.paused) return;
    const behindMs = nowMs - range.toMs;
    if (behindMs < stepMs || behindMs > 3 * stepMs + 60_000) return;
    this.#choose({ fromMs: range.fromMs + behindMs, toMs: nowMs });
  }

  #redraw(): void {
    const { answer, name } = this.#query;
    if (answer === undefined) return;
    const lines = historyLines(answer, this.#inputs.nowMs(), (labels) => this.#inputs.view.shows([name, ...labels]));
    this.#lines = lines;
    this.#point = undefined;
    setHidden(this.#problem, lines.lines.length > 0);
    setHidden(this.#target, lines.lines.length === 0);
    if (lines.lines.length === 0) {
      const filtered = this.#inputs.view.filterText !== '' && answer.series.length > 0;
      this.#say(filtered ? 'Nothing matches the filter.' : `Nothing of ${name} is kept in this span.`);
    }
    const more = lines.leftOut > 0 ? `, ${lines.leftOut} more series not drawn` : '';
    setText(
      this.#note,
      `${lines.meaning}${lines.meaning === '' ? '' : ', '}steps of ${stepText(lines.stepMs)}, UTC${more}`,
    );
    this.#write();
    if (typeof this.#plot === 'object') this.#plot.show(lines);
    else if (this.#plot === undefined) void this.#load();
  }

  async #load(): Promise<void> {
    this.#plot = 'loading';
    try {
      const { HistoryPlot: Plot } = await import('../history/history-plot.ts');
      this.#plot = new Plot(this.#target, {
        formatTick: (value) => this.#format(value, true),
        onRange: (range) => this.#choose(range),
        onPoint: (step) => {
          this.#point = step;
          this.#write();
        },
        nowMs: this.#inputs.nowMs,
      });
      if (this.#range !== undefined) this.#plot.setRange(this.#range);
      if (this.#lines !== undefined) this.#plot.show(this.#lines);
    } catch {
      this.#plot = undefined;
      this.#say('The chart cannot be loaded: the bridge is away and this browser kept no copy. Values follow.');
    }
  }

  #say(text: string): void {
    setText(this.#problem, text);
    setHidden(this.#problem, false);
  }

  /** Values at the cursor, else the latest ones, and the whole span in a line for those who do not see the chart. */
  #write(): void {
    const lines = this.#lines;
    if (lines === undefined) return;
    this.#legend.show(
      lines.lines.map((line, index) => ({
        key: line.key,
        label: line.label,
        ...(LOOKS[index] as Look),
        value: this.#valueText(line, this.#point ?? latest(line)),
        stale: false,
      })),
    );
    const [fromMs, toMs] = [lines.timeMs[0], lines.timeMs.at(-1)];
    const at = this.#point === undefined ? undefined : lines.timeMs[this.#point];
    if (fromMs === undefined || toMs === undefined) setText(this.#line, '');
    else if (at !== undefined) setText(this.#line, `${dayAndTime(at)}, for ${stepText(lines.stepMs)}`);
    else
      setText(
        this.#line,
        `${dayAndTime(fromMs)} to ${dayAndTime(toMs + lines.stepMs)}: ${lines.lines.map((line) => this.#extentText(line)).join('; ')}`,
      );
  }

  #valueText({ value, low, high }: HistoryLine, step: number | undefined): string {
    if (step === undefined) return NO_DATA;
    const [shown, least, most] = [value, low, high].map((column) => column?.[step] ?? NaN) as [number, number, number];
    if (Number.isNaN(shown)) return NO_DATA;
    const band = Number.isNaN(least) || Number.isNaN(most) ? '' : ` (${this.#format(least)} … ${this.#format(most)})`;
    return `${this.#format(shown)}${band}`;
  }

  #extentText({ label, value, low, high }: HistoryLine): string {
    let least = Infinity;
    let most = -Infinity;
    for (const column of [value, low, high]) {
      for (const each of column ?? []) {
        if (each === null) continue;
        least = Math.min(least, each);
        most = Math.max(most, each);
      }
    }
    return least > most ? `${label}: no data` : `${label}: from ${this.#format(least)} to ${this.#format(most)}`;
  }

  #format(value: number, short: boolean = false): string {
    const unit = this.#lines?.unit ?? '';
    if (unit === 's') return formatDuration(value);
    if (this.#metric.value.endsWith('.ratio') || this.#metric.value.endsWith('utilization'))
      return formatPercent(value);
    if (short) return formatTick(value);
    // What is counted in capital letters is money.
    const isMoney = /^[A-Z]{3,6}$/.test(unit);
    const text = isMoney ? formatAmount(value, unit) : formatNumber(value, decimalsOf(value));
    return unit === '' ? text : `${text} ${unit}`;
  }
}

function decimalsOf(value: number): number {
  const magnitude = Math.abs(value);
  return Number.isInteger(value) ? 0 : magnitude >= 10 ? 2 : magnitude >= 0.01 ? 4 : 8;
}

function latest({ value }: HistoryLine): number | undefined {
  const step = value.findLastIndex((each) => each !== null);
  return step < 0 ? undefined : step;
}

function problemText(error: unknown): string {
  return error instanceof HistoryProblem ? error.message : String(error);
}

/** `26 Nov 14:30`. */
function dayAndTime(timeMs: number): string {
  const text = new Date(timeMs).toISOString();
  return `${text.slice(0, 10)} ${text.slice(11, 16)}`;
}

function stepText(stepMs: number): string {
  const minutes = Math.round(stepMs / 60_000);
  if (minutes < 60) return `${minutes} min`;
  return minutes % 1440 === 0 ? `${minutes / 1440} d` : `${minutes / 60} h`;
}
