import { describe, expect, test } from '@jest/globals';
import { type MessageDescription, MESSAGE_FORMATS, messageFormatOf } from '@nanometer/exchange';
import * as fc from 'fast-check';
import { clearDescription, emptyDescription } from '../src/format/description.ts';
import { CAPTURES, capturedFrames } from './captured-frames.ts';

function describeAll(exchange: string, messages: readonly unknown[]): MessageDescription[] {
  const read = messageFormatOf(exchange)!();
  return messages.map((message) => {
    const into = emptyDescription();
    read(message, into);
    return into;
  });
}

const one = (exchange: string, message: unknown): Partial<MessageDescription> => {
  const filled = Object.entries(describeAll(exchange, [message])[0]!).filter(([, value]) => value !== undefined);
  return Object.fromEntries(filled);
};

const PLAIN = { restarts: false, missed: 0 };

describe('a format reads', () => {
  test.each<[string, string, unknown, Partial<MessageDescription>]>([
    [
      'Binance depth of a combined stream',
      'binance-usdm',
      { stream: 'btcusdt@depth', data: { e: 'depthUpdate', E: 9, s: 'BTCUSDT', U: 5, u: 7, pu: 4, b: [], a: [] } },
      { channel: 'depthUpdate', symbol: 'BTCUSDT', eventTimeMs: 9, firstId: 5, lastId: 7, previousLastId: 4 },
    ],
    [
      "Binance spot's best price, which has neither type nor time",
      'binance',
      { u: 400900217, s: 'BNBUSDT', b: '25.3', B: '31', a: '25.4', A: '40' },
      { channel: 'bookTicker', symbol: 'BNBUSDT' },
    ],
    ['a confirmation of Binance', 'binance', { result: null, id: 1 }, { channel: 'control' }],
    [
      'a book of Bybit',
      'bybit',
      { topic: 'orderbook.50.BTCUSDT', type: 'snapshot', ts: 12, data: { s: 'BTCUSDT', b: [], a: [], u: 1, seq: 2 } },
      { channel: 'orderbook', symbol: 'BTCUSDT', eventTimeMs: 12, restarts: true },
    ],
    ['a pong of Bybit', 'bybit', { op: 'pong', args: ['1'] }, { channel: 'control' }],
    [
      'a book of OKX',
      'okx',
      {
        arg: { channel: 'books', instId: 'BTC-USDT' },
        action: 'update',
        data: [{ ts: '7', seqId: 11, prevSeqId: 10 }],
      },
      { channel: 'books', symbol: 'BTC-USDT', eventTimeMs: 7, lastId: 11, previousLastId: 10 },
    ],
    [
      'ids that a client kept as texts',
      'okx',
      {
        arg: { channel: 'books', instId: 'BTC-USDT' },
        data: [{ ts: '7', seqId: '100000000000011', prevSeqId: '100000000000010' }],
      },
      {
        channel: 'books',
        symbol: 'BTC-USDT',
        eventTimeMs: 7,
        lastId: 100000000000011,
        previousLastId: 100000000000010,
      },
    ],
    [
      'a book of Deribit',
      'deribit',
      {
        method: 'subscription',
        params: {
          channel: 'book.BTC-PERPETUAL.raw',
          data: { type: 'change', timestamp: 3, change_id: 9, prev_change_id: 8 },
        },
      },
      { channel: 'book', symbol: 'BTC-PERPETUAL', eventTimeMs: 3, lastId: 9, previousLastId: 8 },
    ],
    [
      "a trade of Kraken's first protocol",
      'kraken',
      [337, [['5541.2', '0.1', '1534614057.321597', 's', 'l', '']], 'trade', 'XBT/USD'],
      { channel: 'trade', symbol: 'XBT/USD', eventTimeMs: 1534614057.321597 * 1000 },
    ],
    [
      "a book of Kraken's second protocol",
      'kraken',
      { channel: 'book', type: 'update', data: [{ symbol: 'BTC/USD', timestamp: '2023-10-06T17:35:55.440Z' }] },
      { channel: 'book', symbol: 'BTC/USD', eventTimeMs: Date.UTC(2023, 9, 6, 17, 35, 55, 440) },
    ],
    [
      'a trade of Bitstamp',
      'bitstamp',
      { event: 'trade', channel: 'live_trades_btcusd', data: { microtimestamp: '1641343699596001' } },
      { channel: 'live_trades', symbol: 'btcusd', eventTimeMs: 1641343699596.001 },
    ],
    [
      'a trade of Gemini',
      'gemini',
      { type: 'trade', symbol: 'BTCUSD', timestamp: 5, event_id: 1 },
      { channel: 'trade', symbol: 'BTCUSD', eventTimeMs: 5 },
    ],
    [
      'a match of Coinbase',
      'coinbase',
      { type: 'match', product_id: 'BTC-USD', time: '2021-04-17T16:43:37.089723Z', sequence: 5 },
      { channel: 'match', symbol: 'BTC-USD', eventTimeMs: Date.UTC(2021, 3, 17, 16, 43, 37, 89) },
    ],
  ])('%s', (_, exchange, message, expected) => {
    expect(one(exchange, message)).toEqual({ ...PLAIN, ...expected });
  });

  test("gaps of a connection from Coinbase's and Bitfinex's own counts", () => {
    const advanced = (sequence_num: number) => ({ channel: 'ticker', sequence_num, timestamp: 'x' });
    expect(describeAll('coinbase', [0, 1, 4].map(advanced)).map(({ missed }) => missed)).toEqual([0, 0, 2]);
    const bitfinex = [
      { event: 'conf', status: 'OK', flags: 65_536 },
      { event: 'subscribed', channel: 'trades', chanId: 17, symbol: 'tBTCUSD' },
      [17, 'te', [1], 1],
      [17, 'hb', 2],
      [17, 'tu', [1], 6],
    ];
    const read = describeAll('bitfinex', bitfinex);
    expect(read.map(({ missed }) => missed)).toEqual([0, 0, 0, 0, 3]);
    expect(read.map(({ channel }) => channel)).toEqual(['control', 'control', 'trades', 'control', 'trades']);
  });
});

