import { CurveChart, type CurveChartOptions, type CurveView } from '../draw/curve-chart.ts';
import { el, setHidden, setText } from './dom.ts';
import { Legend, type LegendEntry } from './legend.ts';
import { type Frame, type OptionalPanel, panelShell, type PanelShell, TABLE_INTERVAL_MS, TextClock } from './panel.ts';

/** What a curve panel shows. */
export interface CurvePanelOptions extends CurveChartOptions {
  readonly id: string;
  readonly title: string;
  readonly note: string;
  readonly emptyText: string;
  /** Whether the desk has this at all. */
  readonly present: () => boolean;
  /** Curves, their legend, and how many more there are that cannot be told apart and are not drawn. */
  readonly view: (frame: Frame) => CurveView & { readonly legend: readonly LegendEntry[]; readonly leftOut?: number };
}

/** Curves with their values as text. */
export class CurvePanel implements OptionalPanel {
  readonly title: string;
  readonly element: HTMLElement;
  readonly shell: PanelShell;
  readonly #options: CurvePanelOptions;
  readonly #chart: CurveChart;
  readonly #legend: Legend;
  readonly #empty: HTMLElement;
  readonly #rest: HTMLElement = el('p', { class: 'rest' });
  readonly #textClock: TextClock = new TextClock(TABLE_INTERVAL_MS);

  constructor(options: CurvePanelOptions) {
    this.#options = options;
    this.title = options.title;
    this.shell = panelShell(options.id, options.title, options.note);
    this.element = this.shell.element;
    const canvas = el('canvas', {
      attributes: { role: 'img', 'aria-label': `${options.title}: chart, values follow` },
    });
    this.#chart = new CurveChart(canvas, options);
    this.#legend = new Legend(`${options.title}: current values`);
    this.#empty = el('p', { class: 'empty', text: options.emptyText });
    this.shell.body.append(el('div', { class: 'plot' }, canvas, this.#empty), this.#legend.element, this.#rest);
  }

  missing(): string | undefined {
    return this.#options.present() ? undefined : this.#options.emptyText;
  }

  frame(frame: Frame): void {
    const resized = this.#chart.surface.fit();
    if (!this.#textClock.due(frame) && !resized) return;
    const { legend, leftOut = 0, ...view } = this.#options.view(frame);
    this.#chart.draw(view);
    this.#legend.show(legend);
    setHidden(this.#rest, leftOut === 0);
    setText(this.#rest, `${leftOut} more not drawn; the filter chooses`);
    setHidden(this.#empty, legend.length > 0);
    if (legend.length === 0) {
      setText(this.#empty, frame.view.filterText === '' ? this.#options.emptyText : 'Nothing matches the filter.');
    }
  }
}
