import { formatAge, formatAmount, formatCount, formatDuration, formatPercent, formatRate } from '../format.ts';
import type { AlertBook } from '../feed/alert-book.ts';
import type { Link } from '../feed/link.ts';
import { droppedPoints } from '../measures/lost-points.ts';
import type { Model } from '../model.ts';
import type { Cell, Measure } from '../store/measure.ts';
import type { Sources } from '../store/sources.ts';
import { amountsOf, amountText, arrowOf, toneOf } from '../view/amounts.ts';
import { el, setText } from '../view/dom.ts';
import { freshness } from '../view/freshness.ts';
import { type Frame, type Panel, TextClock } from '../view/panel.ts';
import { amountContent, formatWhole, nothing, zeroIf } from '../view/tile-content.ts';
import { Tile, type TileContent } from '../view/tile.ts';
import { alertsTile } from './alerts-tile.ts';
import { valueAtRiskTile } from './value-at-risk-tile.ts';

/** What the strip needs beside the measures. */
export interface StripInputs {
  readonly sources: Sources;
  readonly link: () => Link;
  readonly book: AlertBook;
}

/** A feed silent for longer than this is worth a look. */
const SILENT_SECONDS = 5;

type Writer = (frame: Frame) => TileContent;

/** The line of numbers that is always in view. It shows the whole desk: the filter does not apply to it. */
export class Strip implements Panel {
  readonly element: HTMLElement;
  /** The four numbers that stay in view on a phone when the strip has been scrolled away. */
  readonly summary: HTMLElement;
  readonly #tiles: (readonly [Tile, Writer])[] = [];
  readonly #summarized: (readonly [HTMLElement, Tile])[] = [];
  readonly #textClock: TextClock = new TextClock();
  readonly #model: Model;
  readonly #inputs: StripInputs;

