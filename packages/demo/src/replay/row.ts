import { ReplayError } from '../errors.ts';
import type { Side } from '../market/message.ts';

/** Rows whose decimals are looked at to learn the market's price and quantity grids. */
const SAMPLED_ROWS = 4096;
const SHOWN_LENGTH_MAX = 40;

/**
 * One row of a file, read cell by cell; every reader fails with `file:line: expected …, found …`. One instance serves
 * all rows of a file.
 */
export class Row {
  readonly #file: string;
  #line = 0;
  #cells: string[] = [];
  #rowCount = 0;
  /** Most decimals seen in the price cells of the first rows. */
  priceDecimals = 0;
  /** Most decimals seen in the quantity cells of the first rows. */
  quantityDecimals = 0;

  constructor(file: string) {
    this.#file = file;
  }

  /** Takes the next row, which must have `columns.length` cells, or up to `extraColumns` more. */
  load(text: string, line: number, columns: readonly string[], extraColumns = 0): void {
    this.#line = line;
    this.#cells = text.split(',');
    this.#rowCount++;
    const count = this.#cells.length;
    if (count < columns.length || count > columns.length + extraColumns) {
      this.fail(`${columns.length} columns (${columns.join(',')})`, `${count} in ${quote(text)}`);
    }
  }

  get cellCount(): number {
    return this.#cells.length;
  }

  text(index: number): string {
    return this.#cells[index] ?? '';
  }

  price(index: number, name: string): number {
    const value = this.#number(index);
    if (!(value > 0)) this.fail(`a positive price in ${name}`, quote(this.text(index)));
    if (this.#rowCount <= SAMPLED_ROWS) this.priceDecimals = Math.max(this.priceDecimals, decimalsOf(this.text(index)));
    return value;
  }

  /** A quantity, 0 allowed. */
  quantity(index: number, name: string): number {
    const value = this.#number(index);
    if (!(value >= 0)) this.fail(`a quantity of 0 or more in ${name}`, quote(this.text(index)));
    if (this.#rowCount <= SAMPLED_ROWS) {
      this.quantityDecimals = Math.max(this.quantityDecimals, decimalsOf(this.text(index)));
    }
    return value;
  }

  /** An identifier, 0 to 2^53 - 1. */
  id(index: number, name: string): number {
    const value = this.#number(index);
    if (!Number.isSafeInteger(value)) this.fail(`a whole number in ${name}`, quote(this.text(index)));
    return value;
  }

  /** Unix nanoseconds as milliseconds; a double keeps them to a quarter of a microsecond. */
  nanoseconds(index: number, name: string): number {
    const value = this.#number(index);
    if (!(value > 0)) this.fail(`Unix nanoseconds in ${name}`, quote(this.text(index)));
    return value / 1e6;
  }

  /** Unix milliseconds; microseconds (as Binance publishes spot data since 2025) are told by their size. */
  unixTime(index: number, name: string): number {
    const value = this.#number(index);
    if (!(value > 0)) this.fail(`a Unix time in milliseconds or microseconds in ${name}`, quote(this.text(index)));
    return value >= 1e14 ? value / 1e3 : value;
  }

  /** Milliseconds since midnight. */
  millisecondsOfDay(index: number, name: string): number {
    const value = this.#number(index);
    if (!(value >= 0 && value < 90_000_000)) this.fail(`milliseconds of the day in ${name}`, quote(this.text(index)));
    return value;
  }

  /** One of two spellings of the aggressor or of the book's side. */
  side(index: number, name: string, buy: string, sell: string): Side {
    const text = this.text(index);
    if (text === buy) return 'buy';
    if (text === sell) return 'sell';
    return this.fail(`${buy} or ${sell} in ${name}`, quote(text));
  }

  boolean(index: number, name: string): boolean {
    const text = this.text(index).toLowerCase();
    if (text === 'true') return true;
    if (text === 'false') return false;
    return this.fail(`true or false in ${name}`, quote(this.text(index)));
  }

  fail(expected: string, found: string): never {
    throw new ReplayError('malformed_row', `${this.#file}:${this.#line}: expected ${expected}, found ${found}`);
  }

  /** NaN for anything but plain decimal digits: `Number` alone takes '', ' 1', '0x10' and 'Infinity'. */
  #number(index: number): number {
    const text = this.text(index);
    const first = text.charCodeAt(0);
    if (!(first >= 48 && first <= 57) || text.charCodeAt(1) > 57) return NaN;
    const value = Number(text);
    return value < Infinity ? value : NaN;
  }
}

/** Number of decimals without trailing zeros. */
function decimalsOf(text: string): number {
  const dot = text.indexOf('.');
  if (dot < 0) return 0;
  let end = text.length;
  while (text.charCodeAt(end - 1) === 48) end--;
  return Math.max(0, end - dot - 1);
}

/** Input as shown in a message: cut, and without control characters. */
export function quote(text: string): string {
  const cut = text.length > SHOWN_LENGTH_MAX ? `${text.slice(0, SHOWN_LENGTH_MAX)}…` : text;
  return JSON.stringify(cut);
}
