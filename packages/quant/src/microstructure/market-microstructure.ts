import { AmihudIlliquidity } from './amihud-illiquidity.ts';
import { BulkVpin } from './bulk-vpin.ts';
import { DecayedRate } from '../statistics/decayed-rate.ts';
import { FlowWindow } from './flow-window.ts';
import { LeeReady, type TradeSign } from './lee-ready.ts';
import type { MicrostructureOptions } from './market-options.ts';
import { MarketQuote } from './market-quote.ts';
import { PriceGrid } from './price-grid.ts';
import { isQuote, type TimedQuote } from './quote.ts';
import { QuoteStatistics } from './quote-statistics.ts';
import { RangeBars } from './range-bars.ts';
import { Resilience } from './resilience.ts';
import { RollSpread } from './roll-spread.ts';
import { Vpin } from './vpin.ts';

/** A trade of a market. */
export interface TimedTrade {
  readonly price: number;
  /** In units of the instrument. */
  readonly quantity: number;
  /** The exchange's aggressor flag: 1 bought, -1 sold. Absent or 0: by Lee and Ready. */
  readonly direction?: TradeSign | undefined;
  readonly time: number;
}

/**
 * Microstructure of one market in a stream: quotes and trades in, statistics out, O(1) per event. A quote does not
 * allocate. Times are numbers of any one unit, in order; a trade at the time of a quote is given before it, so that the
 * quote before a trade is one strictly before. An event earlier than the last counts at the time of the last, unless it
 * is so much earlier that a clock was set back (`stepBack`): then everything that spans time begins anew.
 */
export class MarketMicrostructure {
  readonly quotes: QuoteStatistics;
  readonly flows: readonly FlowWindow[];
  readonly grid: PriceGrid;
  readonly bars: RangeBars;
  readonly amihud: AmihudIlliquidity;
  readonly roll: RollSpread;
  readonly resilience: Resilience;
  readonly tradeRate: DecayedRate;
  readonly quoteRate: DecayedRate;
  readonly vpin: Vpin | undefined;
  readonly bulkVpin: BulkVpin | undefined;
  /** The latest quote, and what it added to order flow. */
  readonly quote: MarketQuote = new MarketQuote();
  readonly #barFlow: FlowWindow;
  readonly #leeReady = new LeeReady();
  readonly #stepBack: number;
  #time: number = Number.NEGATIVE_INFINITY;
  /** The earliest end of a window, or the next grid point. */
  #due: number = Number.NEGATIVE_INFINITY;
  #pendingFlow = 0;
  #orderFlow = 0;
  #trades = 0;
  #classified = 0;
  #restarts = 0;
  #sign: TradeSign = 0;

