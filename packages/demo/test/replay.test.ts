import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { sharedData } from '@nanometer/testing';
import { type MarketMessage, openReplay } from '../src/index.ts';
import { folder, write, readAll, read, BBO_HEADER, BBO_ROW, zip } from './replay-files.ts';

const L2_HEADER = 'recv_ns,event_ms,tx_ms,kind,first_id,last_id,prev_last_id,side,price,qty';

describe('recorded layouts', () => {
  test('reads best bid and offer with the apparent delay of its stamps', async () => {
    write('binance-usdm-btcusdt-20240808-bbo.csv', `${BBO_HEADER}\n${BBO_ROW}\n`);
    const feed = await openReplay(folder);
    expect(feed.markets).toEqual([
      {
        exchange: 'binance-usdm',
        symbol: 'BTCUSDT',
        kind: 'linear',
        multiplier: 1,
        baseCurrency: 'BTC',
        quoteCurrency: 'USDT',
        currency: 'USDT',
        priceDecimals: 1,
        quantityDecimals: 0,
      },
    ]);
    expect(feed.originMs).toBe(1_723_161_256_000);
    expect(await readAll(feed)).toEqual([
      {
        channel: 'bbo',
        exchange: 'binance-usdm',
        symbol: 'BTCUSDT',
        timeMs: 0,
        eventOffsetMs: 1270,
        updateId: 7,
        bidPrice: 61804.7,
        bidQuantity: 35,
        askPrice: 61804.8,
        askQuantity: 1645,
      },
    ]);
  });

  test('has no delay where the exchange does not stamp its messages', async () => {
    write('binance-spot-btcusdt-20240808-bbo.csv', `${BBO_HEADER}\n${BBO_ROW.replace('1723161257270', '')}\n`);
    expect((await read(folder))[0]?.eventOffsetMs).toBeUndefined();
  });

  test('makes one depth message of the rows of one update, also over chunks and at the end', async () => {
    const row = (ns: string, kind: string, id: number, side: string, price: number): string =>
      `${ns},1723161257440,,${kind},${id},${id},${kind === 'S' ? '' : id - 1},${side},${price},2.5`;
    const first = Array.from({ length: 3000 }, (_, i) =>
      row('1723161256000000000', 'S', 5, i % 2 ? 'A' : 'B', 100 + i),
    );
    const rows = [...first, row('1723161256000000000', 'D', 6, 'B', 7), row('1723161256100000000', 'D', 7, 'A', 9)];
    write('binance-usdm-btcusdt-20240808-l2.csv.gz', gzipSync(`${L2_HEADER}\n${rows.join('\n')}`));
    write('binance-usdm-btcusdt-20240808-bbo.csv', `${BBO_HEADER}\n${BBO_ROW}\n`);
    const depth = (await read(folder)).filter((message) => message.channel === 'depth');
    expect(depth.map(({ snapshot, bids, asks }) => [snapshot, bids.length, asks.length])).toEqual([
      [true, 1500, 1500],
      [false, 1, 0],
      [false, 0, 1],
    ]);
    expect(depth[1]).toMatchObject({ firstUpdateId: 6, previousUpdateId: 5, bids: [[7, 2.5]] });
    expect(depth[0]?.previousUpdateId).toBeUndefined();
  });

  test('reads inverse contracts as such', async () => {
    write('binance-coinm-btcusd_perp-20240808-bbo.csv', `${BBO_HEADER}\n${BBO_ROW}\n`);
    const feed = await openReplay(folder);
    expect(feed.markets[0]).toMatchObject({ kind: 'inverse', multiplier: 100, currency: 'BTC', quoteCurrency: 'USD' });
    await feed.close();
  });

  test('reads US equities from 09:30 New York and says what it left out', async () => {
    const quotes = [
      'ms_of_day_et,side,price,size,venue,quote_condition,suspicious',
      '34100000,B,181.50,100,P,1,0',
      '34199999,A,181.60,200,Q,1,0',
      '34200000,B,181.55,300,P,1,0',
      '34200010,A,181.55,300,P,1,0',
      '34200020,A,181.61,400,P,1,0',
      '57600000,A,181.62,400,P,1,0',
    ];
    const trades = [
      'ms_of_day_et,price,size,venue,sale_condition_hex,suspicious',
      '34200005,181.55,10,N,1,0',
      '34200006,181.56,20,N,1,0',
      '34200007,181.56,30,D,1,0',
      '34200008,181.50,40,N,1,1',
      '34200009,181.55,50,N,1,0',
    ];
    write('us-equity-ibm-20131007-nbbo.csv', quotes.join('\n'));
    write('us-equity-ibm-20131007-trades.csv', trades.join('\n'));
    const feed = await openReplay(folder);
    // 2013-10-07 09:30 in New York is 13:30 UTC: summer time.
    expect(feed.originMs).toBe(Date.UTC(2013, 9, 7, 13, 30));
    const messages = await readAll(feed);
    expect(messages.map((m) => [m.timeMs, m.channel, m.channel === 'bbo' ? m.bidPrice : m.channel])).toEqual([
      [0, 'bbo', 181.55],
      [5, 'trades', 'trades'],
      [6, 'trades', 'trades'],
      [9, 'trades', 'trades'],
      [20, 'bbo', 181.55],
    ]);
    const taken = messages.filter((message) => message.channel === 'trades');
    expect(taken.map(({ takerSide, tradeId }) => [takerSide, tradeId])).toEqual([
      ['buy', 1],
      ['buy', 2],
      ['sell', 3],
    ]);
    expect(feed.notices.join('\n')).toMatch(/1 rows left out, locked or crossed/);
    expect(feed.notices.join('\n')).toMatch(/1 rows left out, reported off exchange/);
    expect(feed.notices.join('\n')).toMatch(/3 rows left out, outside the regular session/);
  });
});

