import type { Meter, ObservableResult } from '@opentelemetry/api';
import {
  type Fill,
  type FillEffect,
  type FillResult,
  type Mark,
  type MarkResult,
  type Position,
  PositionLedger,
  type Rate,
  RateBook,
  type RateResult,
} from '@nanometer/quant';
import type { Drops } from '../drops.ts';
import type { Settings } from '../options.ts';
import { LedgerInstruments } from './ledger-instruments.ts';
import { PositionSeries } from './position-series.ts';

/** Keeps the ledger of a desk and records what fills and marks change in it. */
export class LedgerRecorder {
  readonly ledger: PositionLedger;
  readonly rates: RateBook;
  readonly #instruments: LedgerInstruments;
  readonly #drops: Drops;
  /** By position handle. */
  readonly #series: PositionSeries[] = [];
  readonly #observe = (result: ObservableResult): void => result.observe(this.ledger.cashIdentityError());

  constructor(meter: Meter, drops: Drops, settings: Settings) {
    this.rates = new RateBook(settings.reportingCurrency);
    this.ledger = new PositionLedger({
      fillIdLimit: settings.fillIdLimit,
      positionLimit: settings.positionLimit,
      rates: this.rates,
    });
    for (const contract of settings.contracts) this.ledger.defineContract(contract);
    this.#instruments = new LedgerInstruments(meter);
    this.#drops = drops;
    this.#instruments.ledgerError.addCallback(this.#observe);
  }

  /** What the latest applied fill changed; overwritten by the next one. */
  get effect(): FillEffect {
    return this.ledger.effect;
  }

  filled(fill: Fill): FillResult {
    const result = this.ledger.applyFill(fill);
    if (result !== 'applied') return this.#drops.count(result);
    const effect = this.ledger.effect;
    this.#seriesOf(effect.position as Position).filled(fill, effect);
    if (effect.tradeFeesUnknown) this.#drops.count('missing_fee_rate');
    return result;
  }

  marked(mark: Mark): MarkResult {
    const result = this.ledger.applyMark(mark);
    if (result !== 'applied') return this.#drops.count(result);
    const positions = this.ledger.markedPositions;
    for (let at = 0; at < positions.length; at++) {
      const position = positions[at] as Position;
      this.#seriesOf(position).marked(position);
    }
    return result;
  }

  rated(rate: Rate): RateResult {
    const result = this.rates.applyRate(rate);
    return result === 'applied' ? result : this.#drops.count(result);
  }

  /** Stops reporting the self-check. Idempotent. */
  close(): void {
    this.#instruments.ledgerError.removeCallback(this.#observe);
  }

  #seriesOf(position: Position): PositionSeries {
    return (this.#series[position.handle] ??= new PositionSeries(this.#instruments, position));
  }
}
