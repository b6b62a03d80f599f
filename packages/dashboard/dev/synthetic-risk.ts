import {
  ATTR_EXCHANGE_LIMITER as LIMITER,
  ATTR_EXCHANGE_NAME as EXCHANGE,
  ATTR_RISK_CONFIDENCE as CONFIDENCE,
  ATTR_RISK_METHOD as METHOD,
  ATTR_TRADING_CURRENCY as CURRENCY,
  ATTR_TRADING_EXPERIMENT_NAME as EXPERIMENT,
  ATTR_TRADING_EXPERIMENT_STATE as STATE,
  ATTR_TRADING_LIQUIDITY as LIQUIDITY,
  ATTR_TRADING_MARKOUT_HORIZON as HORIZON,
  ATTR_TRADING_PERFORMANCE_WINDOW as PERFORMANCE_WINDOW,
  ATTR_TRADING_STRATEGY as STRATEGY,
  ATTR_TRADING_SYMBOL as SYMBOL,
  METRIC_EXCHANGE_RATE_LIMIT_RESET,
  METRIC_EXCHANGE_RATE_LIMIT_UTILIZATION,
  METRIC_MARKET_QUOTE_COUNT,
  METRIC_MARKET_TRADE_COUNT,
  METRIC_RISK_EXPECTED_SHORTFALL,
  METRIC_RISK_VALUE_AT_RISK,
  METRIC_RISK_VALUE_AT_RISK_BASEL_EXCEPTIONS,
  METRIC_RISK_VALUE_AT_RISK_CONDITIONAL_COVERAGE,
  METRIC_RISK_VALUE_AT_RISK_EXCEPTION_COUNT,
  METRIC_RISK_VALUE_AT_RISK_INDEPENDENCE,
  METRIC_RISK_VALUE_AT_RISK_KUPIEC,
  METRIC_RISK_VALUE_AT_RISK_PERIOD_COUNT,
  METRIC_TRADING_EDGE_HALF_LIFE,
  METRIC_TRADING_EDGE_HALF_LIFE_ERROR,
  METRIC_TRADING_EXPERIMENT_BATCH_COUNT,
  METRIC_TRADING_EXPERIMENT_EFFECT,
  METRIC_TRADING_EXPERIMENT_EFFECT_HIGH,
  METRIC_TRADING_EXPERIMENT_EFFECT_LOW,
  METRIC_TRADING_EXPERIMENT_PVALUE,
  METRIC_TRADING_EXPERIMENT_STATE,
  METRIC_TRADING_MARKOUT_EDGE,
  METRIC_TRADING_MARKOUT_ERROR,
  METRIC_TRADING_STRATEGY_CALMAR,
  METRIC_TRADING_STRATEGY_PERIOD_COUNT,
  METRIC_TRADING_STRATEGY_SHARPE,
  METRIC_TRADING_STRATEGY_SHARPE_ERROR,
  METRIC_TRADING_STRATEGY_SORTINO,
} from '@nanometer/semconv';
import type { LiveServer } from '@nanometer/live';
import type { Publisher } from './publisher.ts';
import type { Random } from './random.ts';

const METHODS = [
  { name: 'filtered_historical', factor: 1, exceptions: 3, kupiec: 0.09, basel: 3 },
  { name: 'historical', factor: 1.12, exceptions: 4, kupiec: 0.77, basel: 4 },
  { name: 'parametric', factor: 0.82, exceptions: 8, kupiec: 7.73, basel: 8 },
] as const;
const HORIZONS = [0, 0.1, 0.5, 1, 5, 10, 30, 60, 300] as const;
const SYMBOLS = ['BTCUSDT', 'ETHUSDT', 'SOLUSDT', 'BNBUSDT', 'XRPUSDT', 'DOGEUSDT', 'ADAUSDT', 'LINKUSDT', 'LTCUSDT'];
const VENUES = ['binance-spot', 'binance-usdm', 'coinbase'] as const;

/** The analytic half of the synthetic desk: tail risk, markouts, tests, limits, activity, correlation. */
export class SyntheticRisk {
  readonly #desk: Publisher;
  readonly #random: Random;
  readonly #server: LiveServer;
  #correlatedMs = 0;

  constructor(desk: Publisher, random: Random, server: LiveServer) {
    this.#desk = desk;
    this.#random = random;
    this.#server = server;
  }

  step(timeMs: number, seconds: number, gross: number, strategies: readonly string[]): void {
    this.#tail(timeMs, gross);
    for (const [index, strategy] of strategies.entries()) this.#strategy(timeMs, strategy, index);
    this.#experiment(timeMs);
    this.#exchanges(timeMs, seconds);
    if (timeMs - this.#correlatedMs >= 1000) this.#correlate(timeMs);
  }

  #tail(timeMs: number, gross: number): void {
    for (const { name, factor, exceptions, kupiec, basel } of METHODS) {
      for (const [confidence, quantile, due] of [['0.95', 1.64, 12] as const, ['0.99', 2.33, exceptions] as const]) {
        const level = { [METHOD]: name, [CONFIDENCE]: confidence };
        const amount = gross * 0.02 * factor * quantile;
        this.#desk.set(timeMs, METRIC_RISK_VALUE_AT_RISK, { ...level, [CURRENCY]: 'USD' }, amount);
        this.#desk.set(timeMs, METRIC_RISK_EXPECTED_SHORTFALL, { ...level, [CURRENCY]: 'USD' }, amount * 1.25);
        this.#desk.set(timeMs, METRIC_RISK_VALUE_AT_RISK_PERIOD_COUNT, level, 250);
        this.#desk.set(timeMs, METRIC_RISK_VALUE_AT_RISK_EXCEPTION_COUNT, level, due);
        this.#desk.set(timeMs, METRIC_RISK_VALUE_AT_RISK_KUPIEC, level, kupiec);
        this.#desk.set(timeMs, METRIC_RISK_VALUE_AT_RISK_INDEPENDENCE, level, 0.4);
        this.#desk.set(timeMs, METRIC_RISK_VALUE_AT_RISK_CONDITIONAL_COVERAGE, level, kupiec + 0.4);
      }
      this.#desk.set(timeMs, METRIC_RISK_VALUE_AT_RISK_BASEL_EXCEPTIONS, { [METHOD]: name }, basel);
    }
  }

