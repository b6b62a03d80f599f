import { ExposureGroup, type ExposureTotals } from './exposure-group.ts';
import { CellTable } from '../number/cell-table.ts';
import type { RateBook, RateCell } from '../ledger/rate-book.ts';

/** What one exposure is grouped by, and the currency its amounts are in. */
export interface ExposureKey {
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

interface ExposureSlot {
  readonly at: number;
  readonly rate: RateCell;
  /** Total, symbol, exchange, strategy. */
  readonly groups: readonly ExposureGroup[];
}

/**
 * Signed exposures in the reporting currency with running totals by symbol, exchange and strategy. An update touches
 * the changed slot and its four groups only; sums are compensated, so they do not drift however long it runs.
 */
export class ExposureBook {
  readonly #rates: RateBook;
  readonly #table = new CellTable(STRIDE);
  readonly #input = new Float64Array(1);
  readonly #slots: ExposureSlot[] = [];
  readonly #slotsByCurrency = new Map<string, ExposureSlot[]>();
  readonly #total = new ExposureGroup();
  readonly #bySymbol = new Map<string, ExposureGroup>();
  readonly #byExchange = new Map<string, ExposureGroup>();
  readonly #byStrategy = new Map<string, ExposureGroup>();

  constructor(rates: RateBook) {
    this.#rates = rates;
  }

  /** Opens a slot of amount 0 and returns its number: 0, 1, 2, … */
  open(key: ExposureKey): number {
    const slot: ExposureSlot = {
      at: this.#table.allocate(),
      rate: this.#rates.cell(key.currency),
      groups: [
        this.#total,
        groupOf(this.#bySymbol, key.symbol),
        groupOf(this.#byExchange, key.exchange),
        groupOf(this.#byStrategy, key.strategy),
      ],
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
    return this.#bySymbol.get(symbol);
  }

  byExchange(exchange: string): ExposureTotals | undefined {
    return this.#byExchange.get(exchange);
  }

  byStrategy(strategy: string): ExposureTotals | undefined {
    return this.#byStrategy.get(strategy);
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
      const groups = slot.groups;
      for (let index = 0; index < groups.length; index++)
        (groups[index] as ExposureGroup).replace(cells, at + CONVERTED);
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
