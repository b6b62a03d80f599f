import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { goldenAnswers } from './vectors/golden.ts';

const QUOTES = 'recv_ns,event_ms,tx_ms,update_id,bid_px,bid_qty,ask_px,ask_qty';
const TRADES = 'recv_ns,event_ms,trade_ms,trade_id,price,qty,taker_side,order_type';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nanometer-golden-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function write(name: string, content: string): void {
  writeFileSync(join(folder, name), name.endsWith('.gz') ? gzipSync(content) : content);
}

function answers(): Readonly<Record<string, Record<string, unknown>>> {
  return goldenAnswers(folder, () => {}) as Readonly<Record<string, Record<string, unknown>>>;
}

/** Quotes every 100 ms for a minute and trades between them, from any moment on. */
function market(stem: string, startSeconds: number, tick: number, ending = 'csv.gz'): void {
  const rows = Array.from({ length: 600 }, (_, at) => {
    const ns = `${BigInt(startSeconds) * 1_000_000_000n + BigInt(at) * 100_000_000n}`;
    const bid = 1 + tick * (at % 7);
    return { ns, bid, ask: bid + tick };
  });
  write(`${stem}-bbo.${ending}`, [QUOTES, ...rows.map(({ ns, bid, ask }) => `${ns},,,1,${bid},2,${ask},3`)].join('\n'));
  const later = (ns: string): string => `${BigInt(ns) + 1n}`;
  const trade = ({ ns, ask }: { ns: string; ask: number }, at: number): string =>
    `${later(ns)},,,${at},${ask},1,${at % 2 === 0 ? 'B' : 'S'},`;
  write(`${stem}-trades.${ending}`, [TRADES, ...rows.map(trade)].join('\n'));
}

test.each([
  ['a spot market of tiny ticks', 'kraken-spot-shibusdt-20210304', 1_614_816_000, 1e-8],
  ['an inverse contract over a day of 25 hours', 'binance-coinm-ethusd_perp-20231029', 1_698_537_600, 0.01],
  ['a market at the end of a leap day', 'okx-usdm-xrpusdt-20240229', 1_709_251_140, 0.0001],
])('%s has every key of the known markets', (_, stem, start, tick) => {
  market(stem, start, tick);
  const answer = answers()[stem]!;
  expect(answer).toMatchObject({ bbo_rows: 600, trade_rows: 600, trades_with_prevailing_quote: 600 });
  expect(answer['pnl']).toMatchObject({ fills: 3, position: expect.closeTo(0.03, 12) });
  expect(answer['ofi_1s']).toMatchObject({ n: 59 });
});

test('plain files give what gzipped ones do', () => {
  market('a-spot-x-20240101', 1_704_067_200, 0.01);
  market('b-spot-x-20240101', 1_704_067_200, 0.01, 'csv');
  const { 'a-spot-x-20240101': zipped, 'b-spot-x-20240101': plain } = answers();
  expect(plain).toEqual(zipped);
});

test('a market that cannot be read has an error with the file, and the others their answers', () => {
  market('good-spot-x-20240101', 1_704_067_200, 0.01);
  write('lone-spot-x-20240101-bbo.csv.gz', QUOTES);
  write('left-spot-x-20240101-trades.csv.gz', TRADES);
  write('header-spot-x-20240101-bbo.csv.gz', QUOTES);
  write('header-spot-x-20240101-trades.csv.gz', TRADES);
  writeFileSync(join(folder, 'empty-spot-x-20240101-bbo.csv.gz'), '');
  write('empty-spot-x-20240101-trades.csv.gz', TRADES);
  writeFileSync(join(folder, 'cut-spot-x-20240101-bbo.csv.gz'), gzipSync('x'.repeat(1000)).subarray(0, 20));
  write('cut-spot-x-20240101-trades.csv.gz', `${TRADES}\n1704067200000000000,,,1,1,1,B,`);
  const { 'good-spot-x-20240101': good, ...bad } = answers();
  expect(good).toMatchObject({ bbo_rows: 600 });
  expect(Object.fromEntries(Object.entries(bad).map(([stem, { error }]) => [stem.split('-')[0], error]))).toEqual({
    lone: expect.stringContaining('lone-spot-x-20240101-trades.csv.gz is missing'),
    left: expect.stringContaining('left-spot-x-20240101-bbo.csv.gz or left'),
    header: expect.stringContaining('header-spot-x-20240101-trades.csv.gz has a header and no rows'),
    empty: expect.stringContaining('empty-spot-x-20240101-'),
    cut: expect.stringContaining('cut-spot-x-20240101-bbo.csv.gz is no whole gzip file'),
  });
});

test('a daily series shorter than the window says so and counts nothing, a missing day is no return', () => {
  const day = (symbol: string, close: number | string): string => `${symbol},2024-01-01,1,1,1,1,1,1,${close}`;
  const header = 'symbol,date,open,high,low,close,volume,adj_factor,adj_close';
  write('eu-equity-daily-2024.csv.gz', [header, day('A', 1), day('A', ''), day('A', 2), day('B', 5)].join('\n'));
  write('xx-equity-daily-2025.csv.gz', header);
  const { 'eu-equity-daily-2024': short, 'xx-equity-daily-2025': none } = answers();
  expect(short!['A']).toMatchObject({
    note: '1 returns: a window of 250 makes no forecast',
    'historical_0.05': { T: 0 },
    last250: { 'quantile7_0.05': 1 },
  });
  expect(short!['B']).toMatchObject({ note: expect.stringContaining('0 returns') });
  expect(none).toMatchObject({ error: expect.stringContaining('has a header and no rows') });
});