  /** Throws {@link QuantError} `invalid_option`. */
  constructor(options: MicrostructureOptions = {}) {
    const { onFlowWindow, vpin } = options;
    const barLength = options.barLength ?? 60_000;
    const rateTimeConstant = options.rateTimeConstant ?? 10_000;
    this.quotes = new QuoteStatistics(options.timeConstant);
    this.flows = (options.flowWindows ?? [1000, 10_000]).map(
      (length) =>
        new FlowWindow(length, options.flowHalfLife, onFlowWindow && ((window) => onFlowWindow(length, window))),
    );
    this.grid = new PriceGrid(options.gridStep ?? 1000, options.gridSteps);
    this.bars = new RangeBars(barLength, options.bars ?? 60);
    this.amihud = new AmihudIlliquidity(options.amihudHalfLife);
    this.roll = new RollSpread(options.rollHalfLife);
    this.resilience = new Resilience(options.sweepFactor ?? 2, options.sweepTimeout ?? 60_000, options.onRecovery);
    this.tradeRate = new DecayedRate(rateTimeConstant);
    this.quoteRate = new DecayedRate(rateTimeConstant);
    this.vpin = vpin && new Vpin(vpin.bucketVolume, vpin.buckets, vpin.onBucket);
    this.bulkVpin =
      vpin?.bulkBarLength === undefined ? undefined : new BulkVpin(vpin.bulkBarLength, vpin.bucketVolume, vpin.buckets);
    this.#stepBack = options.stepBack ?? 60_000;
    this.#barFlow = new FlowWindow(barLength, Infinity, ({ change, mid, tradedValue }) =>
      this.amihud.add(change / (mid - change), tradedValue),
    );
  }

  /** Takes the best quote; one that makes no sense changes nothing. Returns whether it was taken. */
  onQuote(event: TimedQuote): boolean {
    if (!isQuote(event) || !Number.isFinite(event.time)) return false;
    if (event.time < this.#time - this.#stepBack) this.#restart(event.time);
    const quote = this.quote;
    // Trades move time on as well; before the first event it is -Infinity.
    if (quote.time < this.#time) quote.time = this.#time;
    // All windows and the grid have one next end, and until then one sum of order flow: a quote touches no more.
    if (event.time >= this.#due) {
      this.#settle();
      quote.set(event);
      for (let at = 0; at < this.flows.length; at++) this.flows[at]!.quote(quote);
      this.#barFlow.quote(quote);
      this.grid.quote(quote);
      this.#findDue();
    } else {
      quote.set(event);
      this.#pendingFlow += quote.orderFlow;
    }
    this.#time = quote.time;
    this.#orderFlow += quote.orderFlow;
    this.quotes.add(quote);
    this.quoteRate.count(quote);
    this.resilience.quote(quote);
    return true;
  }

  /** Takes a trade; one that makes no sense changes nothing. Returns whether it was taken. */
  onTrade(event: TimedTrade): boolean {
    const { price, quantity } = event;
    if (!(price > 0 && price < Infinity && quantity > 0 && quantity < Infinity)) return false;
    if (!Number.isFinite(event.time)) return false;
    if (event.time < this.#time - this.#stepBack) this.#restart(event.time);
    const time = Math.max(event.time, this.#time);
    this.#time = time;
    if (time >= this.#due) this.#pass(time);
    this.#trades++;
    const estimate = this.#leeReady.sign(price, this.quote.mid);
    const flag = event.direction;
    const sign = flag === 1 || flag === -1 ? flag : estimate;
    if (sign !== flag && sign !== 0) this.#classified++;
    this.#sign = sign;
    for (let at = 0; at < this.flows.length; at++) this.flows[at]!.trade(price, quantity, sign, time);
    this.#barFlow.trade(price, quantity, 0, time);
    this.bars.add(price, time);
    this.roll.add(price);
    this.tradeRate.count(event);
    this.resilience.trade();
    this.vpin?.addShared(quantity, (1 + sign) / 2);
    this.bulkVpin?.add(price, quantity, time);
    return true;
  }

  /** Time goes on without an event: closes windows, passes grid points. An earlier time changes nothing. */
  advance(time: number): void {
    if (!Number.isFinite(time) || time <= this.#time) return;
    this.#time = time;
    this.quotes.advance(time);
    this.bars.advance(time);
    if (time >= this.#due) this.#pass(time);
  }

  /** The feed was interrupted: nothing that spans time bridges what was missed, and no quote stands. */
  interrupt(): void {
    this.#restart(this.#time);
  }

  /** Time of the latest event; undefined before the first. */
  get time(): number | undefined {
    return this.#time === Number.NEGATIVE_INFINITY ? undefined : this.#time;
  }

  get trades(): number {
    return this.#trades;
  }

  /** Trades whose side was estimated by Lee and Ready. */
  get classified(): number {
    return this.#classified;
  }

  /** Side of the latest trade, by its flag or estimated; 0 unknown. */
  get sign(): TradeSign {
    return this.#sign;
  }

  /** Order-flow imbalance of all quotes, in units of the instrument. */
  get orderFlow(): number {
    return this.#orderFlow;
  }

  /** How often a clock set back, or an interruption, made everything that spans time begin anew. */
  get restarts(): number {
    return this.#restarts;
  }

  /** Quotes per trade; undefined before the first trade. */
  get quoteToTradeRatio(): number | undefined {
    return this.#trades === 0 ? undefined : this.quotes.count / this.#trades;
  }

  /** Closes what ends at `time` or before. */
  #pass(time: number): void {
    this.#settle();
    for (const flow of this.flows) flow.advance(time);
    this.#barFlow.advance(time);
    this.grid.advance(time);
    this.#findDue();
  }

  /** Hands on what has gathered since the last end. */
  #settle(): void {
    if (!this.quote.isKnown) return;
    for (const flow of this.flows) flow.accrue(this.#pendingFlow, this.quote.mid);
    this.#barFlow.accrue(0, this.quote.mid);
    this.grid.accrue(this.quote.mid);
    this.#pendingFlow = 0;
  }

  #findDue(): void {
    let due = Math.min(this.grid.next, this.#barFlow.end);
    for (const flow of this.flows) due = Math.min(due, flow.end);
    this.#due = due;
  }

  #restart(time: number): void {
    this.#due = Number.NEGATIVE_INFINITY;
    this.#pendingFlow = 0;
    this.#restarts++;
    this.#time = time;
    this.quote.clear(time);
    this.quotes.interrupt(time);
    for (const flow of this.flows) flow.interrupt();
    this.#barFlow.interrupt();
    this.grid.interrupt();
    this.resilience.interrupt();
    this.tradeRate.reset();
    this.quoteRate.reset();
  }
}
