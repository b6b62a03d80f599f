import { isName, isPositiveAmount } from '../number/amount.ts';
import { positiveInteger, QuantError, reorderWindow } from '../errors.ts';
import type { Rate, RateResult } from './events.ts';

/** Limits of a {@link RateBook}. */
export interface RateBookOptions {
  /** Most currencies. Default 1,024. */
  readonly currencyLimit?: number;
  /** As the ledger's option of the same name. Default 10,000. */
  readonly reorderWindowMs?: number;
}

/** The rate of one currency, NaN while it is missing. Whoever reads it often keeps the cell. */
export class RateCell {
  // Doubles from the start, whatever comes first: all cells then have one shape.
  rate: number = Number.NaN;
  timeMs: number = Number.NEGATIVE_INFINITY;
}

/** Latest timestamped rate of each currency in the reporting currency. The reporting currency itself has rate 1. */
export class RateBook {
  readonly reportingCurrency: string;
  readonly #cells = new Map<string, RateCell>();
  readonly #currencyLimit: number;
  readonly #reorderWindowMs: number;

  /** Throws a {@link QuantError} with code `invalid_option`. */
  constructor(reportingCurrency: string, options: RateBookOptions = {}) {
    if (!isName(reportingCurrency)) {
      throw new QuantError('invalid_option', 'reportingCurrency must name a currency, such as "USD"');
    }
    this.reportingCurrency = reportingCurrency;
    this.#currencyLimit = positiveInteger('currencyLimit', options.currencyLimit ?? 1024);
    this.#reorderWindowMs = reorderWindow(options.reorderWindowMs ?? 10_000);
    this.cell(reportingCurrency).rate = 1;
  }

  /** Takes a rate. The rate of the reporting currency cannot change: any but 1 is an `invalid_rate`. */
  applyRate(rate: Rate): RateResult {
    if (typeof rate !== 'object' || rate === null) return 'invalid_event';
    if (!isName(rate.currency)) return 'invalid_currency';
    if (!isPositiveAmount(rate.rate)) return 'invalid_rate';
    if (!Number.isFinite(rate.timeMs)) return 'invalid_time';
    if (rate.currency === this.reportingCurrency && rate.rate !== 1) return 'invalid_rate';
    const known = this.#cells.get(rate.currency);
    if (known === undefined && this.#cells.size >= this.#currencyLimit) return 'currency_limit';
    const cell = known ?? this.cell(rate.currency);
    const ageMs = cell.timeMs - rate.timeMs;
    if (ageMs > 0 && ageMs <= this.#reorderWindowMs) return 'out_of_order';
    cell.rate = rate.rate;
    cell.timeMs = rate.timeMs;
    return 'applied';
  }

  /** Reporting currency per unit of `currency`; NaN when there is no rate. */
  rate(currency: string): number {
    const cell = this.#cells.get(currency);
    return cell === undefined ? Number.NaN : cell.rate;
  }

  /** The cell of a currency, made if it is new: the currencies of known contracts and fees do not count as input. */
  cell(currency: string): RateCell {
    let cell = this.#cells.get(currency);
    if (cell === undefined) {
      cell = new RateCell();
      this.#cells.set(currency, cell);
    }
    return cell;
  }

  /** The rates that were applied, as numbers to be given to {@link resume}: rate and time per currency. */
  known(): ReadonlyMap<string, readonly [rate: number, timeMs: number]> {
    const known = new Map<string, readonly [number, number]>();
    for (const [currency, { rate, timeMs }] of this.#cells) {
      if (Number.isFinite(timeMs)) known.set(currency, [rate, timeMs]);
    }
    return known;
  }

  /** Takes a rate back from a snapshot, whatever time the present one is of. */
  resume(currency: string, rate: number, timeMs: number): void {
    const cell = this.cell(currency);
    cell.rate = rate;
    cell.timeMs = timeMs;
  }

  /** Time of the rate in use; undefined without one and for the reporting currency. */
  rateTimeMs(currency: string): number | undefined {
    const timeMs = this.#cells.get(currency)?.timeMs;
    return timeMs === undefined || !Number.isFinite(timeMs) ? undefined : timeMs;
  }
}
