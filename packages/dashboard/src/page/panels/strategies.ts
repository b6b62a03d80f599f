import {
  formatCount,
  formatDuration,
  formatNumber,
  formatPercent,
  formatRatio,
  formatVolume,
  NO_DATA,
} from '../format.ts';
import type { Model } from '../model.ts';
import type { Measure } from '../store/measure.ts';
import { amountsByCurrencyFirst, amountsText, toneOf } from '../view/amounts.ts';
import { el, setHidden, setText } from '../view/dom.ts';
import { freshness } from '../view/freshness.ts';
import { type Frame, type Panel, panelShell, TABLE_INTERVAL_MS, TextClock } from '../view/panel.ts';
import { type CellText, type Column, Table } from '../view/table.ts';

const COLUMN_WIDTH = 118;
const LABEL_WIDTH = 108;

interface Trait {
  readonly label: string;
  /** What the trait is read from; a trait of which no desk sends anything has no row. */
  readonly from?: Measure;
  readonly value: (strategy: string) => CellText;
}

/** Strategies side by side: one column each, one trait per row, so that a difference is read across. */
export class StrategiesPanel implements Panel {
  readonly element: HTMLElement;
  readonly #model: Model;
  readonly #body: HTMLElement;
  readonly #empty: HTMLElement;
  readonly #traits: readonly Trait[];
  readonly #textClock: TextClock = new TextClock(TABLE_INTERVAL_MS);
  #layout = '';
  #tables: { readonly table: Table<Trait>; readonly strategies: readonly string[] }[] = [];

  constructor(model: Model) {
    this.#model = model;
    const shell = panelShell(
      'strategies',
      'Strategies side by side',
      'since start; win rate of closed trades after fees',
    );
    this.element = shell.element;
    this.#body = el('div', { class: 'blocks' });
    this.#empty = el('p', { class: 'empty', text: 'No data: waiting for trading.* metrics.' });
    shell.body.append(this.#body, this.#empty);
    const of = model.strategies;
    this.#traits = [
      { label: 'P&L', value: (name) => money(of.net, name, true) },
      { label: 'Realized', value: (name) => money(of.realized, name, true) },
      { label: 'Unrealized', value: (name) => money(of.unrealized, name, true) },
      { label: 'Fees', value: (name) => ({ text: money(of.fees, name, false).text }) },
      { label: 'Traded', value: (name) => ({ text: volume(of.traded, name) }) },
      { label: 'Win rate', value: (name) => winRate(of.trades, name) },
      { label: 'Fills', value: (name) => count(of.fills, name, of.orders) },
      { label: 'Orders', value: (name) => count(of.orders, name) },
      { label: 'Rejected', value: (name) => count(of.rejected, name, of.orders) },
      { label: 'Open orders', value: (name) => count(of.open, name, of.orders) },
      { label: 'Slippage p50', value: (name) => ({ text: basisPoints(of.slippage.value(name)) }) },
      { label: 'Ack p99', value: (name) => ({ text: formatDuration(of.ackP99.value(name)) }) },
      ...performanceTraits(model.performance),
    ];
  }

