import type { MarketMessage } from '../market/message.ts';
import { Row } from './row.ts';
import type { MarketId, RowParser } from './row-parser.ts';

/** Header of a national best bid and offer file; each row replaces the best of one side. */
export const NBBO_COLUMNS: readonly string[] = 'ms_of_day_et,side,price,size,venue,quote_condition,suspicious'.split(
  ',',
);
/** Header of a consolidated trades file. */
export const NBBO_TRADES_COLUMNS: readonly string[] =
  'ms_of_day_et,price,size,venue,sale_condition_hex,suspicious'.split(',');

/** 09:30 New York in milliseconds of the day. */
export const SESSION_START_MS = 34_200_000;
const SESSION_END_MS = 57_600_000;
/** FINRA's trade reporting facility: such prints met no displayed book, so no resting order could have taken part. */
const OFF_EXCHANGE_VENUE = 'D';
const OUTSIDE = 'outside the regular session 09:30-16:00';

/** Unix time of midnight in New York, at the start of the day `YYYYMMDD`. */
export function newYorkMidnight(date: string): number {
  const utc = Date.UTC(Number(date.slice(0, 4)), Number(date.slice(4, 6)) - 1, Number(date.slice(6, 8)));
  const hour = new Intl.DateTimeFormat('en-US', { timeZone: 'America/New_York', hour: 'numeric', hourCycle: 'h23' });
  // 05:00 UTC is midnight in winter and 01:00 in summer time; both are before the change at 02:00.
  const shown = Number(hour.format(utc + 5 * 3_600_000));
  return utc + (5 - shown) * 3_600_000;
}

/** National best bid and offer. Crossed and locked states are not given out: they cannot be traded against. */
export class NbboParser implements RowParser {
  readonly row: Row;
  readonly skipped: Map<string, number> = new Map();
  readonly #market: MarketId;
  readonly #midnightMs: number;
  #updateId = 0;
  #bidPrice = 0;
  #bidQuantity = 0;
  #askPrice = 0;
  #askQuantity = 0;

  constructor(file: string, market: MarketId, midnightMs: number) {
    this.row = new Row(file);
    this.#market = market;
    this.#midnightMs = midnightMs;
  }

  parse(line: string, lineNumber: number, out: MarketMessage[]): void {
    const { row } = this;
    row.load(line, lineNumber, NBBO_COLUMNS);
    const timeOfDay = row.millisecondsOfDay(0, 'ms_of_day_et');
    this.#updateId++;
    if (row.side(1, 'side', 'B', 'A') === 'buy') {
      this.#bidPrice = row.price(2, 'price');
      this.#bidQuantity = row.quantity(3, 'size');
    } else {
      this.#askPrice = row.price(2, 'price');
      this.#askQuantity = row.quantity(3, 'size');
    }
    if (timeOfDay < SESSION_START_MS || timeOfDay >= SESSION_END_MS) return count(this.skipped, OUTSIDE);
    if (this.#bidPrice === 0 || this.#askPrice === 0) return count(this.skipped, 'before both sides were known');
    if (this.#bidPrice >= this.#askPrice) return count(this.skipped, 'locked or crossed');
    out.push({
      channel: 'bbo',
      exchange: this.#market.exchange,
      symbol: this.#market.symbol,
      timeMs: this.#midnightMs + timeOfDay,
      eventOffsetMs: undefined,
      updateId: this.#updateId,
      bidPrice: this.#bidPrice,
      bidQuantity: this.#bidQuantity,
      askPrice: this.#askPrice,
      askQuantity: this.#askQuantity,
    });
  }

  end(): void {}
}

/** Consolidated trades; the aggressor, which the tape does not tell, is the tick rule's. */
export class NbboTradesParser implements RowParser {
  readonly row: Row;
  readonly skipped: Map<string, number> = new Map();
  readonly #market: MarketId;
  readonly #midnightMs: number;
  #tradeId = 0;
  #lastPrice = 0;
  #rising = true;

  constructor(file: string, market: MarketId, midnightMs: number) {
    this.row = new Row(file);
    this.#market = market;
    this.#midnightMs = midnightMs;
  }

  parse(line: string, lineNumber: number, out: MarketMessage[]): void {
    const { row } = this;
    row.load(line, lineNumber, NBBO_TRADES_COLUMNS);
    const timeOfDay = row.millisecondsOfDay(0, 'ms_of_day_et');
    const price = row.price(1, 'price');
    const quantity = row.quantity(2, 'size');
    if (row.text(5) === '1') return count(this.skipped, 'marked suspicious');
    if (price !== this.#lastPrice) this.#rising = price > this.#lastPrice;
    this.#lastPrice = price;
    if (timeOfDay < SESSION_START_MS || timeOfDay >= SESSION_END_MS) return count(this.skipped, OUTSIDE);
    if (row.text(3) === OFF_EXCHANGE_VENUE) return count(this.skipped, 'reported off exchange');
    out.push({
      channel: 'trades',
      exchange: this.#market.exchange,
      symbol: this.#market.symbol,
      timeMs: this.#midnightMs + timeOfDay,
      eventOffsetMs: undefined,
      // Numbered here, over the rows given out: the tape has no ids, and a gap would read as a loss.
      tradeId: ++this.#tradeId,
      price,
      quantity,
      takerSide: this.#rising ? 'buy' : 'sell',
    });
  }

  end(): void {}
}

function count(counts: Map<string, number>, reason: string): void {
  counts.set(reason, (counts.get(reason) ?? 0) + 1);
}
