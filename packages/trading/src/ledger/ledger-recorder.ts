import type { BatchObservableResult, Meter, UpDownCounter } from '@opentelemetry/api';
import {
  type Correction,
  type CorrectionEffect,
  type CorrectionResult,
  type Fill,
  type FillEffect,
  type FillResult,
  type Mark,
  type MarkResult,
  type Payment,
  type PaymentResult,
  type Position,
  PositionLedger,
  type PositionLedgerOptions,
  type Rate,
  RateBook,
  type RateResult,
  type Touch,
} from '@nanometer/quant';
import { isAmount } from '../amount.ts';
import type { Drops } from '../drops.ts';
import type { Settings } from '../options.ts';
import { LedgerInstruments } from './ledger-instruments.ts';
import { LedgerObserver } from './ledger-observer.ts';
import { PositionSeries } from './position-series.ts';

/** Keeps the ledger of a desk and records what events change in it. */
export class LedgerRecorder {
  readonly ledger: PositionLedger;
  readonly rates: RateBook;
  readonly #meter: Meter;
  readonly #instruments: LedgerInstruments;
  readonly #drops: Drops;
  /** By position handle. */
  readonly #series: PositionSeries[] = [];
  readonly #observer: LedgerObserver;
  readonly #observe = (result: BatchObservableResult): void =>
    this.#observer.observe(result, this.#instruments.observed);
  #mergedLots = 0;

  constructor(meter: Meter, drops: Drops, settings: Settings) {
    const { state, now, ...chosen } = settings.ledger;
    this.rates = new RateBook(settings.reportingCurrency);
    const options: PositionLedgerOptions = {
      fillIdLimit: settings.fillIdLimit,
      positionLimit: settings.positionLimit,
      rates: this.rates,
      ...given(chosen),
    };
    this.ledger = state === undefined ? new PositionLedger(options) : PositionLedger.restore(state, options);
    for (const contract of settings.contracts) this.ledger.defineContract(contract);
    this.#meter = meter;
    this.#instruments = new LedgerInstruments(meter);
    this.#drops = drops;
    this.#mergedLots = this.ledger.mergedLots;
    this.#observer = new LedgerObserver(this.ledger, now ?? Date.now);
    for (const position of this.ledger.positions()) this.#seriesOf(position).resumed(position);
    meter.addBatchObservableCallback(this.#observe, this.#instruments.observed.all);
  }

  /** What the latest applied fill changed; overwritten by the next one. */
  get effect(): FillEffect {
    return this.ledger.effect;
  }

  /** Whether {@link marked} would find a contract and a price. */
  canPrice(mark: Mark): boolean {
    return isAmount(mark.price) && this.ledger.contract(mark.exchange, mark.symbol) !== undefined;
  }

  filled(fill: Fill): FillResult {
    const result = this.ledger.applyFill(fill);
    if (result !== 'applied') return this.#drops.count(result);
    const effect = this.ledger.effect;
    this.#seriesOf(effect.position as Position).filled(fill, effect);
    this.#countLeftOut(effect);
    return result;
  }

  funded(payment: Payment): PaymentResult {
    return this.#paid(this.ledger.applyFunding(payment), this.#instruments.funding);
  }

  borrowed(payment: Payment): PaymentResult {
    return this.#paid(this.ledger.applyBorrow(payment), this.#instruments.borrow);
  }

  corrected(correction: Correction): CorrectionResult {
    const result = this.ledger.applyCorrection(correction);
    if (result !== 'applied') return this.#drops.count(result);
    const effect = this.ledger.correction as CorrectionEffect;
    this.#seriesOf(effect.position).corrected(effect);
    return result;
  }

  marked(mark: Mark): MarkResult {
    const result = this.ledger.applyMark(mark);
    return result === 'applied' ? this.#valued() : this.#drops.count(result);
  }

  /** A quote that another concern has accepted and counted: here it is a price or none. */
  quoted(touch: Touch): void {
    if (this.ledger.applyTouch(touch) === 'applied') this.#valued();
  }

  rated(rate: Rate): RateResult {
    const result = this.rates.applyRate(rate);
    return result === 'applied' ? result : this.#drops.count(result);
  }

  /** Stops computing what is computed when readers collect. Idempotent. */
  close(): void {
    this.#meter.removeBatchObservableCallback(this.#observe, this.#instruments.observed.all);
  }

  #valued(): 'applied' {
    const positions = this.ledger.markedPositions;
    for (let at = 0; at < positions.length; at++) {
      const position = positions[at] as Position;
      this.#seriesOf(position).marked(position);
    }
    return 'applied';
  }

  #paid(result: PaymentResult, instrument: UpDownCounter): PaymentResult {
    if (result !== 'applied') return this.#drops.count(result);
    const effect = this.ledger.effect;
    this.#seriesOf(effect.position as Position).paid(effect, instrument);
    this.#countLeftOut(effect);
    return result;
  }

  #countLeftOut(effect: FillEffect): void {
    if (effect.feeUnconverted) this.#drops.count('cost_unconverted');
    if (effect.tradeFeesUnknown) this.#drops.count('missing_fee_rate');
    for (const merged = this.ledger.mergedLots; this.#mergedLots < merged; this.#mergedLots++) {
      this.#drops.count('lots_merged');
    }
  }

  #seriesOf(position: Position): PositionSeries {
    return (this.#series[position.handle] ??= new PositionSeries(this.#instruments, position));
  }
}

/** Without the options that are left out, whose defaults are the ledger's. */
function given<Options extends object>(options: Options): { [Key in keyof Options]: Exclude<Options[Key], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    [Key in keyof Options]: Exclude<Options[Key], undefined>;
  };
}