// Medians of the captures as their README states them: the offset of the recorder's clock dominates.
const MEDIAN_DELAY_MS: Readonly<Record<string, number>> = { COINBASE: -13, DERIBIT: -16, BITSTAMP: -32, OKX: 123 };

(CAPTURES === undefined ? describe.skip : describe)('of the captured frames of eight exchanges (shared data)', () => {
  const frames = CAPTURES === undefined ? new Map<string, never>() : capturedFrames(CAPTURES);

  test.each([...(frames.keys() as Iterable<string>)])(
    'every message of %s but confirmations has a channel',
    (exchange) => {
      const captured = frames.get(exchange)!;
      const read = describeAll(
        exchange,
        captured.map(({ payload }) => JSON.parse(payload) as unknown),
      );
      const control = read.filter(({ channel }) => channel === 'control').length;
      expect(control).toBeLessThan(captured.length / 2);
      // Low cardinality: a channel is a kind of message and never a symbol.
      expect(new Set(read.map(({ channel }) => channel)).size).toBeLessThanOrEqual(12);
      for (const { symbol } of read) if (symbol !== undefined) expect(symbol).not.toBe('');
    },
  );

  test.each(Object.entries(MEDIAN_DELAY_MS))(
    'the apparent delay of %s is what its recorder saw',
    (exchange, medianMs) => {
      const captured = frames.get(exchange)!;
      const read = describeAll(
        exchange,
        captured.map(({ payload }) => JSON.parse(payload) as unknown),
      );
      const delays = read.flatMap(({ eventTimeMs }, at) =>
        eventTimeMs === undefined ? [] : [captured[at]!.receiveTimeMs - eventTimeMs],
      );
      delays.sort((a, b) => a - b);
      expect(Math.round(delays[delays.length >> 1]!)).toBeGreaterThanOrEqual(medianMs - 3);
      expect(Math.round(delays[delays.length >> 1]!)).toBeLessThanOrEqual(medianMs + 3);
    },
  );
});

test('no format throws for any JSON, and every description is of the fixed shape', () => {
  const keys = Object.keys(emptyDescription());
  for (const format of Object.values(MESSAGE_FORMATS)) {
    const read = format();
    const into = emptyDescription();
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (message) => {
        clearDescription(into);
        read(message, into);
        expect(Object.keys(into)).toEqual(keys);
        expect(typeof into.channel).toBe('string');
      }),
    );
  }
});

test('an exchange is known by the beginning of its name in any case', () => {
  expect(messageFormatOf('BINANCE_FUTURES')).toBe(MESSAGE_FORMATS['binance']);
  expect(messageFormatOf('krakenfutures')).toBe(MESSAGE_FORMATS['kraken']);
  expect(messageFormatOf('sim-spot')).toBeUndefined();
});
