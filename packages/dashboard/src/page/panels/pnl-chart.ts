import { formatAmount, formatClock, formatTick } from '../format.ts';
import type { Model } from '../model.ts';
import { type ChartLine, ChartPanel } from '../view/chart-panel.ts';
import { Choice } from '../view/choice.ts';
import type { Frame, Panel } from '../view/panel.ts';
import type { ViewState } from '../view/view-state.ts';

/** P&L over time by strategy, one currency at a time: different currencies share no axis. */
export class PnlChart implements Panel {
  readonly element: HTMLElement;
  readonly #panel: ChartPanel;
  readonly #currencies: Choice;
  readonly #model: Model;

  constructor(model: Model, view: ViewState) {
    this.#model = model;
    this.#currencies = new Choice('Currency', () => view.touch());
    this.#panel = new ChartPanel(
      {
        id: 'pnl',
        title: 'P&L by strategy',
        note: 'realized + unrealized − fees',
        scale: 'linear',
        includeZero: true,
        formatTick,
        formatTime: formatClock,
        formatValue: (value) => {
          const currency = this.#currencies.chosen ?? '';
          return `${formatAmount(value, currency, true)} ${currency}`;
        },
        emptyText: 'No data: waiting for trading.pnl.realized and trading.pnl.unrealized.',
        lines: (frame) => this.#lines(frame),
      },
      view,
    );
    this.element = this.#panel.element;
    this.#panel.shell.controls.append(this.#currencies.element);
  }

  frame(frame: Frame): void {
    this.#panel.frame(frame);
  }

  #lines(frame: Frame): readonly ChartLine[] {
    const cells = this.#model.pnl.netByStrategy.cells();
    const books = new Map<string, number>();
    for (const { key, members } of cells) {
      const currency = key[0] as string;
      books.set(currency, (books.get(currency) ?? 0) + members.length);
    }
    this.#currencies.offer([...books].sort((a, b) => b[1] - a[1]).map(([currency]) => currency));
    return cells.flatMap((cell) => {
      const [currency, strategy] = cell.key as [string, string];
      if (currency !== this.#currencies.chosen || Number.isNaN(cell.value) || !frame.view.shows([strategy])) return [];
      // A strategy looks the same in every currency.
      return [{ key: strategy, label: strategy, cell }];
    });
  }
}
