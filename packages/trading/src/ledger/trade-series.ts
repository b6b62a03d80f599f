import { type BoundCounter, type BoundHistogram, bindCounter, bindHistogram } from '@nanometer/metrics';
import type { FillEffect, TradeOutcome } from '@nanometer/quant';
import { ATTR_TRADING_TRADE_OUTCOME } from '@nanometer/semconv';
import type { PositionAttributes } from '../position-attributes.ts';
import type { LedgerInstruments } from './ledger-instruments.ts';

const MILLISECONDS = 1000;

/** The metrics of closed trades of one position, each series bound at its first use. */
export class TradeSeries {
  readonly #instruments: LedgerInstruments;
  readonly #attributes: PositionAttributes;
  #wins: BoundCounter | undefined = undefined;
  #losses: BoundCounter | undefined = undefined;
  #breakevens: BoundCounter | undefined = undefined;
  #gain: BoundCounter | undefined = undefined;
  #loss: BoundCounter | undefined = undefined;
  #duration: BoundHistogram | undefined = undefined;

  constructor(instruments: LedgerInstruments, attributes: PositionAttributes) {
    this.#instruments = instruments;
    this.#attributes = attributes;
  }

  /** Takes a fill that closed a trade with an outcome. */
  closed(effect: FillEffect): void {
    const { outcome } = effect;
    if (outcome === 'win') {
      this.#wins ??= this.#count(outcome);
      this.#wins.add(1);
      this.#gain ??= bindCounter(this.#instruments.tradeGain, this.#attributes.money);
      this.#gain.add(effect.tradeNetPnl);
    } else if (outcome === 'loss') {
      this.#losses ??= this.#count(outcome);
      this.#losses.add(1);
      this.#loss ??= bindCounter(this.#instruments.tradeLoss, this.#attributes.money);
      this.#loss.add(-effect.tradeNetPnl);
    } else {
      this.#breakevens ??= this.#count('breakeven');
      this.#breakevens.add(1);
    }
    if (effect.tradeDurationMs >= 0) this.#lasted(effect);
  }

  #lasted(effect: FillEffect): void {
    this.#duration ??= bindHistogram(this.#instruments.tradeDuration, this.#attributes.venue);
    this.#duration.record(effect.tradeDurationMs / MILLISECONDS);
  }

  #count(outcome: TradeOutcome): BoundCounter {
    return bindCounter(this.#instruments.tradeCount, {
      ...this.#attributes.key,
      [ATTR_TRADING_TRADE_OUTCOME]: outcome,
    });
  }
}
