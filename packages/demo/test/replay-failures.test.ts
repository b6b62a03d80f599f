import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { ReplayError } from '../src/index.ts';
import { folder, write, read, BBO_HEADER, BBO_ROW, zip } from './replay-files.ts';

async function failure(path: string): Promise<ReplayError> {
  try {
    await read(path);
  } catch (error) {
    if (error instanceof ReplayError) return error;
    throw error;
  }
  throw new Error('expected a ReplayError');
}

const TRADES_HEADER = 'recv_ns,event_ms,trade_ms,trade_id,price,qty,taker_side,order_type';

describe('what cannot be used fails with a code and says where', () => {
  const trade = '1723161256000000000,1723161257270,1723161257270,849714402,61804.8,4,B,MARKET';

  test.each([
    ['too few columns', '1,2,3', /:3: expected 8 columns \(recv_ns,.*\), found 3 in "1,2,3"$/],
    ['too many columns', `${trade},9`, /:3: expected 8 columns .*, found 9 in /],
    [
      'a price that is no number',
      trade.replace('61804.8', 'abc'),
      /:3: expected a positive price in price, found "abc"$/,
    ],
    ['an empty price', trade.replace('61804.8', ''), /:3: expected a positive price in price, found ""$/],
    ['a price of zero', trade.replace('61804.8', '0'), /:3: expected a positive price in price, found "0"$/],
    ['a negative price', trade.replace('61804.8', '-1'), /found "-1"$/],
    ['NaN', trade.replace('61804.8', 'NaN'), /found "NaN"$/],
    ['Infinity', trade.replace('61804.8', 'Infinity'), /found "Infinity"$/],
    ['an overflow', trade.replace('61804.8', '1e999'), /found "1e999"$/],
    ['a hexadecimal price', trade.replace('61804.8', '0x10'), /found "0x10"$/],
    ['a price with a blank', trade.replace('61804.8', ' 1'), /found " 1"$/],
    ['a negative quantity', trade.replace(',4,', ',-4,'), /:3: expected a quantity of 0 or more in qty, found "-4"$/],
    ['an unknown side', trade.replace(',B,', ',X,'), /:3: expected B or S in taker_side, found "X"$/],
    ['an id beyond 2^53', trade.replace('849714402', '9007199254740993'), /:3: expected a whole number in trade_id/],
    [
      'a time that is none',
      trade.replace('1723161256000000000', 'now'),
      /:3: expected Unix nanoseconds in recv_ns, found "now"$/,
    ],
    ['control characters', `\u0007${'x'.repeat(99)}`, /found 1 in "\\u0007x{39}…"$/],
  ])('%s', async (_case, row, message) => {
    const path = write('binance-usdm-btcusdt-20240808-trades.csv', `${TRADES_HEADER}\n${trade}\n${row}\n${trade}\n`);
    const error = await failure(path);
    expect(error.code).toBe('malformed_row');
    expect(error.message.startsWith(`${path}:3: `)).toBe(true);
    expect(error.message).toMatch(message);
  });

  test('a malformed row deep in a compressed file is named by its line', async () => {
    const rows = Array.from({ length: 50_000 }, () => trade);
    rows[49_000] = trade.replace('61804.8', '?');
    const path = write('binance-usdm-btcusdt-20240808-trades.csv.gz', gzipSync([TRADES_HEADER, ...rows].join('\n')));
    expect((await failure(path)).message).toContain(`${path}:49002: expected a positive price`);
  });

  test.each([
    [
      'aggTrades with the wrong columns',
      'BTCUSDT-aggTrades-2024-08-08.csv',
      '1,2,3\n',
      'unknown_layout',
      /:1: expected the columns of Binance aggTrades/,
    ],
    [
      'bookTicker with a header of something else',
      'BTCUSDT-bookTicker-2024-08-08.csv',
      'a,b,c,d,e,f,g\n',
      'unknown_layout',
      /:1: expected the columns of Binance bookTicker/,
    ],
    [
      'a recorded name with another header',
      'exa-aaausdt-20240808-bbo.csv',
      'open,high,low\n',
      'unknown_layout',
      /:1: expected the header of a bbo, trades, l2 or nbbo file .* found "open,high,low"/,
    ],
    [
      'a file name that says nothing',
      'prices.csv',
      'a,b\n',
      'unknown_layout',
      /expected a name like EXCHANGE-SYMBOL-YYYYMMDD.* found prices.csv/,
    ],
    [
      'a file without rows',
      'exa-aaausdt-20240808-bbo.csv',
      `${BBO_HEADER}\n`,
      'empty',
      /expected rows of market data, found none/,
    ],
    ['an empty file', 'exa-aaausdt-20240808-bbo.csv', '', 'empty', /expected rows of market data, found none/],
    [
      'a line without end',
      'exa-aaausdt-20240808-bbo.csv',
      `${BBO_HEADER}\n${'7'.repeat(300_000)}`,
      'malformed_row',
      /:2: expected a line, found \d+ characters without end/,
    ],
    [
      'a cut gzip file',
      'exa-aaausdt-20240808-bbo.csv.gz',
      gzipSync(`${BBO_HEADER}\n${BBO_ROW}\n`).subarray(0, 60),
      'corrupt_archive',
      /expected a whole compressed file, found: unexpected end of file/,
    ],
    [
      'a cut zip file',
      'BTCUSDT-aggTrades-2024-08-08.zip',
      zip('a.csv', Buffer.from('1,2\n'), 8).subarray(0, 40),
      'corrupt_archive',
      /expected a zip end record/,
    ],
    [
      'a zip of two files',
      'BTCUSDT-aggTrades-2024-08-08.zip',
      zip('a.csv', Buffer.from('1,2\n'), 8, { entries: 2 }),
      'corrupt_archive',
      /expected an archive of one file, found 2/,
    ],
    [
      'an encrypted zip',
      'BTCUSDT-aggTrades-2024-08-08.zip',
      zip('a.csv', Buffer.from('1,2\n'), 8, { flags: 1 }),
      'corrupt_archive',
      /found encryption/,
    ],
  ])('%s', async (_case, name, content, code, message) => {
    const error = await failure(write(name, content));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
    expect(error.message).toContain(folder);
  });

  test('a path that does not exist', async () => {
    const error = await failure(join(folder, 'nowhere'));
    expect(error.code).toBe('not_found');
    expect(error.message).toContain(join(folder, 'nowhere'));
  });

  test('an empty folder, and a folder of other things', async () => {
    expect(await failure(folder)).toMatchObject({ code: 'empty' });
    write('notes.txt', 'x');
    const error = await failure(folder);
    expect(error.code).toBe('no_market_data');
    expect(error.message).toMatch(/expected files named .*, found notes.txt/);
  });
});
