import { JensenAttribution, LifetimeEdge, type LifetimeEdgeOptions } from '@nanometer/quant';

/** Benchmarks that the returns of strategies are compared with. */
export interface AttributionOptions {
  /** Names of the benchmarks, at least one; they become values of `trading.alpha.benchmark`. */
  readonly benchmarks: readonly string[];
  /** Length of a period of the returns. */
  readonly periodSeconds: number;
  /** Periods per year by the market's calendar: 365 for crypto days, 252 for US equity days. */
  readonly periodsPerYear: number;
  /** How much less each older period counts. Default 0.99. */
  readonly forgetting?: number | undefined;
  /** Most strategies whose returns are attributed; returns of one more are dropped as `series_limit`. Default 1,024. */
  readonly strategyLimit?: number | undefined;
}

/** How execution quality is measured, and how much is remembered for it. */
export interface ExecutionOptions {
  /** Horizons of the markouts in seconds, ascending. Default 0, 0.1, 0.5, 1, 5, 10, 30, 60, 300. */
  readonly horizonsSeconds?: readonly number[] | undefined;
  /** The horizon at which a position is thought of as closed: edge decay and alpha rate are of it. Default 10. */
  readonly holdingSeconds?: number | undefined;
  /** Most fills of one market that wait for a horizon; further ones have no markouts. Default 65,536. */
  readonly pendingFillLimit?: number | undefined;
  /** Quotes of a market remembered to join late fills with. Default 256. */
  readonly quoteHistoryLimit?: number | undefined;
  /** Most open parent orders; one more makes the oldest forgotten, counted as `parent_evicted`. Default 4,096. */
  readonly parentLimit?: number | undefined;
  /** Rolling window of the alpha rate. Default 3,600. */
  readonly alphaWindowSeconds?: number | undefined;
  readonly lifetime?: LifetimeEdgeOptions | undefined;
  readonly attribution?: AttributionOptions | undefined;
}

/** Options with every default filled in. */
export interface ExecutionSettings {
  readonly horizonsSeconds: readonly number[];
  /** Index of the holding horizon. */
  readonly holding: number;
  readonly pendingFillLimit: number;
  readonly quoteHistoryLimit: number;
  readonly parentLimit: number;
  readonly alphaWindowMs: number;
  readonly lifetime: LifetimeEdgeOptions;
  readonly attribution: AttributionSettings | undefined;
}

/** {@link AttributionOptions} with every default filled in. */
export interface AttributionSettings extends AttributionOptions {
  readonly strategyLimit: number;
}

/** Most that any limit of the execution may be: what is kept up to it lies in typed arrays. */
const LIMIT_MAX = 2 ** 24;
const HORIZONS_SECONDS = [0, 0.1, 0.5, 1, 5, 10, 30, 60, 300];

/** Fills in the defaults. Throws what `fail` makes of a message when an option cannot be used. */
export function executionSettingsOf(options: ExecutionOptions, fail: (message: string) => Error): ExecutionSettings {
  const horizonsSeconds = options.horizonsSeconds ?? HORIZONS_SECONDS;
  const areHorizons =
    horizonsSeconds.length > 0 &&
    horizonsSeconds.length <= 32 &&
    horizonsSeconds.every((each, at) => each >= 0 && each < Infinity && !(each <= horizonsSeconds[at - 1]!));
  if (!areHorizons) {
    throw fail(
      `execution.horizonsSeconds is ${JSON.stringify(horizonsSeconds)}; it must hold 1 to 32 ascending numbers from 0`,
    );
  }
  const holdingSeconds = options.holdingSeconds ?? (horizonsSeconds.includes(10) ? 10 : horizonsSeconds.at(-1)!);
  if (!horizonsSeconds.includes(holdingSeconds)) {
    throw fail(
      `execution.holdingSeconds is ${holdingSeconds}; it must be one of the horizons ${horizonsSeconds.join(', ')}`,
    );
  }
  const limits = {
    pendingFillLimit: options.pendingFillLimit ?? 65_536,
    quoteHistoryLimit: options.quoteHistoryLimit ?? 256,
    parentLimit: options.parentLimit ?? 4096,
  };
  for (const [name, limit] of Object.entries(limits)) checkLimit(name, limit, fail);
  const alphaWindowSeconds = options.alphaWindowSeconds ?? 3600;
  if (!(alphaWindowSeconds > 0 && alphaWindowSeconds < Infinity)) {
    throw fail(`execution.alphaWindowSeconds is ${alphaWindowSeconds}; it must be a finite number above 0`);
  }
  const lifetime = options.lifetime ?? {};
  // What the maths refuses is refused now, and not at the first fill or return.
  refusedBy(() => new LifetimeEdge(lifetime), 'lifetime', fail);
  const attribution = options.attribution && attributionSettingsOf(options.attribution, fail);
  const holding = horizonsSeconds.indexOf(holdingSeconds);
  const alphaWindowMs = alphaWindowSeconds * 1000;
  return { ...limits, horizonsSeconds, holding, alphaWindowMs, lifetime, attribution };
}

function attributionSettingsOf(options: AttributionOptions, fail: (message: string) => Error): AttributionSettings {
  refusedBy(() => jensenOf(options), 'attribution', fail);
  const strategyLimit = options.strategyLimit ?? 1024;
  checkLimit('attribution.strategyLimit', strategyLimit, fail);
  return { ...options, strategyLimit };
}

function checkLimit(name: string, limit: number, fail: (message: string) => Error): void {
  if (Number.isSafeInteger(limit) && limit >= 1 && limit <= LIMIT_MAX) return;
  throw fail(`execution.${name} is ${String(limit)}; it must be a whole number from 1 to 16,777,216`);
}

/** The attribution of one strategy. */
export function jensenOf({
  benchmarks,
  periodSeconds,
  periodsPerYear,
  forgetting,
}: AttributionOptions): JensenAttribution {
  return new JensenAttribution({
    benchmarks: benchmarks.length,
    periodHours: periodSeconds / 3600,
    periodsPerYear,
    forgetting: forgetting ?? 0.99,
  });
}

function refusedBy(make: () => unknown, name: string, fail: (message: string) => Error): void {
  try {
    make();
  } catch (error) {
    throw fail(`execution.${name}: ${(error as Error).message}`);
  }
}
