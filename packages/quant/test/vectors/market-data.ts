import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { TimedQuote, TimedTrade } from '@nanometer/quant';

/** A fill of the sampled-fill rule; sells are negative. */
export interface SampledFill {
  readonly quantity: number;
  readonly price: number;
  readonly fee: number;
}

/** A row of a trades file with the aggressor's side. */
export interface RecordedTrade extends TimedTrade {
  readonly isBuy: boolean;
}

/** Rows of a gzipped CSV file as cells, without the header. */
export function* csvRows(path: string): Generator<readonly string[]> {
  const lines = gunzipSync(readFileSync(path)).toString('latin1').trimEnd().split('\n');
  for (let at = 1; at < lines.length; at++) yield (lines[at] as string).split(',');
}

/**
 * Nanoseconds since `epochSeconds`, exact: Unix nanoseconds do not fit a double, those of a day do.
 */
export function nanosecondsSince(epochSeconds: number, unixNs: string): number {
  return (Number(unixNs.slice(0, -9)) - epochSeconds) * 1e9 + Number(unixNs.slice(-9));
}

/** Whole seconds of the first row of a recorded file. */
export function epochSecondsOf(path: string): number {
  const first = csvRows(path).next().value as readonly string[] | undefined;
  return Number((first?.[0] ?? '0').slice(0, -9));
}

/** Quotes of a best-bid-offer file; times are nanoseconds since `epochSeconds`. */
export function* recordedQuotes(path: string, epochSeconds: number): Generator<TimedQuote> {
  for (const row of csvRows(path)) {
    yield {
      bid: Number(row[4]),
      bidSize: Number(row[5]),
      ask: Number(row[6]),
      askSize: Number(row[7]),
      time: nanosecondsSince(epochSeconds, row[0] as string),
    };
  }
}

/** Trades of a trades file; times are nanoseconds since `epochSeconds`. */
export function* recordedTrades(path: string, epochSeconds: number): Generator<RecordedTrade> {
  for (const row of csvRows(path)) {
    const isBuy = row[6] === 'B';
    yield {
      time: nanosecondsSince(epochSeconds, row[0] as string),
      price: Number(row[4]),
      quantity: Number(row[5]),
      direction: isBuy ? 1 : -1,
      isBuy,
    };
  }
}

/** Fills of the sampled-fill rule: every 200th trade, 0.01 on the taker's side at the print, 5 basis points of fee. */
export function* sampledFills(tradesFile: string): Generator<SampledFill> {
  let index = 0;
  for (const row of csvRows(tradesFile)) {
    if (index++ % 200 !== 0) continue;
    const price = Number(row[4]);
    const quantity = row[6] === 'B' ? 0.01 : -0.01;
    yield { quantity, price, fee: 0.0005 * 0.01 * price };
  }
}

/** Last mid of a best-bid-offer file. */
export function lastMid(bboFile: string): number {
  let last: readonly string[] = [];
  for (const row of csvRows(bboFile)) last = row;
  return (Number(last[4]) + Number(last[6])) / 2;
}
