import { ExposureGroup, type ExposureTotals } from './exposure-group.ts';
import type { RateBook } from './rate-book.ts';

/** What one exposure is grouped by, and the currency its amounts are in. */
export interface ExposureKey {
  readonly strategy: string;
  readonly exchange: string;
  readonly symbol: string;
  readonly currency: string;
}

interface ExposureSlot {
  readonly currency: string;
  readonly symbol: ExposureGroup;
  readonly exchange: ExposureGroup;
  readonly strategy: ExposureGroup;
  /** In the slot's own currency. */
  amount: number;
  /** As it is in the totals; NaN while the rate is missing. */
  converted: number;
}

/**
 * Signed exposures in the reporting currency with running totals by symbol, exchange and strategy. An update touches
 * the changed slot and its four groups only; sums are compensated, so they do not drift however long it runs.
 */
export class ExposureBook {
  readonly #rates: RateBook;
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
      currency: key.currency,
      symbol: groupOf(this.#bySymbol, key.symbol),
      exchange: groupOf(this.#byExchange, key.exchange),
      strategy: groupOf(this.#byStrategy, key.strategy),
      amount: 0,
      converted: 0,
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
    const state = this.#slots[slot];
    if (state === undefined) return false;
    state.amount = amount;
    return this.#convert(state);
  }

  /** Values all amounts of a currency at its present rate; call after the rate book has taken a new one. */
  revalue(currency: string): void {
    const slots = this.#slotsByCurrency.get(currency);
    if (slots !== undefined) for (const slot of slots) this.#convert(slot);
  }

  /** Signed exposure of a slot in the reporting currency; undefined while its rate is missing. */
  exposure(slot: number): number | undefined {
    const converted = this.#slots[slot]?.converted;
    return converted === undefined || Number.isNaN(converted) ? undefined : converted;
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
    // A flat position needs no rate.
    const converted = slot.amount === 0 ? 0 : slot.amount * this.#rates.rate(slot.currency);
    const next = Number.isFinite(converted) ? converted : Number.NaN;
    const last = slot.converted;
    if (!Object.is(next, last)) {
      slot.converted = next;
      this.#total.replace(last, next);
      slot.symbol.replace(last, next);
      slot.exchange.replace(last, next);
      slot.strategy.replace(last, next);
    }
    return next === next;
  }
}

function groupOf(groups: Map<string, ExposureGroup>, name: string): ExposureGroup {
  let group = groups.get(name);
  if (group === undefined) groups.set(name, (group = new ExposureGroup()));
  return group;
}
