import type { Level, MarketMessage } from '../market/message.ts';
import { Row } from './row.ts';
import type { MarketId, RowParser } from './row-parser.ts';

/** Header of a recorded best bid and offer file. */
export const RECORDED_BBO_COLUMNS: readonly string[] =
  'recv_ns,event_ms,tx_ms,update_id,bid_px,bid_qty,ask_px,ask_qty'.split(',');
/** Header of a recorded trades file. */
export const RECORDED_TRADES_COLUMNS: readonly string[] =
  'recv_ns,event_ms,trade_ms,trade_id,price,qty,taker_side,order_type'.split(',');
/** Header of a recorded depth file. */
export const RECORDED_DEPTH_COLUMNS: readonly string[] =
  'recv_ns,event_ms,tx_ms,kind,first_id,last_id,prev_last_id,side,price,qty'.split(',');

const NONE: ReadonlyMap<string, number> = new Map();

function eventOffset(row: Row, receiveMs: number): number | undefined {
  return row.text(1) === '' ? undefined : row.unixTime(1, 'event_ms') - receiveMs;
}

/** Recorded best bid and offer. */
export class RecordedBboParser implements RowParser {
  readonly row: Row;
  readonly skipped: ReadonlyMap<string, number> = NONE;
  readonly #market: MarketId;

  constructor(file: string, market: MarketId) {
    this.row = new Row(file);
    this.#market = market;
  }

  parse(line: string, lineNumber: number, out: MarketMessage[]): void {
    const { row } = this;
    row.load(line, lineNumber, RECORDED_BBO_COLUMNS);
    const timeMs = row.nanoseconds(0, 'recv_ns');
    out.push({
      channel: 'bbo',
      exchange: this.#market.exchange,
      symbol: this.#market.symbol,
      timeMs,
      eventOffsetMs: eventOffset(row, timeMs),
      updateId: row.id(3, 'update_id'),
      bidPrice: row.price(4, 'bid_px'),
      bidQuantity: row.quantity(5, 'bid_qty'),
      askPrice: row.price(6, 'ask_px'),
      askQuantity: row.quantity(7, 'ask_qty'),
    });
  }

  end(): void {}
}

/** Recorded trades. */
export class RecordedTradesParser implements RowParser {
  readonly row: Row;
  readonly skipped: ReadonlyMap<string, number> = NONE;
  readonly #market: MarketId;

  constructor(file: string, market: MarketId) {
    this.row = new Row(file);
    this.#market = market;
  }

  parse(line: string, lineNumber: number, out: MarketMessage[]): void {
    const { row } = this;
    row.load(line, lineNumber, RECORDED_TRADES_COLUMNS);
    const timeMs = row.nanoseconds(0, 'recv_ns');
    out.push({
      channel: 'trades',
      exchange: this.#market.exchange,
      symbol: this.#market.symbol,
      timeMs,
      eventOffsetMs: eventOffset(row, timeMs),
      tradeId: row.id(3, 'trade_id'),
      price: row.price(4, 'price'),
      quantity: row.quantity(5, 'qty'),
      takerSide: row.side(6, 'taker_side', 'B', 'S'),
    });
  }

  end(): void {}
}

/** Recorded depth: one row per level, consecutive rows of one kind, time and last id are one message. */
export class RecordedDepthParser implements RowParser {
  readonly row: Row;
  readonly skipped: ReadonlyMap<string, number> = NONE;
  readonly #market: MarketId;
  #key = '';
  #pending: (MarketMessage & { bids: Level[]; asks: Level[] }) | undefined;

  constructor(file: string, market: MarketId) {
    this.row = new Row(file);
    this.#market = market;
  }

  parse(line: string, lineNumber: number, out: MarketMessage[]): void {
    const { row } = this;
    row.load(line, lineNumber, RECORDED_DEPTH_COLUMNS);
    const key = `${row.text(3)} ${row.text(0)} ${row.text(5)}`;
    if (key !== this.#key || this.#pending === undefined) {
      this.end(out);
      this.#key = key;
      this.#pending = this.#begin();
    }
    const side = row.side(7, 'side', 'B', 'A');
    const level = [row.price(8, 'price'), row.quantity(9, 'qty')] as const;
    (side === 'buy' ? this.#pending.bids : this.#pending.asks).push(level);
  }

  end(out: MarketMessage[]): void {
    if (this.#pending) out.push(this.#pending);
    this.#pending = undefined;
  }

  #begin(): MarketMessage & { bids: Level[]; asks: Level[] } {
    const { row } = this;
    const kind = row.text(3);
    if (kind !== 'S' && kind !== 'D') row.fail('S (snapshot) or D (change) in kind', JSON.stringify(kind));
    const timeMs = row.nanoseconds(0, 'recv_ns');
    return {
      channel: 'depth',
      exchange: this.#market.exchange,
      symbol: this.#market.symbol,
      timeMs,
      eventOffsetMs: eventOffset(row, timeMs),
      snapshot: kind === 'S',
      firstUpdateId: row.id(4, 'first_id'),
      lastUpdateId: row.id(5, 'last_id'),
      previousUpdateId: row.text(6) === '' ? undefined : row.id(6, 'prev_last_id'),
      bids: [],
      asks: [],
    };
  }
}