  constructor(model: Model, inputs: StripInputs) {
    this.#model = model;
    this.#inputs = inputs;
    this.element = el('div', {
      class: 'strip',
      attributes: { id: 'strip', role: 'group', 'aria-label': 'Desk at a glance' },
    });
    const { pnl, risk } = model;
    this.summary = el('div', { class: 'summary', attributes: { 'aria-hidden': 'true', 'data-away': 'false' } });
    new IntersectionObserver(([entry]) => {
      if (entry !== undefined) this.summary.dataset['away'] = String(!entry.isIntersecting);
    }).observe(this.element);
    this.#add('total', 'Total P&L', 'Realized plus unrealized P&L less fees', (frame) => this.#total(frame), 'P&L');
    this.#add('realized', 'Realized', 'Realized P&L before fees, average cost', (frame) => money(pnl.realized, frame));
    this.#add('unrealized', 'Unrealized', 'P&L of open positions at the latest mark', (frame) =>
      money(pnl.unrealized, frame),
    );
    this.#add('net', 'Net exposure', 'Sum of signed exposures at the latest marks', (frame) =>
      this.#exposure(risk.net, 'net_exposure', frame, true),
    );
    this.#add('gross', 'Gross exposure', 'Sum of absolute exposures at the latest marks', (frame) =>
      this.#exposure(risk.gross, 'gross_exposure', frame, false),
    );
    this.#add('drawdown', 'Drawdown', 'Fall of equity from its peak', (frame) => this.#drawdown(frame), 'DD');
    this.#add('var', 'VaR 99 %', 'Loss that one period in a hundred exceeds, as forecast; loss positive', (frame) =>
      valueAtRiskTile(model, frame),
    );
    this.#add('alerts', 'Alerts', 'Alerts that fire and that nobody deals with', (frame) =>
      alertsTile(inputs.book, inputs.link(), frame.nowMs - inputs.sources.newestMs),
    );
    this.#add('fills', 'Fills', 'Fills since the desk started', (frame) => this.#fills(frame));
    this.#add('events', 'Events', 'Messages received from all exchanges', (frame) => this.#events(frame));
    this.#add('age', 'Worst feed age', 'Time since the last message of the most silent exchange', (frame) =>
      this.#feedAge(frame),
    );
    this.#add(
      'drops',
      'Drops',
      'Points and measurements lost on the way, and events refused; must read 0',
      (frame) => this.#drops(frame),
      'Drops',
    );
    this.#add(
      'link',
      'Data age',
      'Age of the newest value of the most overdue source',
      (frame) => this.#dataAge(frame),
      'Age',
    );
  }

  frame(frame: Frame): void {
    if (!this.#textClock.due(frame)) return;
    for (const [tile, write] of this.#tiles) tile.show(write(frame));
    for (const [copy, tile] of this.#summarized) {
      setText(copy, tile.text);
      if (copy.className !== tile.state) copy.className = tile.state;
    }
  }

  #add(id: string, label: string, title: string, write: Writer, summary?: string): void {
    const tile = new Tile(id, label, title);
    this.#tiles.push([tile, write]);
    this.element.append(tile.element);
    if (summary === undefined) return;
    const copy = el('b');
    this.#summarized.push([copy, tile]);
    this.summary.append(el('div', {}, el('span', { text: `${summary} ` }), copy));
  }

  #total(frame: Frame): TileContent {
    const { net, fees } = this.#model.pnl;
    const content = money(net, frame);
    const [first, ...others] = amountsOf(net);
    if (first === undefined || others.length > 0) return content;
    const fee = fees.value(first.currency);
    return Number.isNaN(fee) ? content : { ...content, details: [`after fees ${formatAmount(fee, first.currency)}`] };
  }

  #exposure(measure: Measure, limit: string, frame: Frame, signed: boolean): TileContent {
    const [first, ...others] = amountsOf(measure);
    if (first === undefined) return nothing();
    return {
      ...amountContent(first, others, signed),
      value: formatWhole(first, signed),
      details: [...others.map((other) => amountText(other, signed)), ...this.#limitUse(limit)],
      freshness: freshness(measure.cells(), frame.nowMs),
    };
  }

  #limitUse(limit: string): string[] {
    const used = this.#model.risk.limits.value(limit);
    return Number.isNaN(used) ? [] : [`${formatPercent(used)} of limit`];
  }

  #drawdown(frame: Frame): TileContent {
    const { drawdown, drawdownMax, drawdownRatio } = this.#model.risk;
    const [first, ...others] = amountsOf(drawdown);
    if (first === undefined) return nothing();
    const ratio = drawdownRatio.value(first.currency);
    const most = drawdownMax.value(first.currency);
    const maximum = Number.isNaN(most) ? '' : `max ${formatAmount(most, first.currency)}`;
    const share = Number.isNaN(ratio) ? '' : formatPercent(ratio, 2);
    return {
      ...amountContent(first, others, false),
      tone: first.value > 0 ? 'loss' : '',
      details: [
        [maximum, share].filter((part) => part !== '').join(' · '),
        ...others.map((other) => amountText(other, false)),
        ...this.#limitUse('drawdown'),
      ],
      freshness: freshness(drawdown.cells(), frame.nowMs),
    };
  }

  #fills(frame: Frame): TileContent {
    const { fills, fillRate, sent } = this.#model.orders;
    // A counter does not exist before its first increment; orders without a fill mean zero fills.
    const count = zeroIf(fills.value(), sent.value());
    const perSecond = zeroIf(fillRate.value(), sent.value());
    return {
      value: formatCount(count),
      details: [`${formatRate(perSecond)} /s`, `${formatCount(sent.value())} orders`],
      freshness: freshness([fills.cell(), sent.cell()], frame.nowMs),
    };
  }

  #events(frame: Frame): TileContent {
    const { totalRate, rate, connections } = this.#model.feeds;
    const exchanges = rate.cells().length;
    const links = connections.cells();
    const down = links.filter(({ value }) => value === 0).length;
    return {
      value: formatRate(totalRate.value()),
      unit: 'msg/s',
      details: [
        exchanges === 1 ? '1 exchange' : `${exchanges} exchanges`,
        links.length === 0 ? '' : down === 0 ? 'all links up' : `${down} ${down === 1 ? 'link' : 'links'} down`,
      ],
      freshness: freshness([totalRate.cell()], frame.nowMs),
    };
  }

  #feedAge(frame: Frame): TileContent {
    const { age, connections } = this.#model.feeds;
    const cells = age.cells();
    let worst: Cell | undefined;
    for (const cell of cells) if (worst === undefined || cell.value > worst.value) worst = cell;
    const exchange = worst?.key[0] ?? '';
    return {
      value: formatDuration(worst?.value ?? NaN),
      tone: (worst?.value ?? 0) > SILENT_SECONDS ? 'alarm' : '',
      details: [exchange, connections.value(exchange) === 0 ? 'link down' : ''],
      freshness: freshness(cells, frame.nowMs),
    };
  }

  #drops(frame: Frame): TileContent {
    const { dropped, droppedByCause, measurementsDropped, eventsRefused, received } = this.#model.trust;
    const known = received.cells().some((cell) => !Number.isNaN(cell.value));
    const witness = known ? 0 : NaN;
    const points = zeroIf(droppedPoints(droppedByCause.cells()).lost, witness);
    const measurements = zeroIf(measurementsDropped.value(), witness);
    const lost = points + measurements;
    const refused = zeroIf(eventsRefused.value(), witness);
    return {
      value: formatCount(lost),
      tone: lost > 0 ? 'alarm' : '',
      details: [lost === 0 ? 'nothing lost' : 'data was lost', `${formatCount(refused)} refused`],
      freshness: freshness([...received.cells(), ...dropped.cells()], frame.nowMs),
    };
  }

  #dataAge(frame: Frame): TileContent {
    const source = this.#inputs.sources.mostOverdue(frame.nowMs);
    const link = this.#inputs.link();
    const ageMs = source === undefined ? 0 : Math.max(0, frame.nowMs - source.newestMs);
    const late = source !== undefined && ageMs > source.staleAfterMs;
    return {
      value: formatAge(ageMs / 1000),
      tone: late || link.phase !== 'open' ? 'alarm' : '',
      details: [link.detail, source === undefined ? '' : `${source.service}${late ? ' silent' : ''}`],
      // Its own age is the number itself: it turns red, not grey.
      freshness: source === undefined ? { state: 'none', ageMs: 0 } : { state: 'fresh', ageMs },
    };
  }
}

function money(measure: Measure, frame: Frame): TileContent {
  const [first, ...others] = amountsOf(measure);
  if (first === undefined) return nothing();
  return {
    ...amountContent(first, others, true),
    arrow: arrowOf(first),
    tone: toneOf(first),
    freshness: freshness(measure.cells(), frame.nowMs),
  };
}
