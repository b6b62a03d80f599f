import { type MeterOptions, meterOf } from '@nanometer/instrumentation';
import { BookStatistics, MarketMicrostructure, type MicrostructureOptions } from '@nanometer/quant';
import type { Meter } from '@opentelemetry/api';
import { ExchangeOptionError } from '../options.ts';
import { VERSION } from '../version.ts';

/** Daily volumes in units of the instrument: exchange → symbol → volume. */
export type DailyVolumes = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** Windows and limits of the statistics, see `MicrostructureOptions` of `@nanometer/quant`; times in milliseconds. */
export type MarketStatisticsOptions = Omit<MicrostructureOptions, 'vpin' | 'onFlowWindow' | 'onRecovery'>;

export interface MarketInstrumentationOptions extends MeterOptions {
  /** Exchanges followed; default 32. */
  readonly exchangeLimit?: number;
  /** Symbols followed per exchange; further ones are only counted, as `_OTHER`; default 256. */
  readonly symbolLimit?: number;
  /** Levels of a book whose sizes make its imbalance; default 5. */
  readonly bookLevels?: number;
  /** Distance from the mid within which depth and slope are measured; default 10. */
  readonly withinBps?: number;
  /** Milliseconds that make a year of volatility; default 365 days. */
  readonly yearMs?: number;
  /** Usual daily volumes: VPIN, whose buckets are a fiftieth of it, is computed for these markets only. */
  readonly dailyVolumes?: DailyVolumes;
  readonly statistics?: MarketStatisticsOptions;
}

/** Options with every default filled in. */
export interface MarketSettings {
  readonly meter: Meter;
  readonly exchangeLimit: number;
  readonly symbolLimit: number;
  readonly bookLevels: number;
  readonly withinBps: number;
  readonly yearMs: number;
  readonly dailyVolumes: DailyVolumes;
  readonly statistics: MarketStatisticsOptions & { readonly gridStep: number; readonly barLength: number };
}

// Chosen to answer within minutes and to follow a day's changes; each can be set.
const STATISTICS = {
  timeConstant: 60_000,
  flowHalfLife: 300,
  gridStep: 1000,
  gridSteps: 300,
  barLength: 60_000,
  bars: 60,
  rollHalfLife: 1000,
  amihudHalfLife: 60,
} as const;

/** @throws ExchangeOptionError when an option is out of range. */
export function marketSettingsOf(options: MarketInstrumentationOptions): MarketSettings {
  const settings: MarketSettings = {
    meter: meterOf(options, '@nanometer/exchange', VERSION),
    exchangeLimit: wholeNumber('exchangeLimit', options.exchangeLimit ?? 32),
    symbolLimit: wholeNumber('symbolLimit', options.symbolLimit ?? 256),
    bookLevels: wholeNumber('bookLevels', options.bookLevels ?? 5),
    withinBps: positive('withinBps', options.withinBps ?? 10),
    yearMs: positive('yearMs', options.yearMs ?? 365 * 86_400_000),
    dailyVolumes: options.dailyVolumes ?? {},
    statistics: {
      ...STATISTICS,
      ...options.statistics,
      gridStep: options.statistics?.gridStep ?? STATISTICS.gridStep,
      barLength: options.statistics?.barLength ?? STATISTICS.barLength,
    },
  };
  for (const [exchange, volumes] of Object.entries(settings.dailyVolumes)) {
    for (const [symbol, volume] of Object.entries(volumes)) positive(`dailyVolumes.${exchange}.${symbol}`, volume);
  }
  try {
    // What the statistics refuse is refused here, and not by the first event.
    void new MarketMicrostructure(settings.statistics);
    void new BookStatistics(settings.bookLevels, settings.withinBps);
  } catch (error) {
    throw new ExchangeOptionError(`statistics: ${(error as Error).message}`);
  }
  return settings;
}

function wholeNumber(name: string, value: number): number {
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new ExchangeOptionError(`${name} is ${String(value)}; it must be a whole number of at least 1`);
}

function positive(name: string, value: number): number {
  if (Number.isFinite(value) && value > 0) return value;
  throw new ExchangeOptionError(`${name} is ${String(value)}; it must be a finite number above 0`);
}
