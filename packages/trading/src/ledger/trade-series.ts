import { type BoundCounter, type BoundHistogram, bindCounter, bindHistogram } from '@nanometer/metrics';
import type { ClosedTradeList, CorrectionEffect, FillEffect, TradeOutcome } from '@nanometer/quant';
import { ATTR_TRADING_EXCURSION_DIRECTION, ATTR_TRADING_TRADE_OUTCOME } from '@nanometer/semconv';
import type { PositionAttributes } from '../position-attributes.ts';
import type { LedgerInstruments } from './ledger-instruments.ts';

const MILLISECONDS = 1000;
const BASIS_POINTS = 10_000;

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
  #adverse: BoundHistogram | undefined = undefined;
  #favorable: BoundHistogram | undefined = undefined;

  constructor(instruments: LedgerInstruments, attributes: PositionAttributes) {
    this.#instruments = instruments;
    this.#attributes = attributes;
  }

  /** Takes a fill that closed trades. */
  closed({ closedTrades }: FillEffect): void {
    for (let at = 0; at < closedTrades.count; at++) this.#closed(closedTrades, at);
  }

  /** Takes a correction: what it adds is counted, what it takes back is counted as retracted. */
  corrected(effect: CorrectionEffect): void {
    const { tradeGain, tradeGainRetracted, tradeLoss, tradeLossRetracted } = this.#instruments;
    const { key, money } = this.#attributes;
    const outcomes: readonly (readonly [TradeOutcome, number])[] = [
      ['win', effect.wins],
      ['loss', effect.losses],
      ['breakeven', effect.breakevens],
    ];
    for (const [outcome, change] of outcomes) {
      if (change === 0) continue;
      const { tradeCount, tradeRetracted } = this.#instruments;
      const attributes = { ...key, [ATTR_TRADING_TRADE_OUTCOME]: outcome };
      (change > 0 ? tradeCount : tradeRetracted).add(Math.abs(change), attributes);
    }
    const { grossProfit, grossLoss } = effect;
    if (grossProfit !== 0) (grossProfit > 0 ? tradeGain : tradeGainRetracted).add(Math.abs(grossProfit), money);
    if (grossLoss !== 0) (grossLoss > 0 ? tradeLoss : tradeLossRetracted).add(Math.abs(grossLoss), money);
  }

  #closed(trades: ClosedTradeList, at: number): void {
    const outcome = trades.outcome(at);
    if (outcome === 'win') {
      this.#wins ??= this.#count(outcome);
      this.#wins.add(1);
      this.#gain ??= bindCounter(this.#instruments.tradeGain, this.#attributes.money);
      this.#gain.add(trades.netPnl(at));
    } else if (outcome === 'loss') {
      this.#losses ??= this.#count(outcome);
      this.#losses.add(1);
      this.#loss ??= bindCounter(this.#instruments.tradeLoss, this.#attributes.money);
      this.#loss.add(-trades.netPnl(at));
    } else {
      this.#breakevens ??= this.#count('breakeven');
      this.#breakevens.add(1);
    }
    if (trades.durationMs(at) >= 0) this.#lasted(trades, at);
    if (trades.entryCost(at) > 0) this.#strayed(trades, at);
  }

  #lasted(trades: ClosedTradeList, at: number): void {
    this.#duration ??= bindHistogram(this.#instruments.tradeDuration, this.#attributes.venue);
    this.#duration.record(trades.durationMs(at) / MILLISECONDS);
  }

  #strayed(trades: ClosedTradeList, at: number): void {
    this.#adverse ??= this.#excursion('adverse');
    this.#adverse.record((trades.adverseExcursion(at) / trades.entryCost(at)) * BASIS_POINTS);
    this.#favorable ??= this.#excursion('favorable');
    this.#favorable.record((trades.favorableExcursion(at) / trades.entryCost(at)) * BASIS_POINTS);
  }

  #excursion(direction: string): BoundHistogram {
    return bindHistogram(this.#instruments.tradeExcursion, {
      ...this.#attributes.venue,
      [ATTR_TRADING_EXCURSION_DIRECTION]: direction,
    });
  }

  #count(outcome: TradeOutcome): BoundCounter {
    return bindCounter(this.#instruments.tradeCount, {
      ...this.#attributes.key,
      [ATTR_TRADING_TRADE_OUTCOME]: outcome,
    });
  }
}