  #strategy(timeMs: number, strategy: string, index: number): void {
    const curve = { [STRATEGY]: strategy, [EXCHANGE]: 'binance-spot', [LIQUIDITY]: 'maker', [CURRENCY]: 'USDT' };
    for (const horizon of HORIZONS) {
      const edge = -0.4 + (1.6 - 0.5 * index) * Math.exp(-horizon / (8 + 20 * index)) + 0.02 * this.#random.normal();
      const point = { ...curve, [HORIZON]: String(horizon) };
      this.#desk.set(timeMs, METRIC_TRADING_MARKOUT_EDGE, point, edge);
      this.#desk.set(timeMs, METRIC_TRADING_MARKOUT_ERROR, point, 0.08 + 0.02 * Math.sqrt(horizon));
    }
    this.#desk.set(timeMs, METRIC_TRADING_EDGE_HALF_LIFE, curve, (8 + 20 * index) * Math.LN2);
    this.#desk.set(timeMs, METRIC_TRADING_EDGE_HALF_LIFE_ERROR, curve, 1.4);
    const performance = { [STRATEGY]: strategy, [PERFORMANCE_WINDOW]: 'since_start' };
    this.#desk.set(timeMs, METRIC_TRADING_STRATEGY_SHARPE, performance, 1.8 - index * 0.7);
    this.#desk.set(timeMs, METRIC_TRADING_STRATEGY_SHARPE_ERROR, performance, 0.61);
    this.#desk.set(timeMs, METRIC_TRADING_STRATEGY_SORTINO, performance, 2.4 - index);
    this.#desk.set(timeMs, METRIC_TRADING_STRATEGY_CALMAR, performance, 3.1 - index);
    this.#desk.set(timeMs, METRIC_TRADING_STRATEGY_PERIOD_COUNT, performance, 900);
  }

  #experiment(timeMs: number): void {
    const name = { [EXPERIMENT]: 'tight-vs-wide' };
    for (const state of ['undecided', 'a_better', 'b_better']) {
      const value = state === 'undecided' ? 1 : 0;
      this.#desk.set(timeMs, METRIC_TRADING_EXPERIMENT_STATE, { ...name, [STATE]: state }, value);
    }
    this.#desk.set(timeMs, METRIC_TRADING_EXPERIMENT_EFFECT, name, 0.0412);
    this.#desk.set(timeMs, METRIC_TRADING_EXPERIMENT_EFFECT_LOW, name, -0.118);
    this.#desk.set(timeMs, METRIC_TRADING_EXPERIMENT_EFFECT_HIGH, name, 0.2004);
    this.#desk.set(timeMs, METRIC_TRADING_EXPERIMENT_PVALUE, name, 0.412);
    this.#desk.set(timeMs, METRIC_TRADING_EXPERIMENT_BATCH_COUNT, name, 120);
  }

  #exchanges(timeMs: number, seconds: number): void {
    VENUES.forEach((venue, index) => {
      const limiter = { [EXCHANGE]: venue, [LIMITER]: 'request_weight_1m' };
      const use = 0.35 + 0.5 * Math.abs(Math.sin(timeMs / 20_000 + index));
      this.#desk.set(timeMs, METRIC_EXCHANGE_RATE_LIMIT_UTILIZATION, limiter, use);
      this.#desk.set(timeMs, METRIC_EXCHANGE_RATE_LIMIT_RESET, limiter, 60 - ((timeMs / 1000) % 60));
      SYMBOLS.slice(0, 9 - 2 * index).forEach((symbol, rank) => {
        const market = { [EXCHANGE]: venue, [SYMBOL]: symbol };
        const wave = 1 + 0.8 * Math.sin(timeMs / (4000 + 900 * rank) + rank) ** 3;
        const rate = (600 / (1 + rank)) * wave * seconds;
        this.#desk.add(timeMs, METRIC_MARKET_QUOTE_COUNT, market, this.#random.poisson(rate));
        this.#desk.add(timeMs, METRIC_MARKET_TRADE_COUNT, market, this.#random.poisson(rate / 12));
      });
    });
  }

  #correlate(timeMs: number): void {
    this.#correlatedMs = timeMs;
    const count = SYMBOLS.length;
    const loads = SYMBOLS.map((_, index) => 0.95 - 0.16 * (index % 5) - (index === 7 ? 1.1 : 0));
    const matrix: number[] = [];
    for (let row = 0; row < count; row++) {
      for (let column = 0; column < count; column++) {
        const value =
          (loads[row] as number) * (loads[column] as number) + 0.02 * Math.sin(timeMs / 5000 + row * column);
        matrix.push(row === column ? 1 : Math.max(-1, Math.min(1, value)));
      }
    }
    const symbols = SYMBOLS.map((symbol) => `binance-spot/${symbol}`);
    this.#server.publishEvent('correlation', { timeMs, symbols, matrix, method: 'ewma' }, { retain: true });
  }
}
