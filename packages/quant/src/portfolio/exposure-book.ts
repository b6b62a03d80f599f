import { ExposureGroup, type ExposureTotals } from './exposure-group.ts';
import { addToSum, CellTable, clearSum, sumAt, takeFromSum } from '../number/cell-table.ts';
import type { RateBook, RateCell } from '../ledger/rate-book.ts';

/** What exposures are grouped by. `currency` is that of the notional, before conversion. */
export const EXPOSURE_DIMENSIONS = ['symbol', 'exchange', 'strategy', 'account', 'currency'] as const;

/** One of {@link EXPOSURE_DIMENSIONS}. */
export type ExposureDimension = (typeof EXPOSURE_DIMENSIONS)[number];

/** What one exposure is grouped by, and the currency its amounts are in. */
export interface ExposureKey {
  /** Empty without an account. */
  readonly account: string;
  readonly strategy: string;
  readonly exchange: string;
  readonly symbol: string;
  readonly currency: string;
}

// Cells of a slot.
/** In the slot's own currency. */
const AMOUNT = 0;
/** As it is in the totals; NaN while the rate is missing. */
const CONVERTED = 1;
/** Takes the place of the converted amount next. */
const NEXT = 2;
const STRIDE = 3;

const SMALLEST_SQUARED = 1e-150;
const LARGEST_SQUARED = 1e150;

interface ExposureSlot {
  readonly at: number;
  readonly rate: RateCell;
  /** One of each dimension, in the order of {@link EXPOSURE_DIMENSIONS}. */
  readonly groups: readonly ExposureGroup[];
}

/** Groups of one dimension and the sum of their squared gross exposures. */
class Dimension {
  readonly groups = new Map<string, ExposureGroup>();
  readonly squares: Float64Array = new Float64Array(2);
}

/**
 * Signed exposures in the reporting currency with running totals by symbol, exchange, strategy, account and currency.
 * An update touches the changed slot and its groups only; sums are compensated, so they do not drift however long it
 * runs.
 */
export class ExposureBook {
  readonly #rates: RateBook;
  readonly #table = new CellTable(STRIDE);
  readonly #input = new Float64Array(1);
  readonly #slots: ExposureSlot[] = [];
  readonly #slotsByCurrency = new Map<string, ExposureSlot[]>();
  readonly #total = new ExposureGroup();
  readonly #dimensions: readonly Dimension[] = EXPOSURE_DIMENSIONS.map(() => new Dimension());

  constructor(rates: RateBook) {
    this.#rates = rates;
  }

