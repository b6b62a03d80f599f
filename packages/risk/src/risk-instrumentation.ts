import { type BoundHistogram, bindHistogram } from '@nanometer/metrics';
import {
  type Contract,
  type Drawdown,
  type ExposureBook,
  type Fill,
  type FillResult,
  type Mark,
  type MarkResult,
  Portfolio,
  type Position,
  type PositionLedger,
  type Rate,
  type RateResult,
  type TailRisk,
} from '@nanometer/quant';
import { type Drops, dropsIn } from './drops.ts';
import { Instruments } from './instruments.ts';
import type { LimitState } from './limits.ts';
import { type RiskInstrumentationOptions, settingsOf } from './options.ts';
import { RiskGauges } from './risk-gauges.ts';
import { type ContractReturns, type RiskComponent, TailRiskBook } from './tail-risk.ts';
import { TailRiskGauges } from './tail-risk-gauges.ts';

const MILLISECONDS = 1000;

/**
 * Keeps exposure, equity, drawdown and limits of all positions current: when an event method returns, the getters and
 * the gauges show the state after the event.
 *
 * Event methods never throw: they return `applied` or the reason why the event was not counted, which is also counted in
 * `risk.event.dropped`. An event costs time in proportion to the positions of its symbol, not to all positions.
 */
export class RiskInstrumentation {
  readonly #portfolio: Portfolio;
  readonly #gauges: RiskGauges;
  readonly #tail: TailRiskBook;
  readonly #tailGauges: TailRiskGauges;
  readonly #drops: Drops;
  readonly #limits: readonly LimitState[];
  readonly #updateDuration: BoundHistogram;
  readonly #sampling: number;
  readonly #clock: { now(): number };
  #untilSample = 1;

  /** Throws a `RiskOptionError` or `QuantError` for an option or contract that cannot be used. */
  constructor(options: RiskInstrumentationOptions) {
    const settings = settingsOf(options);
    const { reportingCurrency, initialCapital, positionLimit, fillIdLimit } = settings;
    this.#portfolio = new Portfolio({ reportingCurrency, initialCapital, positionLimit, fillIdLimit });
    for (const contract of settings.contracts) this.#portfolio.defineContract(contract);
    const instruments = new Instruments(settings.meter);
    this.#gauges = new RiskGauges(this.#portfolio, instruments, settings.limits);
    const { scenarioMethod, scenarioCount, confidences } = settings;
    this.#tail = new TailRiskBook(this.#portfolio, scenarioMethod, scenarioCount, confidences);
    this.#tailGauges = new TailRiskGauges(this.#tail, instruments, reportingCurrency);
    this.#drops = dropsIn(instruments.eventDropped);
    this.#limits = settings.limits;
    this.#updateDuration = bindHistogram(instruments.updateDuration);
    this.#sampling = settings.durationSampling;
    this.#clock = settings.clock;
    // Equity is known before the first event: a desk that does nothing has its capital and no drawdown.
    this.#gauges.totals();
  }

  /** See `PositionLedger.defineContract`. Throws a `QuantError`. */
  defineContract(contract: Contract): void {
    this.#portfolio.defineContract(contract);
  }

  /**
   * Gives a contract its past returns, oldest first, and with them value at risk and expected shortfall. All contracts
   * must have returns of the same periods. Throws a `RiskOptionError`.
   */
  defineReturns(returns: ContractReturns): void {
    this.#tail.defineReturns(returns);
    this.#tailGauges.update();
  }

  /**
   * Ends a period, as long as those of the returns: its result is compared with the value at risk when it began. Call it
   * on a regular clock.
   */
  closePeriod(): void {
    this.#tailGauges.closePeriod();
  }

  /** Takes a fill; exposure, equity, drawdown and limits are current when it returns. */
  onFill(fill: Fill): FillResult {
    if (this.#sampling === 0 || --this.#untilSample > 0) return this.#fill(fill);
    this.#untilSample = this.#sampling;
    const startMs = this.#clock.now();
    const result = this.#fill(fill);
    const seconds = (this.#clock.now() - startMs) / MILLISECONDS;
    if (result === 'applied' && seconds >= 0) this.#updateDuration.record(seconds);
    return result;
  }

  /** Takes a new price of a contract. */
  onMark(mark: Mark): MarkResult {
    const result = this.#portfolio.applyMark(mark);
    if (result !== 'applied') return this.#drops.count(result);
    const positions = this.#portfolio.ledger.markedPositions;
    if (positions.length === 0) return result;
    for (let at = 0; at < positions.length; at++) this.#valued(positions[at] as Position);
    this.#changed();
    return result;
  }

  /** Takes a new rate of a currency; every position in that currency is valued again. */
  onRate(rate: Rate): RateResult {
    const result = this.#portfolio.applyRate(rate);
    if (result !== 'applied') return this.#drops.count(result);
    for (const position of this.#portfolio.ledger.positions()) this.#valued(position);
    this.#changed();
    return result;
  }

  /** Exposure of all positions, and by symbol, exchange and strategy, in the reporting currency. A live view. */
  exposure(): Pick<ExposureBook, 'total' | 'bySymbol' | 'byExchange' | 'byStrategy'> {
    return this.#portfolio.exposure;
  }

  /** Fall of equity from its peak. A live view. */
  drawdown(): Omit<Drawdown, 'update'> {
    return this.#portfolio.drawdown;
  }

  /** Initial capital plus realized and unrealized P&L less fees, in the reporting currency. */
  equity(): number {
    return this.#portfolio.equity;
  }

  /**
   * Loss of today's positions that past returns exceed with probability 1 - `confidence`, and the mean loss beyond, in
   * the reporting currency and positive. A live object. Undefined before `defineReturns`, or for a confidence outside
   * 0.5 to 1.
   */
  tailRisk(confidence = 0.95): TailRisk | undefined {
    return this.#tail.tail(Number((1 - confidence).toFixed(12)));
  }

  /** What each contract adds to the expected shortfall; the parts add up to it. Empty before `defineReturns`. */
  tailComponents(confidence = 0.95): readonly RiskComponent[] {
    return this.#tail.components(Number((1 - confidence).toFixed(12)));
  }

  /** State of the configured limits. Live views. */
  limits(): readonly LimitState[] {
    return this.#limits;
  }

  /** Positions and P&L behind the totals. Feed it through this class only. */
  get ledger(): Omit<PositionLedger, 'applyFill' | 'applyMark' | 'defineContract'> {
    return this.#portfolio.ledger;
  }

  /** Events refused, and events that left an amount out of the totals, so far. */
  get dropped(): number {
    return this.#drops.total;
  }

  #fill(fill: Fill): FillResult {
    const result = this.#portfolio.applyFill(fill);
    if (result !== 'applied') return this.#drops.count(result);
    this.#valued(this.#portfolio.ledger.effect.position as Position);
    this.#changed();
    return result;
  }

  #changed(): void {
    if (this.#portfolio.missingRate) this.#drops.count('missing_rate');
    this.#gauges.totals();
    this.#tailGauges.update();
  }

  #valued(position: Position): void {
    this.#gauges.position(position);
    this.#tail.update(position);
  }
}