describe("Binance's public downloads", () => {
  const spotAgg = '26129,61837.63,0.02000000,27781,27783,1723161255342,True,True';
  const futuresAgg = '26129,61837.6,0.020,27781,27783,1723161255342,false';

  test.each([
    ['spot, no header', 'BTCUSDT-aggTrades-2024-08-08.csv', `${spotAgg}\n`, 'binance-spot', 'sell'],
    [
      'spot in microseconds',
      'BTCUSDT-aggTrades-2025-02-01.csv',
      spotAgg.replace('1723161255342', '1723161255342123'),
      'binance-spot',
      'sell',
    ],
    ['futures, no header', 'BTCUSDT-aggTrades-2024-08-08.csv', `${futuresAgg}\n`, 'binance-usdm', 'buy'],
    [
      'futures, header, CRLF',
      'BTCUSDT-aggTrades-2024-08-08.csv',
      `agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,is_buyer_maker\r\n${futuresAgg}\r\n`,
      'binance-usdm',
      'buy',
    ],
    ['coin-margined', 'BTCUSD_PERP-aggTrades-2024-08-08.csv', futuresAgg, 'binance-coinm', 'buy'],
    [
      'monthly spot trades',
      'BTCUSDT-trades-2024-08.csv',
      '26129,61837.63,0.02,1236.75,1723161255342,true,true',
      'binance-spot',
      'sell',
    ],
    [
      'futures trades, header',
      'BTCUSDT-trades-2024-08-08.csv',
      'id,price,qty,quote_qty,time,is_buyer_maker\n26129,61837.6,0.02,1236.75,1723161255342,false',
      'binance-usdm',
      'buy',
    ],
  ])('%s', async (_case, name, content, exchange, takerSide) => {
    const feed = await openReplay(write(name, content));
    expect(Math.abs(feed.originMs - 1_723_161_255_342)).toBeLessThan(1);
    const messages = await readAll(feed);
    expect(messages[0]).toMatchObject({ channel: 'trades', exchange, takerSide, tradeId: 26129, timeMs: 0 });
    expect(messages[0]?.eventOffsetMs).toBeUndefined();
  });

  test('bookTicker, with and without header', async () => {
    const row = '5123107839020,61800.20,2.507,61800.30,2.510,1723161255313,1723161255320';
    const header = 'update_id,best_bid_price,best_bid_qty,best_ask_price,best_ask_qty,transaction_time,event_time';
    for (const content of [row, `${header}\n${row}\n`]) {
      const messages = await read(write('BTCUSDT-bookTicker-2024-08-08.csv', content));
      expect(messages).toHaveLength(1);
      expect(messages[0]).toMatchObject({ channel: 'bbo', exchange: 'binance-usdm', askPrice: 61800.3 });
    }
  });

  test.each([0, 8] as const)('in a zip archive, method %d', async (method) => {
    const path = write(
      'BTCUSDT-aggTrades-2024-08-08.zip',
      zip('BTCUSDT-aggTrades-2024-08-08.csv', Buffer.from(`${spotAgg}\n`), method),
    );
    expect((await read(path))[0]).toMatchObject({ price: 61837.63, exchange: 'binance-spot' });
  });

  test('a day of trades is not read twice', async () => {
    write('BTCUSDT-aggTrades-2024-08-08.csv', futuresAgg);
    write('BTCUSDT-trades-2024-08-08.csv', '26129,61837.6,0.02,1236.75,1723161255342,false');
    const feed = await openReplay(folder);
    expect(feed.notices.join()).toMatch(/BTCUSDT-aggTrades-2024-08-08.csv: skipped/);
    expect((await readAll(feed)).filter((message) => message.channel === 'trades')).toHaveLength(1);
  });

  test('quotes are derived where only trades are recorded', async () => {
    const rows = [
      '1,100.5,2,1,1,1723161255000,false',
      '2,100.3,3,1,1,1723161255001,true',
      '3,100.2,4,1,1,1723161255002,false',
    ];
    const feed = await openReplay(write('BTCUSDT-aggTrades-2024-08-08.csv', rows.join('\n')));
    expect(feed.notices.join()).toMatch(/derived from trades/);
    const quotes = (await readAll(feed)).filter((message) => message.channel === 'bbo');
    expect(quotes.map((quote) => [quote.bidPrice, quote.bidQuantity, quote.askPrice, quote.askQuantity])).toEqual([
      [100.4, 2, 100.5, 2],
      [100.3, 3, 100.5, 2],
      [100.1, 3, 100.2, 4],
    ]);
  });

  test('quotes are derived from depth where only depth is recorded', async () => {
    const row = (id: number, side: string, price: number, quantity: number): string =>
      `172316125600${id}000000,1723161257440,,D,${id},${id},${id - 1},${side},${price},${quantity}`;
    const rows = [row(1, 'B', 10, 1), row(1, 'B', 11, 2), row(1, 'A', 12, 3), row(2, 'B', 11, 0), row(3, 'A', 12, 0)];
    write('binance-usdm-btcusdt-20240808-l2.csv', `${L2_HEADER}\n${[...rows, row(4, 'A', 13, 5)].join('\n')}\n`);
    const quotes = (await read(folder)).filter((message) => message.channel === 'bbo');
    expect(quotes.map((quote) => [quote.bidPrice, quote.bidQuantity, quote.askPrice, quote.askQuantity])).toEqual([
      [11, 2, 12, 3],
      [10, 1, 12, 3],
      [10, 1, 13, 5],
    ]);
  });
});

