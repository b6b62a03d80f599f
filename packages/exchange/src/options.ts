import { type MeterOptions, meterOf } from '@nanometer/instrumentation';
import type { Meter } from '@opentelemetry/api';
import { VERSION } from './version.ts';

/** How many distinct names an instrumentation follows before it counts further ones as dropped. */
export interface ExchangeLimits {
  /** Exchanges; default 32. */
  readonly exchanges?: number;
  /** Channels per exchange; default 32. */
  readonly channels?: number;
  /** Symbols per channel whose sequence is followed; default 4096. */
  readonly symbols?: number;
  /** Operations per exchange; default 64. */
  readonly operations?: number;
  /** Rate limiters per exchange; default 64. */
  readonly limiters?: number;
  /** Distinct `error.type` per operation, and per exchange for lost connections; further ones become `_OTHER`; default 32. */
  readonly errorTypes?: number;
  /** Orders on their way; beyond, the oldest is forgotten; default 65,536. */
  readonly orders?: number;
}

/** A channel that went silent, or is back. */
export interface StallEvent {
  readonly exchange: string;
  readonly channel: string;
  readonly isStalled: boolean;
  /** Age of the last message at the check that found it; 0 when the channel is back. */
  readonly ageMs: number;
}

/** Where an exchange's own limits are not in its headers: exchange → limiter → limit. */
export type KnownRateLimits = Readonly<Record<string, Readonly<Record<string, number>>>>;

export interface ExchangeInstrumentationOptions extends MeterOptions {
  /** Unix milliseconds, read once per collection for the ages; default `Date.now`. */
  readonly clock?: () => number;
  /** Window of the delay floor in milliseconds, > 0; default 60,000. */
  readonly floorWindowMs?: number;
  readonly limits?: ExchangeLimits;
  /** Silence after which `checkAges` calls a channel stalled, > 0; default 30,000. */
  readonly staleAfterMs?: number;
  /** The same for channels that are quieter or busier than others. */
  readonly staleAfterMsByChannel?: Readonly<Record<string, number>>;
  /** Told when a channel stalls and when it is back, once each. What it throws is swallowed. */
  readonly onStall?: (event: StallEvent) => void;
  /** Limits that response headers do not tell, as Binance's: `{ 'binance-spot': { weight_1m: 6000 } }`. */
  readonly rateLimits?: KnownRateLimits;
}

/** Thrown by the constructor; recording never throws. */
export class ExchangeOptionError extends RangeError {
  readonly code = 'EXCHANGE_OPTION_INVALID';

  constructor(message: string) {
    super(message);
    this.name = 'ExchangeOptionError';
  }
}

/** Options with every default filled in. */
export interface Settings {
  readonly meter: Meter;
  readonly clock: () => number;
  readonly floorWindowMs: number;
  readonly limits: Required<ExchangeLimits>;
  readonly rateLimits: KnownRateLimits;
  readonly staleAfterMs: number;
  readonly staleAfterMsByChannel: Readonly<Record<string, number>>;
  readonly onStall: ((event: StallEvent) => void) | undefined;
}

const DEFAULT_LIMITS: Required<ExchangeLimits> = {
  exchanges: 32,
  channels: 32,
  symbols: 4096,
  operations: 64,
  limiters: 64,
  errorTypes: 32,
  orders: 65_536,
};

/** @throws ExchangeOptionError when a limit is not a whole number ≥ 1 or the window is not a finite number > 0. */
export function settingsOf(options: ExchangeInstrumentationOptions): Settings {
  const limits: Required<ExchangeLimits> = { ...DEFAULT_LIMITS, ...options.limits };
  for (const [name, limit] of Object.entries(limits)) {
    if (Number.isSafeInteger(limit) && limit >= 1) continue;
    throw new ExchangeOptionError(`limits.${name} is ${String(limit)}; it must be a whole number of at least 1`);
  }
  const staleAfterMsByChannel = options.staleAfterMsByChannel ?? {};
  for (const [channel, limit] of Object.entries(staleAfterMsByChannel)) {
    milliseconds(`staleAfterMsByChannel.${channel}`, limit);
  }
  return {
    meter: meterOf(options, '@nanometer/exchange', VERSION),
    clock: options.clock ?? Date.now,
    floorWindowMs: milliseconds('floorWindowMs', options.floorWindowMs ?? 60_000),
    limits,
    rateLimits: options.rateLimits ?? {},
    staleAfterMs: milliseconds('staleAfterMs', options.staleAfterMs ?? 30_000),
    staleAfterMsByChannel,
    onStall: options.onStall,
  };
}

function milliseconds(name: string, value: number): number {
  if (Number.isFinite(value) && value > 0) return value;
  throw new ExchangeOptionError(`${name} is ${String(value)}; it must be milliseconds above 0`);
}
