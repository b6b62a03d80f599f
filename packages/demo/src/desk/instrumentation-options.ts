import type { MarketInstrumentationOptions } from '@nanometer/exchange';
import type { RiskInstrumentationOptions } from '@nanometer/risk';
import type { TradingInstrumentationOptions } from '@nanometer/trading';
import type { FeeSchedule, MarketSpec } from '../market/market-spec.ts';
import { MANUAL, MANUAL_LIMIT } from './manual-trader.ts';
import { TIGHT, WIDE } from './market-maker.ts';

/** One period of the desk's clock: returns, value at risk, experiments and regimes count in it, by event time. */
export const PERIOD_MS = 1_000;
/** What the desk starts from, in US dollars. */
export const CAPITAL = 100_000;
/** The benchmark of the strategies' attribution: the move of one market. */
export const ATTRIBUTION_BENCHMARK = 'market';
/** What the machines cost in a minute of market time, in US dollars. */
export const BILL = 0.05;

const YEAR_MS = 365 * 86_400_000;
/** Two minutes of periods: a recording of ten minutes then has a backtest of eight. */
const SCENARIOS = 120;
/** Steps that may wait for the worker: at speed `max` market time runs ahead of it. */
const CORRELATION_STEPS_MOST = 65_536;
/** Fewer have no correlation, and are no limit. */
const CORRELATION_SYMBOLS_LEAST = 2;
/** Typical volumes of a day in units of the instrument; VPIN's buckets are a fiftieth of it. */
const DAILY_VOLUMES: Readonly<Record<string, number>> = { BTC: 20_000, ETH: 200_000 };
const DAILY_VOLUME_OTHER = 1_000_000;

/** What the desk is told by its exchanges before it starts. */
export interface DeskMarkets {
  readonly contracts: readonly MarketSpec[];
  readonly fees: Readonly<Record<string, FeeSchedule>>;
  readonly rateLimits: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** The market that stands for the market as a whole: the first linear one in bitcoin, else the first. */
export function benchmarkOf(contracts: readonly MarketSpec[]): MarketSpec | undefined {
  return contracts.find(({ kind, baseCurrency }) => kind === 'linear' && baseCurrency === 'BTC') ?? contracts[0];
}

/** Analytics of the two strategies, which run side by side as arms of an experiment. */
export function tradingOptions({ contracts, fees }: DeskMarkets): TradingInstrumentationOptions {
  const benchmark = benchmarkOf(contracts);
  const periodsPerYear = YEAR_MS / PERIOD_MS;
  return {
    contracts,
    reportingCurrency: 'USD',
    execution: {
      // A sweep makes hundreds of quotes while the report of a fill is on its way.
      quoteHistoryLimit: 4_096,
      attribution: { benchmarks: [ATTRIBUTION_BENCHMARK], periodSeconds: PERIOD_MS / 1000, periodsPerYear },
    },
    analytics: {
      performance: {
        periodMs: PERIOD_MS,
        periodsPerYear,
        window: 300,
        capital: CAPITAL / 2,
        pairs: [[TIGHT.name, WIDE.name]],
        ...(benchmark === undefined ? {} : { benchmark }),
      },
      // A dollar in ten seconds is what would matter; the first minute measures the variance.
      experiments: [{ name: 'tight-vs-wide', a: TIGHT.name, b: WIDE.name, effect: 1, batch: 10, burnIn: 6 }],
      signals: { horizonsMs: [1_000, 10_000, 60_000], window: 200, pendingLimit: 65_536 },
      indicators: {
        periodMs: PERIOD_MS,
        indicators: [['ema', 20], 'rsi', 'macd', 'bollinger', 'atr'],
        source: 'quote',
      },
      regimes: { periodMs: PERIOD_MS },
      costs: { schedules: Object.fromEntries(Object.entries(fees).map(([name, fee]) => [name, tiersOf(fee)])) },
    },
  };
}

/** Limits in US dollars; the hard drawdown stops trading. `hasManual`: somebody trades by hand as well. */
export function riskOptions({ contracts }: DeskMarkets, hasManual: boolean): RiskInstrumentationOptions {
  const grossLimits = new Map([TIGHT, WIDE].map(({ name }) => [name, 100_000]));
  if (hasManual) grossLimits.set(MANUAL, MANUAL_LIMIT);
  return {
    contracts,
    reportingCurrency: 'USD',
    initialCapital: CAPITAL,
    limits: {
      grossExposure: { soft: 120_000, hard: 150_000 },
      netExposure: { soft: 80_000, hard: 100_000 },
      leverage: 2,
      drawdown: { soft: 500, hard: 1_000, kill: true },
      valueAtRisk: 1_000,
      groups: [...grossLimits].map(([group, grossExposure]) => ({ dimension: 'strategy', group, grossExposure })),
    },
    confidences: [0.95, 0.99],
    riskMethods: ['filtered_historical', 'historical', 'ewma'],
    scenarioCount: SCENARIOS,
    collectReturns: true,
    correlation: {
      gridStepMs: PERIOD_MS,
      minimumSteps: 30,
      // A step that waits takes a cell for every symbol there may be.
      symbolLimit: Math.max(CORRELATION_SYMBOLS_LEAST, contracts.length),
      stepQueueLimit: CORRELATION_STEPS_MOST,
    },
  };
}

/** Statistics of the markets themselves. */
export function marketOptions({ contracts }: DeskMarkets): MarketInstrumentationOptions {
  const dailyVolumes: Record<string, Record<string, number>> = {};
  for (const { exchange, symbol, kind, baseCurrency } of contracts) {
    const volume = kind === 'linear' ? DAILY_VOLUMES[baseCurrency] : undefined;
    (dailyVolumes[exchange] ??= {})[symbol] = volume ?? DAILY_VOLUME_OTHER;
  }
  return { dailyVolumes, statistics: { gridStep: PERIOD_MS, barLength: 10 * PERIOD_MS } };
}

/** The paper fee of an exchange and two better tiers above it, which show what more volume would save. */
function tiersOf({ makerBps, takerBps }: FeeSchedule): { volume: number; maker: number; taker: number }[] {
  const tier = (volume: number, saved: number): { volume: number; maker: number; taker: number } => ({
    volume,
    maker: (makerBps - saved) / 1e4,
    taker: (takerBps - 2 * saved) / 1e4,
  });
  return [tier(0, 0), tier(1_000_000, 0.1), tier(10_000_000, 0.2)];
}