describe('several markets', () => {
  const bbo = (seconds: number): string => BBO_ROW.replace('1723161256000000000', `${seconds}000000000`);

  test('are merged by time, and markets of different days start together', async () => {
    const rows = (seconds: number[]): string => [BBO_HEADER, ...seconds.map(bbo), ''].join('\n');
    write('exa-aaausdt-20240808-bbo.csv', rows([1_723_161_256, 1_723_161_259]));
    write('exb-bbbusdt-20240808-bbo.csv', rows([1_723_161_257, 1_723_161_258]));
    write('exc-cccusdt-20240810-bbo.csv', rows([1_723_300_000, 1_723_300_001]));
    const feed = await openReplay(folder);
    expect(feed.notices).toEqual(['days that start together at market time 0: 20240808, 20240810']);
    const messages = await readAll(feed);
    expect(messages.map((message) => [message.timeMs, message.exchange])).toEqual([
      [0, 'exa'],
      [0, 'exc'],
      [1000, 'exb'],
      [1000, 'exc'],
      [2000, 'exb'],
      [3000, 'exa'],
    ]);
  });

  test('a later day of the same market follows at its true distance', async () => {
    write('exa-aaausdt-20240808-bbo.csv', `${BBO_HEADER}\n${bbo(1_723_161_256)}\n`);
    write('exa-aaausdt-20240809-bbo.csv', `${BBO_HEADER}\n${bbo(1_723_161_256 + 86_400)}\n`);
    expect((await read(folder)).map((message) => message.timeMs)).toEqual([0, 86_400_000]);
  });

  test('a stamp earlier than the one before is delivered in the order of the file', async () => {
    const rows = [bbo(1_723_161_256), bbo(1_723_161_258), bbo(1_723_161_257), bbo(1_723_161_259)];
    write('exa-aaausdt-20240808-bbo.csv', [BBO_HEADER, ...rows].join('\n'));
    expect((await read(folder)).map((message) => message.timeMs)).toEqual([0, 2000, 2000, 3000]);
  });

  test('other files of the folder are skipped with a notice, and the same data under two endings is read once', async () => {
    write('README.md', 'hello');
    write('us-equity-daily-1998-2021.csv', 'symbol,date\n');
    write('exa-aaausdt-20240808-bbo.csv', `${BBO_HEADER}\n${BBO_ROW}\n`);
    write('exa-aaausdt-20240808-bbo.csv.gz', gzipSync(`${BBO_HEADER}\n${BBO_ROW}\n`));
    write('exb-aaausdt-20240808-trades.csv', '');
    const feed = await openReplay(folder);
    expect(feed.notices).toEqual([
      'exa-aaausdt-20240808-bbo.csv.gz: skipped, the same data is there under another ending',
      'skipped, not market data by name: README.md, us-equity-daily-1998-2021.csv',
      'exb-aaausdt-20240808-trades.csv: skipped, it has no rows',
    ]);
    expect(await readAll(feed)).toHaveLength(1);
  });
});

