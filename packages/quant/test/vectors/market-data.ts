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

/** Rows of a CSV file, gzipped or plain, as cells, without the header. Throws an error that names the file. */
export function* csvRows(path: string): Generator<readonly string[]> {
  const lines = textOf(path).trimEnd().split('\n');
  for (let at = 1; at < lines.length; at++) yield (lines[at] as string).trimEnd().split(',');
}

function textOf(path: string): string {
  const bytes = readFileSync(path);
  if (bytes.length === 0) throw new Error(`${path} is empty, without even a header`);
  const isZipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
  try {
    return (isZipped ? gunzipSync(bytes) : bytes).toString('latin1');
  } catch (error) {
    throw new Error(`${path} is no whole gzip file: ${(error as Error).message}`, { cause: error });
  }
}

/**
 * Nanoseconds since `epochSeconds`, exact: Unix nanoseconds do not fit a double, those of a day do.
 */
export function nanosecondsSince(epochSeconds: number, unixNs: string): number {
  return (Number(unixNs.slice(0, -9)) - epochSeconds) * 1e9 + Number(unixNs.slice(-9));
}

/** Whole seconds of the first row of a recorded file. Throws an error that names a file without rows or times. */
export function epochSecondsOf(path: string): number {
  const first = csvRows(path).next().value as readonly string[] | undefined;
  if (first === undefined) throw new Error(`${path} has a header and no rows`);
  if (!/^\d{10,}$/.test(first[0] ?? '')) {
    throw new Error(`${path} begins with the time "${first[0]}", no Unix nanoseconds: is the first column recv_ns?`);
  }
  return Number(first[0]!.slice(0, -9));
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
