import { isName } from '@nanometer/instrumentation';
import { bindUpDownCounter } from '@nanometer/metrics';
import { allocateCost, type Fill, type FillEffect, type Position, QuantError, type RateBook } from '@nanometer/quant';
import {
  ATTR_TRADING_CURRENCY,
  ATTR_TRADING_LIQUIDITY,
  ATTR_TRADING_STRATEGY,
  createCounter,
  createUpDownCounter,
  METRIC_TRADING_COST_FEE,
  METRIC_TRADING_COST_FEE_EFFECTIVE,
  METRIC_TRADING_COST_INFRASTRUCTURE,
  METRIC_TRADING_COST_INFRASTRUCTURE_UNALLOCATED,
  METRIC_TRADING_COST_MAKER_RATIO,
  METRIC_TRADING_COST_MAKER_SAVING,
  METRIC_TRADING_COST_MILLION,
  METRIC_TRADING_COST_NOTIONAL,
  METRIC_TRADING_COST_TIER,
  METRIC_TRADING_COST_TIER_DISTANCE,
  METRIC_TRADING_COST_TIER_SAVING,
  METRIC_TRADING_COST_TRADE_COST,
  METRIC_TRADING_COST_TRADE_NET,
  METRIC_TRADING_COST_VOLUME,
} from '@nanometer/semconv';
import type { Meter, UpDownCounter } from '@opentelemetry/api';
import type { Drops } from '../drops.ts';
import { ObservedGauges, type Observe } from '../observed-gauges.ts';
import type { BillEvent, BillResult, CostOptions } from './cost-options.ts';
import { type CostCounters, ExchangeCosts, type ExchangeCostsSnapshot } from './exchange-costs.ts';
import { StrategyCosts } from './strategy-costs.ts';

const GAUGES = {
  effective: METRIC_TRADING_COST_FEE_EFFECTIVE,
  makerRatio: METRIC_TRADING_COST_MAKER_RATIO,
  volume: METRIC_TRADING_COST_VOLUME,
  tier: METRIC_TRADING_COST_TIER,
  tierDistance: METRIC_TRADING_COST_TIER_DISTANCE,
  tierSaving: METRIC_TRADING_COST_TIER_SAVING,
  makerSaving: METRIC_TRADING_COST_MAKER_SAVING,
  tradeNet: METRIC_TRADING_COST_TRADE_NET,
  tradeCost: METRIC_TRADING_COST_TRADE_COST,
  million: METRIC_TRADING_COST_MILLION,
} as const;

/** State of a {@link CostRecorder}, plain data. */
export interface CostSnapshot {
  readonly exchanges: readonly { readonly exchange: string; readonly costs: ExchangeCostsSnapshot }[];
  readonly strategies: readonly { readonly strategy: string; readonly costs: readonly number[] }[];
}

/** Fees, tiers and the infrastructure of strategies, all in the reporting currency. */
export class CostRecorder {
  readonly #rates: RateBook;
  readonly #drops: Drops;
  readonly #options: CostOptions;
  readonly #limit: number;
  readonly #fillProbability: number;
  readonly #counters: CostCounters;
  readonly #infrastructure: UpDownCounter;
  readonly #unallocated: UpDownCounter;
  readonly #exchanges = new Map<string, ExchangeCosts>();
  readonly #strategies = new Map<string, StrategyCosts>();
  readonly #gauges: ObservedGauges<typeof GAUGES>;

  /** Throws a `QuantError` `invalid_option`. */
  constructor(meter: Meter, drops: Drops, rates: RateBook, options: CostOptions) {
    this.#rates = rates;
    this.#drops = drops;
    this.#options = options;
    this.#limit = options.limit ?? 1024;
    this.#fillProbability = options.makerFillProbability ?? 0.5;
    if (!(this.#fillProbability >= 0 && this.#fillProbability <= 1)) {
      const given = `makerFillProbability is ${this.#fillProbability}`;
      throw new QuantError('invalid_option', `${given}; it must lie between 0 and 1`);
    }
    this.#counters = {
      notional: createCounter(meter, METRIC_TRADING_COST_NOTIONAL),
      fee: createUpDownCounter(meter, METRIC_TRADING_COST_FEE),
    };
    this.#infrastructure = createUpDownCounter(meter, METRIC_TRADING_COST_INFRASTRUCTURE);
    this.#unallocated = createUpDownCounter(meter, METRIC_TRADING_COST_INFRASTRUCTURE_UNALLOCATED);
    // Schedules that cannot be used are refused now and not at the first fill.
    for (const exchange of Object.keys(options.schedules ?? {})) this.#costsOf(exchange);
    this.#gauges = new ObservedGauges(meter, GAUGES, (observe) => this.#read(observe));
  }

  /** Takes an applied fill. */
  filled(fill: Fill, effect: FillEffect): void {
    const exchange = this.#costsOf(fill.exchange);
    const strategy = this.#strategyOf(fill.strategy);
    if (exchange === undefined || strategy === undefined) {
      this.#drops.count('cost_limit');
      return;
    }
    const notional = effect.notional * this.#rates.rate(effect.notionalCurrency);
    const fee = effect.fee === 0 ? 0 : effect.fee * this.#rates.rate(effect.feeCurrency);
    if (Number.isFinite(notional) && Number.isFinite(fee)) {
      exchange.filled(fill.liquidity, notional, fee, fill.timeMs);
      strategy.notional.add(notional);
      strategy.fees.add(fee);
    } else this.#drops.count('missing_cost_rate');
    if (effect.outcome !== undefined) this.#closed(strategy, effect);
  }

