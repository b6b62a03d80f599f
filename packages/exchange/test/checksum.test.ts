import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { bookChecksum, ExchangeInstrumentation, type TextLevel } from '@nanometer/exchange';
import {
  ATTR_EXCHANGE_CHANNEL,
  ATTR_EXCHANGE_CHECKSUM_RESULT,
  ATTR_EXCHANGE_NAME,
  METRIC_EXCHANGE_BOOK_CHECKSUM,
} from '@nanometer/semconv';
import { Recording, SDKS, sharedData } from '@nanometer/testing';

// The example of Kraken's WebSocket API v1 guide to book checksums.
const KRAKEN_ASKS = [
  '0.05005',
  '0.05010',
  '0.05015',
  '0.05020',
  '0.05025',
  '0.05030',
  '0.05035',
  '0.05040',
  '0.05045',
  '0.05050',
];
const KRAKEN_BIDS = [
  '0.05000',
  '0.04995',
  '0.04990',
  '0.04980',
  '0.04975',
  '0.04970',
  '0.04965',
  '0.04960',
  '0.04955',
  '0.04950',
];
const sized = (prices: readonly string[], size = '0.00000500'): TextLevel[] => prices.map((price) => [price, size]);

test('the example of Kraken’s guide', () => {
  expect(bookChecksum('kraken', sized(KRAKEN_BIDS), sized(KRAKEN_ASKS))).toBe(974_947_235);
});

test('OKX and Bitget: levels in turn, the longer side goes on alone, 25 at most, a signed number', () => {
  const bids: TextLevel[] = [
    ['3366.1', '7'],
    ['3366', '6'],
  ];
  const asks: TextLevel[] = [['3366.8', '9']];
  // CRC-32 of '3366.1:7:3366.8:9:3366:6', computed with Python's zlib.
  expect(bookChecksum('okx', bids, asks)).toBe(1164732920);
  expect(bookChecksum('bitget', bids, asks)).toBe(1164732920);
  const deep = Array.from({ length: 30 }, (_, at): TextLevel => [String(100 - at), '1']);
  expect(bookChecksum('okx', deep, [])).toBe(bookChecksum('okx', deep.slice(0, 25), []));
  expect(bookChecksum('okx', deep, [])).not.toBe(bookChecksum('okx', deep.slice(0, 24), []));
});

test.each([[[[1, 2]]], [[null]], ['x'], [undefined]])('a side of %j has no checksum', (side) => {
  expect(bookChecksum('okx', side as never, [])).toBeUndefined();
  expect(bookChecksum('kraken', [], side as never)).toBeUndefined();
});

test('counts matched and mismatched checksums', async () => {
  const { meterProvider, collect } = new Recording(SDKS[1]![1]);
  const exchange = new ExchangeInstrumentation({ meterProvider });
  const check = (expected: number | string, bids = sized(KRAKEN_BIDS)): boolean | undefined =>
    exchange.onChecksum({
      exchange: 'kraken',
      channel: 'book',
      kind: 'kraken',
      expected,
      bids,
      asks: sized(KRAKEN_ASKS),
    });
  expect([check(974_947_235), check('974947235'), check(974_947_235 - 2 ** 32)]).toEqual([true, true, true]);
  expect(check(974_947_235, sized(KRAKEN_BIDS, '0.00000501'))).toBe(false);
  for (const bad of ['', 'x', Number.NaN, 0.5]) expect(check(bad)).toBeUndefined();
  const found = await collect();
  const book = { [ATTR_EXCHANGE_NAME]: 'kraken', [ATTR_EXCHANGE_CHANNEL]: 'book' };
  const countOf = (result: string): unknown =>
    found.valueOf(METRIC_EXCHANGE_BOOK_CHECKSUM, { ...book, [ATTR_EXCHANGE_CHECKSUM_RESULT]: result });
  expect([countOf('matched'), countOf('mismatched')]).toEqual([3, 1]);
  expect(exchange.dropped).toBe(4);
});

/** Books of one recorded exchange, kept level by level as their texts. */
class RecordedBook {
  readonly bids = new Map<string, string>();
  readonly asks = new Map<string, string>();