  /** Opens a slot of amount 0 and returns its number: 0, 1, 2, … */
  open(key: ExposureKey): number {
    const slot: ExposureSlot = {
      at: this.#table.allocate(),
      rate: this.#rates.cell(key.currency),
      groups: EXPOSURE_DIMENSIONS.map((name, at) => groupOf(this.#dimensions[at]!.groups, key[name])),
    };
    const sameCurrency = this.#slotsByCurrency.get(key.currency);
    if (sameCurrency === undefined) this.#slotsByCurrency.set(key.currency, [slot]);
    else sameCurrency.push(slot);
    return this.#slots.push(slot) - 1;
  }

  /**
   * Sets the signed amount of a slot, in the slot's currency. Returns false when the amount is left out of the totals
   * because there is no rate for its currency (or it is not finite); the totals then say how many are left out.
   */
  update(slot: number, amount: number): boolean {
    this.#input[0] = amount;
    return this.updateFrom(slot, this.#input, 0);
  }

  /** {@link update} with the amount in an array, which never allocates. */
  updateFrom(slot: number, amounts: Float64Array, from: number): boolean {
    const state = this.#slots[slot];
    if (state === undefined) return false;
    this.#table.cells[state.at + AMOUNT] = amounts[from] as number;
    return this.#convert(state);
  }

  /** Values all amounts of a currency at its present rate; call after the rate book has taken a new one. */
  revalue(currency: string): void {
    const slots = this.#slotsByCurrency.get(currency);
    if (slots !== undefined) for (const slot of slots) this.#convert(slot);
  }

  /** Signed exposure of a slot in the reporting currency; undefined while its rate is missing. */
  exposure(slot: number): number | undefined {
    const state = this.#slots[slot];
    if (state === undefined) return undefined;
    const converted = this.#table.cells[state.at + CONVERTED] as number;
    return Number.isNaN(converted) ? undefined : converted;
  }

  /** Writes {@link exposure} into the first cell, NaN while its rate is missing, and returns whether it is known. */
  exposureInto(slot: number, output: Float64Array): boolean {
    const state = this.#slots[slot];
    output[0] = state === undefined ? Number.NaN : (this.#table.cells[state.at + CONVERTED] as number);
    return !Number.isNaN(output[0]);
  }

  /** Totals over all slots: a live view, as are those of the groups. */
  get total(): ExposureTotals {
    return this.#total;
  }

  bySymbol(symbol: string): ExposureTotals | undefined {
    return this.groups('symbol').get(symbol);
  }

  byExchange(exchange: string): ExposureTotals | undefined {
    return this.groups('exchange').get(exchange);
  }

  byStrategy(strategy: string): ExposureTotals | undefined {
    return this.groups('strategy').get(strategy);
  }

  /** `account` is empty for positions without one. */
  byAccount(account: string): ExposureTotals | undefined {
    return this.groups('account').get(account);
  }

  byCurrency(currency: string): ExposureTotals | undefined {
    return this.groups('currency').get(currency);
  }

  /** All groups of a dimension, by name: live views. */
  groups(dimension: ExposureDimension): ReadonlyMap<string, ExposureTotals> {
    return this.#dimensions[EXPOSURE_DIMENSIONS.indexOf(dimension)]!.groups;
  }

  /**
   * Herfindahl-Hirschman index of a dimension: Σ (gross of a group / gross of all)², 1 when all is in one group, 1/n when
   * n groups share equally. Undefined without exposure, and beyond 1e±150, where squares leave the range of doubles.
   */
  concentration(dimension: ExposureDimension): number | undefined {
    const { gross } = this.#total;
    if (!(gross > SMALLEST_SQUARED && gross < LARGEST_SQUARED)) return undefined;
    const { squares } = this.#dimensions[EXPOSURE_DIMENSIONS.indexOf(dimension)]!;
    return Math.min(1, Math.max(0, sumAt(squares, 0) / (gross * gross)));
  }

  #convert(slot: ExposureSlot): boolean {
    const cells = this.#table.cells;
    const at = slot.at;
    const amount = cells[at + AMOUNT] as number;
    // A flat position needs no rate.
    const next = amount === 0 ? 0 : amount * slot.rate.rate;
    const finite = Number.isFinite(next);
    cells[at + NEXT] = finite ? next : Number.NaN;
    if (!Object.is(cells[at + NEXT], cells[at + CONVERTED])) {
      const dimensions = this.#dimensions;
      const groups = slot.groups;
      this.#total.replace(cells, at + CONVERTED);
      const isEmpty = this.#total.gross === 0;
      for (let index = 0; index < groups.length; index++) {
        const { squares } = dimensions[index] as Dimension;
        replaceSquare(squares, groups[index] as ExposureGroup, cells, at + CONVERTED);
        // An empty sum is exactly zero, not the rounding of its history.
        if (isEmpty) clearSum(squares, 0);
      }
      cells[at + CONVERTED] = cells[at + NEXT] as number;
    }
    return finite;
  }
}

function groupOf(groups: Map<string, ExposureGroup>, name: string): ExposureGroup {
  let group = groups.get(name);
  if (group === undefined) groups.set(name, (group = new ExposureGroup()));
  return group;
}

/** Replaces an exposure in a group, and the group's squared gross exposure in the sum of its dimension. */
function replaceSquare(squares: Float64Array, group: ExposureGroup, cells: Float64Array, at: number): void {
  takeFromSum(squares, 0, group.square, 0);
  group.replace(cells, at);
  const { gross } = group;
  group.square[0] = gross < LARGEST_SQUARED ? gross * gross : 0;
  addToSum(squares, 0, group.square, 0);
}