  frame(frame: Frame): void {
    if (!this.#textClock.due(frame)) return;
    const strategies = this.#strategies().filter((strategy) => frame.view.shows([strategy]));
    this.#arrange(strategies);
    const stale = freshness([...this.#model.strategies.orders.cells()], frame.nowMs).state === 'stale';
    for (const { table } of this.#tables) {
      const traits = this.#traits.filter(({ from }) => from === undefined || from.cells().length > 0);
      table.show(traits.map((trait) => ({ key: trait.label, row: trait, stale })));
    }
    setHidden(this.#empty, strategies.length > 0);
    if (strategies.length === 0 && frame.view.filterText !== '') setText(this.#empty, 'Nothing matches the filter.');
  }

  #strategies(): readonly string[] {
    const names = new Set<string>();
    const { orders, fills, net } = this.#model.strategies;
    for (const cell of [...orders.cells(), ...fills.cells()]) names.add(cell.key[0] as string);
    for (const cell of net.cells()) names.add(cell.key[1] as string);
    return [...names].sort();
  }

  // As many columns as fit beside each other; the rest continue in a block below, never sideways.
  #arrange(strategies: readonly string[]): void {
    const fit = Math.max(1, Math.floor((this.#body.clientWidth - LABEL_WIDTH) / COLUMN_WIDTH));
    const layout = `${fit}\u0000${strategies.join('\u0000')}`;
    if (layout === this.#layout) return;
    this.#layout = layout;
    this.#tables = [];
    for (let from = 0; from < strategies.length; from += fit) {
      const block = strategies.slice(from, from + fit);
      const columns: Column<Trait>[] = [
        { heading: '', text: true, cell: (trait) => ({ text: trait.label, tone: 'quiet' }) },
        ...block.map((strategy) => ({
          heading: strategy,
          cell: (trait: Trait) => trait.value(strategy),
        })),
      ];
      const table = new Table<Trait>(`Strategies: ${block.join(', ')}`, columns, false);
      table.element.classList.add('side-by-side');
      this.#tables.push({ table, strategies: block });
    }
    this.#body.replaceChildren(...this.#tables.map(({ table }) => table.element));
  }
}

function performanceTraits(of: Model['performance']): readonly Trait[] {
  const ratio = (label: string, from: Measure): Trait => ({
    label,
    from,
    value: (name) => ({ text: formatRatio(from.value(name)) }),
  });
  return [
    { label: 'Alpha per hour', from: of.alphaRate, value: (name) => money(of.alphaRate, name, true) },
    {
      label: 'Sharpe',
      from: of.sharpe,
      value: (name) => {
        const error = of.sharpeError.value(name);
        const text = formatRatio(of.sharpe.value(name));
        return { text: Number.isNaN(error) ? text : `${text} ± ${formatRatio(error)}` };
      },
    },
    {
      label: 'P(Sharpe > 0)',
      from: of.sharpeProbability,
      value: (name) => ({ text: formatPercent(of.sharpeProbability.value(name)) }),
    },
    ratio('Sortino', of.sortino),
    ratio('Calmar', of.calmar),
    {
      label: 'Max drawdown',
      from: of.drawdownMax,
      value: (name) => ({ text: formatPercent(of.drawdownMax.value(name), 2) }),
    },
    { label: 'Periods', from: of.periods, value: (name) => ({ text: formatCount(of.periods.value(name)) }) },
  ];
}

function money(measure: Measure, strategy: string, signed: boolean): CellText {
  const amounts = amountsByCurrencyFirst(measure, strategy);
  const [first] = amounts;
  if (first === undefined) return { text: NO_DATA, tone: 'quiet' };
  return { text: amountsText(amounts, signed), tone: signed && amounts.length === 1 ? toneOf(first) : '' };
}

function volume(measure: Measure, strategy: string): string {
  const amounts = amountsByCurrencyFirst(measure, strategy);
  if (amounts.length === 0) return NO_DATA;
  return amounts.map(({ value, currency }) => `${formatVolume(value, currency)} ${currency}`).join('\n');
}

function count(measure: Measure, strategy: string, witness?: Measure): CellText {
  let value = measure.value(strategy);
  // A counter that was never incremented does not exist; the strategy's orders prove that it is there and zero.
  if (Number.isNaN(value) && witness !== undefined && !Number.isNaN(witness.value(strategy))) value = 0;
  return Number.isNaN(value) ? { text: NO_DATA, tone: 'quiet' } : { text: formatCount(value) };
}

function winRate(trades: Measure, strategy: string): CellText {
  const of = (outcome: string): number => trades.value(strategy, outcome) || 0;
  const wins = of('win');
  const closed = wins + of('loss') + of('breakeven');
  if (closed === 0) return { text: NO_DATA, tone: 'quiet' };
  return { text: `${formatPercent(wins / closed)} of ${formatCount(closed)}` };
}

function basisPoints(value: number): string {
  return Number.isFinite(value) ? `${formatNumber(value, 2)} bp` : NO_DATA;
}
