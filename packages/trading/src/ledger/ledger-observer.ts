import type { Attributes, BatchObservableResult, Observable } from '@opentelemetry/api';
import { type Position, type PositionLedger, TradeStatistics } from '@nanometer/quant';
import {
  ATTR_EXCHANGE_NAME,
  ATTR_TRADING_ACCOUNT,
  ATTR_TRADING_CURRENCY,
  ATTR_TRADING_MARK_SOURCE,
  ATTR_TRADING_STRATEGY,
  ATTR_TRADING_SYMBOL,
} from '@nanometer/semconv';
import type { ObservedInstruments } from './ledger-instruments.ts';

const MILLISECONDS = 1000;

/** The closed trades of one strategy in one account and currency. */
class TradeGroup {
  readonly attributes: Attributes;
  statistics = new TradeStatistics();
  heldCostSeconds = 0;
  closedCost = 0;

  constructor({ account, strategy, contract }: Position) {
    this.attributes = {
      ...(account === '' ? {} : { [ATTR_TRADING_ACCOUNT]: account }),
      [ATTR_TRADING_STRATEGY]: strategy,
      [ATTR_TRADING_CURRENCY]: contract.currency,
    };
  }

  clear(): void {
    this.statistics = new TradeStatistics();
    this.heldCostSeconds = 0;
    this.closedCost = 0;
  }
}

/**
 * What a reader's collection computes: linear in the positions, nothing on the event path. Ratios are merged from the
 * statistics of the positions, which corrections rebuild, so they are as corrected as those.
 */
export class LedgerObserver {
  readonly #ledger: PositionLedger;
  readonly #now: () => number;
  readonly #groups: TradeGroup[] = [];
  readonly #groupByKey = new Map<string, TradeGroup>();
  /** By position handle. */
  readonly #groupOf: TradeGroup[] = [];

  constructor(ledger: PositionLedger, now: () => number) {
    this.#ledger = ledger;
    this.#now = now;
  }

  observe(result: BatchObservableResult, to: ObservedInstruments): void {
    result.observe(to.ledgerError, this.#ledger.cashIdentityError());
    const positions = this.#ledger.positions();
    this.#observeAges(result, to, positions);
    for (const group of this.#groups) group.clear();
    for (const position of positions) {
      const group = this.#groupFor(position);
      group.statistics.merge(position.trades);
      group.heldCostSeconds += position.heldCostSeconds;
      group.closedCost += position.closedCost;
    }
    for (const { attributes, statistics, heldCostSeconds, closedCost } of this.#groups) {
      const known = (instrument: Observable, value: number | undefined): void => {
        if (value !== undefined) result.observe(instrument, value, attributes);
      };
      known(to.winRate, statistics.winRate);
      known(to.profitFactor, statistics.profitFactor);
      known(to.expectancy, statistics.expectancy);
      known(to.payoff, statistics.payoff);
      known(to.quality, statistics.systemQuality);
      known(to.holding, closedCost > 0 ? heldCostSeconds / closedCost : undefined);
    }
  }

  #observeAges(result: BatchObservableResult, to: ObservedInstruments, positions: readonly Position[]): void {
    const nowMs = this.#now();
    const seen = new Set<object>();
    for (const { quantity, contract, markSource, markTimeMs, exchange, symbol } of positions) {
      // All positions of a contract have one price.
      if (quantity === 0 || markSource === undefined || markTimeMs === undefined || seen.has(contract)) continue;
      seen.add(contract);
      result.observe(to.markAge, (nowMs - markTimeMs) / MILLISECONDS, {
        [ATTR_EXCHANGE_NAME]: exchange,
        [ATTR_TRADING_SYMBOL]: symbol,
        [ATTR_TRADING_MARK_SOURCE]: markSource,
      });
    }
  }

  #groupFor(position: Position): TradeGroup {
    let group = this.#groupOf[position.handle];
    if (group !== undefined) return group;
    // As JSON, so that no two keys run into each other.
    const key = JSON.stringify([position.account, position.strategy, position.contract.currency]);
    group = this.#groupByKey.get(key);
    if (group === undefined) {
      group = new TradeGroup(position);
      this.#groupByKey.set(key, group);
      this.#groups.push(group);
    }
    this.#groupOf[position.handle] = group;
    return group;
  }
}
