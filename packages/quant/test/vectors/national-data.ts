import { isQuote, LeeReady, midOf, type TimedQuote, type TimedTrade } from '@nanometer/quant';
import { csvRows } from './market-data.ts';
import type { Print } from './pnl-answers.ts';

/** Times of these files are milliseconds since midnight. */
export const MILLISECONDS_PER_SECOND = 1000;

/**
 * Quotes of a file in which each row replaces one side of the national best: one quote per row, from the first on that
 * has both sides.
 */
export function* nationalQuotes(path: string): Generator<TimedQuote> {
  let bid = Number.NaN;
  let bidSize = Number.NaN;
  let ask = Number.NaN;
  let askSize = Number.NaN;
  for (const [time, side, price, size] of csvRows(path)) {
    if (side === 'B') {
      bid = Number(price);
      bidSize = Number(size);
    } else {
      ask = Number(price);
      askSize = Number(size);
    }
    const quote = { bid, bidSize, ask, askSize, time: Number(time) };
    if (isQuote(quote)) yield quote;
  }
}

/** Trades of a consolidated tape, which carry no side. */
export function* tapeTrades(path: string): Generator<TimedTrade> {
  for (const [time, price, size] of csvRows(path)) {
    yield { time: Number(time), price: Number(price), quantity: Number(size) };
  }
}

/** Trades with their sides by Lee and Ready against the quote strictly before each; without those of unknown side. */
export function* classifiedPrints(quotes: Iterator<TimedQuote>, trades: Iterable<TimedTrade>): Generator<Print> {
  const classifier = new LeeReady();
  let mid = Number.NaN;
  let quote = quotes.next();
  for (const { price, time } of trades) {
    for (; quote.done !== true && quote.value.time < time; quote = quotes.next()) mid = midOf(quote.value);
    const sign = classifier.sign(price, mid);
    if (sign !== 0) yield { price, isBuy: sign === 1 };
  }
}
