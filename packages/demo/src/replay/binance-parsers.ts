import type { MarketMessage } from '../market/message.ts';
import { Row } from './row.ts';
import type { MarketId, RowParser } from './row-parser.ts';

/** Kinds of Binance's public daily downloads that can be replayed. */
export type BinanceKind = 'aggTrades' | 'trades' | 'bookTicker';

/** Columns that spot and futures files share, in order; spot trade files have one more, `best match`. */
export const BINANCE_COLUMNS: Readonly<Record<BinanceKind, readonly string[]>> = {
  aggTrades: 'agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,is_buyer_maker'.split(','),
  trades: 'id,price,qty,quote_qty,time,is_buyer_maker'.split(','),
  bookTicker: 'update_id,best_bid_price,best_bid_qty,best_ask_price,best_ask_qty,transaction_time,event_time'.split(
    ',',
  ),
};

/** Tells spot from futures by the extra column, and coin-margined contracts by their symbol. */
export function binanceExchange(symbol: string, kind: BinanceKind, columnCount: number): string {
  if (/USD_(?:PERP|\d{6})$/.test(symbol)) return 'binance-coinm';
  if (kind === 'bookTicker') return 'binance-usdm';
  return columnCount > BINANCE_COLUMNS[kind].length ? 'binance-spot' : 'binance-usdm';
}

/** Trades and aggregate trades of Binance's public downloads; market time is the exchange's own. */
export class BinanceTradesParser implements RowParser {
  readonly row: Row;
  readonly skipped: ReadonlyMap<string, number> = new Map();
  readonly #market: MarketId;
  readonly #columns: readonly string[];
  readonly #timeColumn: number;

  constructor(file: string, market: MarketId, kind: 'aggTrades' | 'trades') {
    this.row = new Row(file);
    this.#market = market;
    this.#columns = BINANCE_COLUMNS[kind];
    this.#timeColumn = kind === 'aggTrades' ? 5 : 4;
  }

  parse(line: string, lineNumber: number, out: MarketMessage[]): void {
    const { row } = this;
    row.load(line, lineNumber, this.#columns, 1);
    const makerColumn = this.#timeColumn + 1;
    out.push({
      channel: 'trades',
      exchange: this.#market.exchange,
      symbol: this.#market.symbol,
      timeMs: row.unixTime(this.#timeColumn, this.#columns[this.#timeColumn] ?? ''),
      eventOffsetMs: undefined,
      tradeId: row.id(0, this.#columns[0] ?? ''),
      price: row.price(1, 'price'),
      quantity: row.quantity(2, this.#columns[2] ?? ''),
      takerSide: row.boolean(makerColumn, 'is_buyer_maker') ? 'sell' : 'buy',
    });
  }

  end(): void {}
}

/** Best bid and offer of Binance's public downloads. */
export class BinanceBookTickerParser implements RowParser {
  readonly row: Row;
  readonly skipped: ReadonlyMap<string, number> = new Map();
  readonly #market: MarketId;

  constructor(file: string, market: MarketId) {
    this.row = new Row(file);
    this.#market = market;
  }

  parse(line: string, lineNumber: number, out: MarketMessage[]): void {
    const { row } = this;
    row.load(line, lineNumber, BINANCE_COLUMNS.bookTicker);
    out.push({
      channel: 'bbo',
      exchange: this.#market.exchange,
      symbol: this.#market.symbol,
      timeMs: row.unixTime(6, 'event_time'),
      eventOffsetMs: undefined,
      updateId: row.id(0, 'update_id'),
      bidPrice: row.price(1, 'best_bid_price'),
      bidQuantity: row.quantity(2, 'best_bid_qty'),
      askPrice: row.price(3, 'best_ask_price'),
      askQuantity: row.quantity(4, 'best_ask_qty'),
    });
  }

  end(): void {}
}