  apply(side: 'bids' | 'asks', levels: readonly TextLevel[], depth?: number): void {
    for (const [price, size] of levels) {
      if (Number(size) === 0) this[side].delete(price);
      else this[side].set(price, size);
    }
    if (depth === undefined) return;
    for (const [price] of this.levels(side).slice(depth)) this[side].delete(price);
  }

  levels(side: 'bids' | 'asks'): TextLevel[] {
    const sign = side === 'bids' ? -1 : 1;
    return [...this[side]].toSorted((a, b) => sign * (Number(a[0]) - Number(b[0])));
  }
}

const captures = sharedData('market/ws-captures-8-exchanges.csv.gz');
if (captures === undefined) console.warn('skipped: the recorded frames are not beside the checkout');
const recorded = captures === undefined ? test.skip : test;

/** Payloads received from an exchange, in order. */
function framesOf(exchange: string): unknown[] {
  const lines = gunzipSync(readFileSync(captures!)).toString('utf8').split('\n');
  return lines.flatMap((line) => {
    const match = /^([A-Z_]+),\d+,[\d.]+,in,,"(.*)"\r?$/.exec(line);
    return match?.[1] === exchange ? [JSON.parse(match[2]!.replaceAll('""', '"')) as unknown] : [];
  });
}

recorded('every checksum of the recorded OKX books is matched', () => {
  const exchange = new ExchangeInstrumentation({ meterProvider: new Recording(SDKS[1]![1]).meterProvider });
  const books = new Map<string, RecordedBook>();
  const results: (boolean | undefined)[] = [];
  for (const frame of framesOf('OKX') as {
    arg?: { channel: string; instId: string };
    action?: string;
    data?: { bids: TextLevel[]; asks: TextLevel[]; checksum?: number }[];
  }[]) {
    for (const data of frame.data ?? []) {
      if (data.checksum === undefined || frame.arg === undefined) continue;
      const key = frame.arg.instId;
      const book = frame.action === 'snapshot' ? new RecordedBook() : (books.get(key) ?? new RecordedBook());
      books.set(key, book);
      book.apply('bids', data.bids);
      book.apply('asks', data.asks);
      results.push(
        exchange.onChecksum({
          exchange: 'okx',
          channel: frame.arg.channel,
          kind: 'okx',
          expected: data.checksum,
          bids: book.levels('bids'),
          asks: book.levels('asks'),
        }),
      );
    }
  }
  expect(results.length).toBeGreaterThan(20);
  expect(results.filter((result) => result !== true)).toEqual([]);
});

recorded('every checksum of the recorded Kraken books is matched', () => {
  const exchange = new ExchangeInstrumentation({ meterProvider: new Recording(SDKS[1]![1]).meterProvider });
  const books = new Map<string, RecordedBook>();
  const results: (boolean | undefined)[] = [];
  type Part = { as?: TextLevel[]; bs?: TextLevel[]; a?: TextLevel[]; b?: TextLevel[]; c?: string };
  for (const frame of framesOf('KRAKEN')) {
    if (!Array.isArray(frame) || !String(frame.at(-2)).startsWith('book-')) continue;
    // Sorting a thousand levels anew for each message is slow; some hundred show as much.
    if (results.length >= 400) break;
    const depth = Number(String(frame.at(-2)).slice('book-'.length));
    const book = books.get(String(frame.at(-1))) ?? new RecordedBook();
    books.set(String(frame.at(-1)), book);
    for (const part of frame.slice(1, -2) as Part[]) {
      book.apply('asks', part.as ?? part.a ?? [], depth);
      book.apply('bids', part.bs ?? part.b ?? [], depth);
      if (part.c === undefined) continue;
      results.push(
        exchange.onChecksum({
          exchange: 'kraken',
          channel: 'book',
          kind: 'kraken',
          expected: part.c,
          bids: book.levels('bids'),
          asks: book.levels('asks'),
        }),
      );
    }
  }
  expect(results).toHaveLength(400);
  expect(results.filter((result) => result !== true)).toEqual([]);
});
