import type { BatchObservableResult, Meter } from '@opentelemetry/api';
import { type BoundHistogram, bindHistogram } from '@nanometer/metrics';
import {
  type Contract,
  type Correction,
  type CorrectionEffect,
  type CorrectionResult,
  type Drawdown,
  type ExposureBook,
  type Fill,
  type FillResult,
  type Mark,
  type MarkResult,
  type Payment,
  type PaymentResult,
  Portfolio,
  type Position,
  type PositionLedger,
  type Rate,
  type RateResult,
  type TailRisk,
} from '@nanometer/quant';
import { CorrelationMonitor, type CorrelationState } from './correlation/correlation-monitor.ts';
import { type Drops, dropsIn } from './drops.ts';
import { GroupObserver } from './exposure/group-observer.ts';
import { PortfolioGauges } from './exposure/portfolio-gauges.ts';
import { Instruments } from './instruments.ts';
import { KillSwitch, type KillSwitchState } from './limits/kill-switch.ts';
import { LimitGauges } from './limits/limit-gauges.ts';
import type { LimitState } from './limits/limit-options.ts';
import { type Veto, type VetoResult, Vetoes } from './limits/vetoes.ts';
import type { RiskInstrumentationOptions } from './options.ts';
import type { LimitWatch } from './limits/limit-watch.ts';
import { type Settings, settingsOf } from './settings.ts';
import { openRiskState, type StateOptions, type StateParts, writeRiskState } from './state/risk-state.ts';
import { StopBook } from './stops/stop-book.ts';
import type { AverageTrueRangeValue, StopFill, StopOrder, StopResult, StopTrigger } from './stops/stop-events.ts';
import { ComponentObserver } from './tail/component-observer.ts';
import type { ContractReturns } from './tail/contract-returns.ts';
import type { RiskMethod } from './tail/risk-method.ts';
import { type RiskComponent, TailRiskBook } from './tail/tail-risk-book.ts';
import type { TailBacktest } from './tail/tail-state.ts';
import { TailRiskGauges } from './tail/tail-risk-gauges.ts';

const MILLISECONDS = 1000;

/**
 * Keeps exposure, equity, drawdown, tail risk and limits of all positions current: when an event method returns, the
 * getters and the gauges show the state after the event.
 *
 * Event methods never throw: they return `applied` or the reason why the event was not counted, which is also counted in
 * `risk.event.dropped`. An event costs time in proportion to the positions of its symbol, not to all positions.
 */
export class RiskInstrumentation {
  readonly #portfolio: Portfolio;
  readonly #gauges: PortfolioGauges;
  readonly #tail: TailRiskBook;
  readonly #tailGauges: TailRiskGauges;
  readonly #limitGauges: LimitGauges;
  readonly #limits: readonly LimitState[];
  readonly #watches: readonly LimitWatch[];
  readonly #stateOptions: StateOptions;
  readonly #killSwitch: KillSwitch;
  readonly #vetoes: Vetoes;
  readonly #stops: StopBook;
  readonly #correlation: CorrelationMonitor | undefined;
  readonly #drops: Drops;
  readonly #updateDuration: BoundHistogram;
  readonly #sampling: number;
  readonly #clock: { now(): number };
  readonly #stopObserving: () => void;
  #untilSample = 1;