describe('the shared recordings', () => {
  const data = sharedData('market');
  // Skipped without the recordings, which lie beside the checkout: ../shared/data/market.
  const real = data === undefined ? test.skip : test;

  // Not all files: the two largest depth files take longer than the rest together.
  const FILES = [
    'binance-coinm-btcusd_perp-20240808-bbo.csv.gz',
    'binance-coinm-btcusd_perp-20240808-trades.csv.gz',
    'binance-spot-btcusdt-20240808-bbo.csv.gz',
    'binance-spot-btcusdt-20240808-l2.csv.gz',
    'binance-spot-btcusdt-20240808-trades.csv.gz',
    'us-equity-ibm-20131007-nbbo.csv.gz',
    'us-equity-ibm-20131007-trades.csv.gz',
    'us-equity-daily-1998-2021.csv.gz',
  ];

  real('are read whole and in order of time', async () => {
    for (const file of FILES) symlinkSync(join(data as string, file), join(folder, file));
    const feed = await openReplay(folder);
    const grids = feed.markets.map((spec) => [spec.exchange, spec.symbol, spec.priceDecimals, spec.quantityDecimals]);
    expect(grids).toEqual([
      ['binance-coinm', 'BTCUSD_PERP', 1, 0],
      ['binance-spot', 'BTCUSDT', 2, 5],
      ['us-equity', 'IBM', 2, 0],
    ]);
    const counts = new Map<string, number>();
    const batch: MarketMessage[] = [];
    let lastMs = 0;
    for (;;) {
      const next = await feed.nextTimeMs();
      if (next === undefined) break;
      batch.length = 0;
      await feed.takeUntil(next + 1000, batch);
      for (const { timeMs, exchange, symbol, channel } of batch) {
        if (timeMs < lastMs) throw new Error(`time went back from ${lastMs} to ${timeMs}`);
        lastMs = timeMs;
        const key = `${exchange} ${symbol} ${channel}`;
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
    }
    expect(Object.fromEntries(counts)).toEqual({
      'binance-coinm BTCUSD_PERP bbo': 19136,
      'binance-coinm BTCUSD_PERP trades': 2286,
      'binance-spot BTCUSDT bbo': 28040,
      'binance-spot BTCUSDT depth': 3452,
      'binance-spot BTCUSDT trades': 9757,
      'us-equity IBM bbo': 107264,
      'us-equity IBM trades': 16667,
    });
    expect(feed.notices).toContain('skipped, not market data by name: us-equity-daily-1998-2021.csv.gz');
    expect(['binance-spot', 'us-equity'].every((exchange) => feed.ended(exchange))).toBe(true);
    await feed.close();
  });
});
