import { type BoundCounter, type BoundUpDownCounter, bindCounter, bindUpDownCounter } from '@nanometer/metrics';
import { FeeAccount, FeeSchedule, type FeeTier, type Liquidity, RollingVolume } from '@nanometer/quant';
import { ATTR_EXCHANGE_NAME, ATTR_TRADING_CURRENCY, ATTR_TRADING_LIQUIDITY } from '@nanometer/semconv';
import type { Attributes, Counter, UpDownCounter } from '@opentelemetry/api';

/** State of {@link ExchangeCosts}, plain data. */
export interface ExchangeCostsSnapshot {
  readonly account: readonly number[];
  readonly volume: readonly number[];
}

/** Counters of traded value and fees. */
export interface CostCounters {
  readonly notional: Counter;
  readonly fee: UpDownCounter;
}

class LiquidityCounters {
  readonly notional: BoundCounter;
  readonly fee: BoundUpDownCounter;

  constructor(counters: CostCounters, attributes: Attributes) {
    this.notional = bindCounter(counters.notional, attributes);
    this.fee = bindUpDownCounter(counters.fee, attributes);
  }
}

/** What trading on one exchange cost. */
export class ExchangeCosts {
  readonly account: FeeAccount = new FeeAccount();
  readonly volume: RollingVolume;
  readonly schedule: FeeSchedule | undefined;
  readonly attributes: Attributes;
  readonly money: Attributes;
  readonly #counters: CostCounters;
  readonly #bound: Partial<Record<Liquidity, LiquidityCounters>> = {};

  constructor(
    counters: CostCounters,
    exchange: string,
    currency: string,
    days: number,
    tiers: readonly FeeTier[] | undefined,
  ) {
    this.#counters = counters;
    this.volume = new RollingVolume(days);
    this.schedule = tiers && new FeeSchedule(tiers);
    this.attributes = { [ATTR_EXCHANGE_NAME]: exchange };
    this.money = { ...this.attributes, [ATTR_TRADING_CURRENCY]: currency };
  }

  /** A fill's traded value and fee in the reporting currency. */
  filled(liquidity: Liquidity, notional: number, fee: number, timeMs: number): void {
    this.account.add(liquidity, notional, fee);
    this.volume.add(notional, timeMs);
    this.#bound[liquidity] ??= new LiquidityCounters(this.#counters, {
      ...this.money,
      [ATTR_TRADING_LIQUIDITY]: liquidity,
    });
    this.#bound[liquidity].notional.add(notional);
    this.#bound[liquidity].fee.add(fee);
  }

  snapshot(): ExchangeCostsSnapshot {
    return { account: this.account.snapshot(), volume: this.volume.snapshot() };
  }

  /** Throws a `QuantError` `invalid_snapshot`. */
  restore(snapshot: ExchangeCostsSnapshot): void {
    this.account.restore(snapshot.account);
    this.volume.restore(snapshot.volume);
  }
}