  /** Divides a bill among strategies. */
  billed(event: BillEvent): BillResult {
    const fault = faultOf(event);
    if (fault !== undefined) return this.#drops.count(fault);
    const names = Object.keys(event.usage);
    const fresh = names.filter((name) => !this.#strategies.has(name)).length;
    if (this.#strategies.size + fresh > this.#limit) return this.#drops.count('strategy_limit');
    const usages = names.map((name) => event.usage[name] ?? 0);
    const allocation = allocateCost(event.amount, usages, event.capacity);
    if (allocation === undefined) return this.#drops.count('invalid_amount');
    const currency = { [ATTR_TRADING_CURRENCY]: this.#rates.reportingCurrency };
    names.forEach((name, at) => {
      const share = allocation.shares[at] ?? 0;
      this.#strategyOf(name)?.infrastructure.add(share);
      bindUpDownCounter(this.#infrastructure, { ...currency, [ATTR_TRADING_STRATEGY]: name }).add(share);
    });
    bindUpDownCounter(this.#unallocated, currency).add(allocation.unallocated);
    return 'applied';
  }

  snapshot(): CostSnapshot {
    return {
      exchanges: [...this.#exchanges].map(([exchange, costs]) => ({ exchange, costs: costs.snapshot() })),
      strategies: [...this.#strategies].map(([strategy, costs]) => ({ strategy, costs: costs.snapshot() })),
    };
  }

  /** Throws a `QuantError` `invalid_snapshot`. */
  restore(snapshot: CostSnapshot): void {
    for (const { exchange, costs } of snapshot.exchanges) this.#costsOf(exchange)?.restore(costs);
    for (const { strategy, costs } of snapshot.strategies) this.#strategyOf(strategy)?.restore(costs);
  }

  close(): void {
    this.#gauges.close();
  }

  #closed(strategy: StrategyCosts, { tradeNetPnl, position }: FillEffect): void {
    const rate = this.#rates.rate((position as Position).contract.currency);
    const result = tradeNetPnl === 0 ? 0 : tradeNetPnl * rate;
    if (!Number.isFinite(result)) {
      this.#drops.count('missing_cost_rate');
      return;
    }
    strategy.results.add(result);
    strategy.trades++;
  }

  #read(observe: Observe<keyof typeof GAUGES>): void {
    for (const costs of this.#exchanges.values()) this.#readExchange(observe, costs);
    for (const [strategy, costs] of this.#strategies) {
      const money = {
        [ATTR_TRADING_STRATEGY]: strategy,
        [ATTR_TRADING_CURRENCY]: this.#rates.reportingCurrency,
      };
      observe('tradeNet', costs.netPerTrade, money);
      observe('tradeCost', costs.costPerTrade, money);
      observe('million', costs.costPerMillion, money);
    }
  }

  #readExchange(observe: Observe<keyof typeof GAUGES>, costs: ExchangeCosts): void {
    const { account, volume, schedule, attributes, money } = costs;
    for (const liquidity of ['maker', 'taker'] as const) {
      const own = { ...attributes, [ATTR_TRADING_LIQUIDITY]: liquidity };
      observe('effective', account.effectiveBps(liquidity), own);
    }
    observe('makerRatio', account.makerRatio, attributes);
    const total = volume.total;
    if (account.makerRatio !== undefined) observe('volume', total, money);
    if (schedule === undefined) return;
    const { tier, distance } = schedule.standingAt(total);
    const maker = account.notional('maker');
    const taker = account.notional('taker');
    observe('tier', tier, attributes);
    observe('tierDistance', distance, money);
    observe('tierSaving', schedule.savingAtNext(total, maker, taker), money);
    observe('makerSaving', schedule.savingAsMaker(total, taker, this.#fillProbability), money);
  }

  #costsOf(exchange: string): ExchangeCosts | undefined {
    const known = this.#exchanges.get(exchange);
    if (known !== undefined || this.#exchanges.size >= this.#limit) return known;
    const { schedules = {}, volumeDays = 30 } = this.#options;
    const tiers = Object.hasOwn(schedules, exchange) ? schedules[exchange] : undefined;
    const costs = new ExchangeCosts(this.#counters, exchange, this.#rates.reportingCurrency, volumeDays, tiers);
    this.#exchanges.set(exchange, costs);
    return costs;
  }

  #strategyOf(strategy: string): StrategyCosts | undefined {
    const known = this.#strategies.get(strategy);
    if (known !== undefined || this.#strategies.size >= this.#limit) return known;
    const costs = new StrategyCosts();
    this.#strategies.set(strategy, costs);
    return costs;
  }
}

function faultOf(event: BillEvent): Exclude<BillResult, 'applied'> | undefined {
  if (typeof event !== 'object' || event === null) return 'invalid_event';
  if (!(event.amount >= 0 && event.amount < Infinity)) return 'invalid_amount';
  if (typeof event.usage !== 'object' || event.usage === null) return 'invalid_event';
  return Object.keys(event.usage).every((name) => isName(name)) ? undefined : 'invalid_strategy';
}
