import { formatClock, formatDuration, formatDurationTick } from '../format.ts';
import type { Model } from '../model.ts';
import type { Measure } from '../store/measure.ts';
import { type ChartLine, ChartPanel } from '../view/chart-panel.ts';
import { Choice } from '../view/choice.ts';
import { setText } from '../view/dom.ts';
import type { Frame, Panel } from '../view/panel.ts';
import type { ViewState } from '../view/view-state.ts';

interface Reading {
  readonly measure: Measure;
  readonly note: string;
}

/** How late each exchange's messages are, or how long ago its last one came: one at a time, logarithmic. */
export class FeedChart implements Panel {
  readonly element: HTMLElement;
  readonly #panel: ChartPanel;
  readonly #choice: Choice;
  readonly #readings: ReadonlyMap<string, Reading>;

  constructor(model: Model, view: ViewState) {
    this.#readings = new Map([
      ['delay', { measure: model.feeds.excessP99, note: 'p99 above the floor by exchange' }],
      ['age', { measure: model.feeds.age, note: 'since the last message by exchange' }],
    ]);
    this.#choice = new Choice('Reading', () => view.touch());
    this.#choice.offer([...this.#readings.keys()]);
    this.#panel = new ChartPanel(
      {
        id: 'feed',
        title: 'Feed delay and age',
        note: '',
        scale: 'log',
        formatTick: formatDurationTick,
        formatTime: formatClock,
        formatValue: formatDuration,
        emptyText: 'No data: waiting for exchange.feed.* metrics.',
        lines: (frame) => this.#lines(frame),
      },
      view,
    );
    this.element = this.#panel.element;
    this.#panel.shell.controls.append(this.#choice.element);
  }

  frame(frame: Frame): void {
    setText(this.#panel.shell.note, this.#reading().note);
    this.#panel.frame(frame);
  }

  #reading(): Reading {
    return this.#readings.get(this.#choice.chosen as string) as Reading;
  }

  #lines(frame: Frame): readonly ChartLine[] {
    return this.#reading()
      .measure.cells()
      .filter((cell) => !Number.isNaN(cell.value) && frame.view.shows(cell.key))
      .map((cell) => ({ key: cell.key[0] as string, label: cell.key[0] as string, cell }));
  }
}
