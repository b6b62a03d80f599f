import { isName, isPositiveAmount } from '../number/amount.ts';
import { QuantError } from '../errors.ts';

/** What one unit of a symbol is worth and in which currency it settles. */
export interface Contract {
  readonly exchange: string;
  readonly symbol: string;
  /**
   * `linear`: worth multiplier × price in `currency`. `inverse`: coin-margined, has a fixed face value in the quote
   * currency and is worth face / price in `currency`.
   */
  readonly kind: 'linear' | 'inverse';
  /** Units of the base asset per contract; for an inverse contract its face value in the quote currency. */
  readonly multiplier: number;
  readonly baseCurrency: string;
  /** Settlement currency: P&L and, unless a fill says otherwise, fees are in it. */
  readonly currency: string;
  /** Currency of the price; for linear contracts the settlement currency unless given. */
  readonly quoteCurrency?: string;
  /**
   * True where the position is the base asset itself, so that a fee charged in it is taken out of the position.
   * Defaults to true for linear contracts of multiplier 1 that do not settle in their base currency.
   */
  readonly spot?: boolean;
}

function fail(contract: Partial<Contract>, what: string): never {
  const where = `contract ${JSON.stringify(contract.symbol)} of ${JSON.stringify(contract.exchange)}`;
  throw new QuantError('invalid_contract', `${where}: ${what}`);
}

/** Throws a {@link QuantError} with code `invalid_contract` unless every field is usable. */
export function checkContract(contract: Contract): void {
  for (const field of ['exchange', 'symbol', 'baseCurrency', 'currency'] as const) {
    if (!isName(contract[field])) {
      fail(contract, `${field} is ${JSON.stringify(contract[field])}; it must be a text of 1 to 255 characters`);
    }
  }
  if (contract.quoteCurrency !== undefined && !isName(contract.quoteCurrency)) {
    fail(contract, `quoteCurrency is ${JSON.stringify(contract.quoteCurrency)}; leave it out or name a currency`);
  }
  if (contract.kind !== 'linear' && contract.kind !== 'inverse') {
    fail(contract, `kind is ${JSON.stringify(contract.kind)}; it must be "linear" or "inverse"`);
  }
  if (!isPositiveAmount(contract.multiplier)) {
    fail(contract, `multiplier is ${String(contract.multiplier)}; it must be a number from 1e-100 to 1e100`);
  }
  if (contract.spot === true && contract.kind === 'inverse') {
    fail(contract, 'an inverse contract is never the base asset itself; leave spot out');
  }
}

/** True when both describe the same terms, so that defining one after the other changes nothing. */
export function sameTerms(a: Contract, b: Contract): boolean {
  return (
    a.kind === b.kind &&
    a.multiplier === b.multiplier &&
    a.baseCurrency === b.baseCurrency &&
    a.currency === b.currency &&
    quoteCurrencyOf(a) === quoteCurrencyOf(b) &&
    isSpot(a) === isSpot(b)
  );
}

/** True where a fee in the base currency is taken out of the position. */
export function isSpot(contract: Contract): boolean {
  return (
    contract.spot ??
    (contract.kind === 'linear' && contract.multiplier === 1 && contract.baseCurrency !== contract.currency)
  );
}

function quoteCurrencyOf(contract: Contract): string | undefined {
  return contract.quoteCurrency ?? (contract.kind === 'linear' ? contract.currency : undefined);
}

/** Currency of {@link notionalValue}: the quote currency; the settlement currency of an inverse contract without one. */
export function notionalCurrency(contract: Contract): string {
  if (contract.kind === 'linear') return contract.currency;
  return contract.quoteCurrency ?? contract.currency;
}

/**
 * Value of a quantity at a price, in {@link notionalCurrency}, with the sign of the quantity: linear quantity × price
 * × multiplier, inverse contracts × face value (in coin, divided by the price, when the quote currency is not given).
 */
export function notionalValue(contract: Contract, quantity: number, price: number): number {
  if (contract.kind === 'linear') return quantity * price * contract.multiplier;
  return contract.quoteCurrency === undefined
    ? (quantity * contract.multiplier) / price
    : quantity * contract.multiplier;
}

/**
 * Value of one unit at a price in the settlement currency, rising with the price: multiplier × price, or -face / price
 * for an inverse contract. P&L of a quantity between two prices is quantity × the difference of their unit values for
 * both kinds, and the arithmetic mean of unit values is the weighted average price of linear contracts and the
 * harmonic one of inverse contracts: the ledger needs one formula only.
 */
export function unitValue(contract: Contract, price: number): number {
  return contract.kind === 'linear' ? contract.multiplier * price : -contract.multiplier / price;
}

/** The price whose {@link unitValue} is `value`. */
export function priceOfUnitValue(contract: Contract, value: number): number {
  return contract.kind === 'linear' ? value / contract.multiplier : -contract.multiplier / value;
}