  /** Throws a `RiskOptionError` or `QuantError` for an option or contract that cannot be used. */
  constructor(options: RiskInstrumentationOptions) {
    const settings = settingsOf(options);
    const { reportingCurrency, initialCapital, positionLimit, fillIdLimit } = settings;
    const opened = settings.state === undefined ? undefined : openRiskState(settings.state, settings);
    const state = opened?.portfolio;
    const portfolio = new Portfolio({ reportingCurrency, initialCapital, positionLimit, fillIdLimit, state });
    for (const contract of settings.contracts) portfolio.defineContract(contract);
    const instruments = new Instruments(settings.meter);
    const drops = dropsIn(instruments.eventDropped);
    this.#portfolio = portfolio;
    this.#drops = drops;
    this.#gauges = new PortfolioGauges(portfolio, instruments);
    this.#tail = new TailRiskBook(portfolio, settings);
    this.#tailGauges = new TailRiskGauges(this.#tail, instruments, reportingCurrency);
    this.#killSwitch = new KillSwitch(instruments, settings.killSwitchReasonLimit);
    const subject = { portfolio, tail: () => this.#tail.firstTail() };
    const { limits, onLimitBreach } = settings;
    this.#limits = limits;
    this.#limitGauges = new LimitGauges(subject, limits, instruments, this.#killSwitch, drops, onLimitBreach);
    this.#vetoes = new Vetoes(instruments.vetoCount, settings.vetoSeriesLimit);
    this.#stops = new StopBook(instruments, settings.stopLimit, settings.missedStopMs);
    if (settings.correlation !== undefined) {
      const { correlation, onCorrelationMatrix } = settings;
      this.#correlation = new CorrelationMonitor(correlation, portfolio, instruments, drops, onCorrelationMatrix);
    }
    this.#stateOptions = { reportingCurrency, initialCapital, scenarioCount: settings.scenarioCount };
    this.#watches = limits;
    opened?.restore(this.#stateParts());
    this.#updateDuration = bindHistogram(instruments.updateDuration);
    this.#sampling = settings.durationSampling;
    this.#clock = settings.clock;
    this.#stopObserving = this.#observe(settings.meter, instruments, settings);
    for (const position of portfolio.ledger.positions()) this.#valued(position);
    // Equity is known before the first event: a desk that does nothing has its capital and no drawdown.
    this.#gauges.totals();
    if (opened !== undefined) this.#tailGauges.resumed();
    this.#limitGauges.update();
  }

  /**
   * The whole state as bytes, for the option `state` of the next process; correlations are no part of it. Takes
   * milliseconds per 10,000 remembered fills and per million returns: call it between events, not in them.
   */
  snapshot(): Uint8Array {
    return writeRiskState(this.#stateOptions, this.#portfolio.snapshot(), this.#stateParts());
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
    this.#limitGauges.update();
  }

  /**
   * Ends a period, as long as those of the returns: its result is compared with the value at risk when it began, and with
   * `collectReturns` its returns become scenarios. Call it on a regular clock. Costs a pass over all returns.
   */
  closePeriod(): void {
    this.#tailGauges.closePeriod();
    this.#limitGauges.update();
  }

  /** Takes a fill; exposure, equity, drawdown, tail risk and limits are current when it returns. */
  onFill(fill: Fill): FillResult {
    if (this.#sampling === 0 || --this.#untilSample > 0) return this.#fill(fill);
    this.#untilSample = this.#sampling;
    const startMs = this.#clock.now();
    const result = this.#fill(fill);
    const seconds = (this.#clock.now() - startMs) / MILLISECONDS;
    if (result === 'applied' && seconds >= 0) this.#updateDuration.record(seconds);
    return result;
  }

  /** The exchange busted or changed a fill. A peak or fall of equity that the fill made stays in the drawdown. */
  onCorrection(correction: Correction): CorrectionResult {
    const result = this.#portfolio.applyCorrection(correction);
    if (result !== 'applied') return this.#drops.count(result);
    this.#valued((this.#portfolio.ledger.correction as CorrectionEffect).position);
    this.#changed();
    return result;
  }

  /** Funding was paid (positive) or received (negative) on a position. */
  onFunding(payment: Payment): PaymentResult {
    return this.#paid(this.#portfolio.applyFunding(payment));
  }

  /** Interest was paid on what was borrowed for a position. */
  onBorrow(payment: Payment): PaymentResult {
    return this.#paid(this.#portfolio.applyBorrow(payment));
  }

  /** Takes a new price of a contract. */
  onMark(mark: Mark): MarkResult {
    const result = this.#portfolio.applyMark(mark);
    if (result !== 'applied') return this.#drops.count(result);
    this.#tail.mark(mark);
    this.#stops.mark(mark);
    this.#correlation?.mark(mark);
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

  /** Takes a stop-loss, or its new price. */
  onStop(stop: StopOrder): StopResult {
    return this.#counted(this.#stops.place(stop));
  }

  /** Takes the end of a stop-loss that was cancelled. */
  onStopCancelled(stopId: string): StopResult {
    return this.#counted(this.#stops.cancel(stopId));
  }

  /** Takes the moment a stop-loss sent its order. */
  onStopTriggered(trigger: StopTrigger): StopResult {
    return this.#counted(this.#stops.trigger(trigger));
  }

  /** Takes the end of a stop-loss by its last fill. The fill itself is an event of its own. */
  onStopFilled(fill: StopFill): StopResult {
    return this.#counted(this.#stops.fill(fill));
  }

  /** Takes the average true range of a symbol, in which distances of stops are given too. */
  onAverageTrueRange(value: AverageTrueRangeValue): StopResult {
    return this.#counted(this.#stops.averageTrueRange(value));
  }

  /** Counts an order that a risk check did not let through. */
  onVeto(veto: Veto): VetoResult {
    const result = this.#vetoes.add(veto);
    return result === 'applied' ? result : this.#drops.count(result);
  }

  /** Trips the kill switch; returns false when it was tripped already. It stays so until {@link resetKillSwitch}. */
  tripKillSwitch(reason: string): boolean {
    return this.#killSwitch.trip(reason);
  }

  /**
   * Resets the kill switch; returns false when it was not tripped. A limit that is still breached trips it again only
   * after its use was below the limit once.
   */
  resetKillSwitch(): boolean {
    return this.#killSwitch.reset();
  }

  /** Exposure of all positions, and by every dimension, in the reporting currency. A live view. */
  exposure(): Omit<ExposureBook, 'open' | 'update' | 'updateFrom' | 'revalue' | 'exposureInto'> {
    return this.#portfolio.exposure;
  }

  /** Gross exposure over equity; undefined while equity is not positive. */
  leverage(): number | undefined {
    return this.#portfolio.leverage;
  }

  /** Fall of equity from its peak. A live view. */
  drawdown(): Omit<Drawdown, 'update'> {
    return this.#portfolio.drawdown;
  }

  /** Initial capital plus realized and unrealized P&L less fees, funding and borrow, in the reporting currency. */
  equity(): number {
    return this.#portfolio.equity;
  }

  /**
   * Loss of today's positions that is exceeded with probability 1 - `confidence`, and the mean loss beyond, in the
   * reporting currency and positive, by one of the `riskMethods`, the first unless given. A live object. NaN where
   * `cornish_fisher` has no value. Undefined before `defineReturns`, for a confidence outside 0.5 to 1 and for a method
   * that was not chosen.
   */
  tailRisk(confidence = 0.95, method?: RiskMethod): TailRisk | undefined {
    return this.#tail.tail(confidence, method);
  }

  /**
   * What each contract adds to value at risk and expected shortfall, and what one more unit of it would; the parts add
   * up to the whole. Costs a pass over all returns. Empty where {@link tailRisk} is undefined.
   */
  tailComponents(confidence = 0.95, method?: RiskMethod): readonly RiskComponent[] {
    return this.#tail.components(confidence, method);
  }

  /** How the forecasts fared that {@link closePeriod} compared: exceptions, Kupiec, Christoffersen, Basel. Live views. */
  backtests(): readonly TailBacktest[] {
    return this.#tail.states;
  }

  /** State of the configured limits. Live views. */
  limits(): readonly LimitState[] {
    return this.#limits;
  }

  /** Whether trading is to stop, and why. A live view; {@link resetKillSwitch} ends it. */
  killSwitch(): KillSwitchState {
    return this.#killSwitch;
  }

  /** Vetoes so far. */
  get vetoCount(): number {
    return this.#vetoes.count;
  }

  /** Stop-losses that are watched. */
  get stopCount(): number {
    return this.#stops.size;
  }

  /** Correlations as of the latest step that came back from the worker; undefined without, and before the first. */
  correlation(): CorrelationState | undefined {
    return this.#correlation?.state;
  }

  /** Positions and P&L behind the totals. Feed it through this class only. */
  get ledger(): Omit<
    PositionLedger,
    | 'applyFill'
    | 'applyMark'
    | 'applyTouch'
    | 'applyLastTrade'
    | 'applyFunding'
    | 'applyBorrow'
    | 'applyCorrection'
    | 'defineContract'
  > {
    return this.#portfolio.ledger;
  }

  /** Events refused, and events that left an amount out of the totals, so far. */
  get dropped(): number {
    return this.#drops.total;
  }

  /** Ends the worker of the correlations and the observed instruments; resolves when both are gone. Events may go on. */
  async close(): Promise<void> {
    this.#stopObserving();
    await this.#correlation?.close();
  }

  #observe(meter: Meter, instruments: Instruments, { groupLimit, componentLimit }: Settings): () => void {
    const groups = new GroupObserver(this.#portfolio, instruments, groupLimit);
    const components = new ComponentObserver(
      this.#tail,
      instruments,
      this.#portfolio.reportingCurrency,
      componentLimit,
    );
    const callback = (result: BatchObservableResult): void => {
      groups.observe(result);
      components.observe(result);
      this.#correlation?.observe(result);
    };
    const observed = instruments.observed;
    meter.addBatchObservableCallback(callback, observed);
    return () => meter.removeBatchObservableCallback(callback, observed);
  }

  #stateParts(): StateParts {
    return { tail: this.#tail, stops: this.#stops, limits: this.#watches, killSwitch: this.#killSwitch };
  }

  #counted(result: StopResult): StopResult {
    return result === 'applied' ? result : this.#drops.count(result);
  }

  #fill(fill: Fill): FillResult {
    const result = this.#portfolio.applyFill(fill);
    if (result !== 'applied') return this.#drops.count(result);
    this.#valued(this.#portfolio.ledger.effect.position as Position);
    this.#changed();
    return result;
  }

  #paid(result: PaymentResult): PaymentResult {
    if (result !== 'applied') return this.#drops.count(result);
    this.#valued(this.#portfolio.ledger.effect.position as Position);
    this.#changed();
    return result;
  }

  #changed(): void {
    if (this.#portfolio.missingRate) this.#drops.count('missing_rate');
    this.#gauges.totals();
    this.#tailGauges.update();
    // Last, because limits look at all of it and tell of what they see.
    this.#limitGauges.update();
  }

  #valued(position: Position): void {
    this.#gauges.position(position);
    this.#tail.update(position);
    this.#correlation?.update(position);
  }
}
