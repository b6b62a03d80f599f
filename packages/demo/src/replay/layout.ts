import { basename } from 'node:path';
import { ReplayError } from '../errors.ts';
import type { Channel } from '../market/message.ts';
import {
  BINANCE_COLUMNS,
  BinanceBookTickerParser,
  BinanceTradesParser,
  binanceExchange,
  type BinanceKind,
} from './binance-parsers.ts';
import {
  RECORDED_BBO_COLUMNS,
  RECORDED_DEPTH_COLUMNS,
  RECORDED_TRADES_COLUMNS,
  RecordedBboParser,
  RecordedDepthParser,
  RecordedTradesParser,
} from './recorded-parsers.ts';
import { quote } from './row.ts';
import type { MarketId, RowParser } from './row-parser.ts';
import {
  NBBO_COLUMNS,
  NBBO_TRADES_COLUMNS,
  NbboParser,
  NbboTradesParser,
  newYorkMidnight,
  SESSION_START_MS,
} from './us-equity-parsers.ts';

/** How to read one file. */
export interface FileLayout extends MarketId {
  readonly path: string;
  readonly channel: Channel;
  /** `YYYYMMDD` or `YYYYMM`, from the name. */
  readonly date: string;
  /** Name of the layout, for messages. */
  readonly layout: string;
  /** True when the first line is a header. */
  readonly hasHeader: boolean;
  /** Unix milliseconds at which this file's day begins; `undefined` = at its first message. */
  readonly dayStartMs: number | undefined;
  readonly priceDecimals: number | undefined;
  createParser(): RowParser;
}

/** What a file's name says about its content. */
export type NamedFile =
  | {
      readonly kind: 'recorded';
      readonly stem: string;
      readonly exchange: string;
      readonly symbol: string;
      readonly date: string;
    }
  | {
      readonly kind: 'binance';
      readonly stem: string;
      readonly symbol: string;
      readonly content: BinanceKind;
      readonly date: string;
    };

const RECORDED_NAME = /^([a-z0-9][a-z0-9-]*)-([a-z0-9_.]+)-(\d{8})-(bbo|l2|trades|nbbo)\.csv(?:\.gz|\.zip)?$/i;
const BINANCE_NAME =
  /^([A-Z0-9_]+)-(aggTrades|trades|bookTicker)-(\d{4})-(\d{2})(?:-(\d{2}))?\.(?:csv|csv\.gz|zip|csv\.zip)$/;

/** The names that can be replayed, for messages. */
export const KNOWN_NAMES =
  'EXCHANGE-SYMBOL-YYYYMMDD-{bbo,trades,l2,nbbo}.csv[.gz] or SYMBOL-{aggTrades,trades,bookTicker}-YYYY-MM[-DD].{csv,csv.gz,zip}';

/** Reads a file name; `undefined` when it is not the name of market data. */
export function parseFileName(path: string): NamedFile | undefined {
  const name = basename(path);
  const recorded = RECORDED_NAME.exec(name);
  if (recorded) {
    const [, exchange = '', symbol = '', date = ''] = recorded;
    const stem = name.slice(0, name.lastIndexOf('.csv'));
    return { kind: 'recorded', stem, exchange: exchange.toLowerCase(), symbol: symbol.toUpperCase(), date };
  }
  const binance = BINANCE_NAME.exec(name);
  if (binance) {
    const [, symbol = '', content = '', year = '', month = '', day = ''] = binance;
    const stem = `${symbol}-${content}-${year}-${month}-${day}`;
    return { kind: 'binance', stem, symbol, content: content as BinanceKind, date: `${year}${month}${day}` };
  }
  return undefined;
}

/**
 * Tells a file's layout from its name and first line.
 * @throws ReplayError `unknown_layout` when the first line does not belong to the named layout.
 */
export function detectLayout(path: string, named: NamedFile, firstLine: string): FileLayout {
  return named.kind === 'recorded' ? recordedLayout(path, named, firstLine) : binanceLayout(path, named, firstLine);
}

function recordedLayout(path: string, named: Extract<NamedFile, { kind: 'recorded' }>, firstLine: string): FileLayout {
  const { exchange, symbol, date } = named;
  const market = { exchange, symbol };
  const base = { ...market, path, date, hasHeader: true };
  const own = { ...base, dayStartMs: undefined, priceDecimals: undefined };
  switch (firstLine) {
    case RECORDED_BBO_COLUMNS.join(','):
      return { ...own, channel: 'bbo', layout: 'bbo', createParser: () => new RecordedBboParser(path, market) };
    case RECORDED_TRADES_COLUMNS.join(','):
      return {
        ...own,
        channel: 'trades',
        layout: 'trades',
        createParser: () => new RecordedTradesParser(path, market),
      };
    case RECORDED_DEPTH_COLUMNS.join(','):
      return { ...own, channel: 'depth', layout: 'l2', createParser: () => new RecordedDepthParser(path, market) };
    default:
  }
  const midnightMs = newYorkMidnight(date);
  const session = { ...base, dayStartMs: midnightMs + SESSION_START_MS, priceDecimals: 2 };
  switch (firstLine) {
    case NBBO_COLUMNS.join(','):
      return {
        ...session,
        channel: 'bbo',
        layout: 'nbbo',
        createParser: () => new NbboParser(path, market, midnightMs),
      };
    case NBBO_TRADES_COLUMNS.join(','):
      return {
        ...session,
        channel: 'trades',
        layout: 'nbbo trades',
        createParser: () => new NbboTradesParser(path, market, midnightMs),
      };
    default:
      throw new ReplayError(
        'unknown_layout',
        `${path}:1: expected the header of a bbo, trades, l2 or nbbo file (such as ${RECORDED_BBO_COLUMNS.join(',')}), found ${quote(firstLine)}`,
      );
  }
}

function binanceLayout(path: string, named: Extract<NamedFile, { kind: 'binance' }>, firstLine: string): FileLayout {
  const { content, symbol, date } = named;
  const columns = BINANCE_COLUMNS[content];
  const cells = firstLine.split(',');
  const hasHeader = !/^\d/.test(firstLine);
  const wrongHeader = hasHeader && columns.slice(0, 2).some((name, i) => cells[i] !== name);
  const extra = content === 'bookTicker' ? 0 : 1;
  if (wrongHeader || cells.length < columns.length || cells.length > columns.length + extra) {
    throw new ReplayError(
      'unknown_layout',
      `${path}:1: expected the columns of Binance ${content} (${columns.join(',')}), found ${quote(firstLine)}`,
    );
  }
  const market = { exchange: binanceExchange(symbol, content, cells.length), symbol };
  const base = { ...market, path, date, hasHeader, dayStartMs: undefined, priceDecimals: undefined, layout: content };
  if (content === 'bookTicker') {
    return { ...base, channel: 'bbo', createParser: () => new BinanceBookTickerParser(path, market) };
  }
  return { ...base, channel: 'trades', createParser: () => new BinanceTradesParser(path, market, content) };
}
