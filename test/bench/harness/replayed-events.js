import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { openReplay } from '@nanometer/demo';

const HERE = fileURLToPath(new URL('../../../../shared/data/market', import.meta.url));
const FOLDER = process.env['NANOMETER_SHARED_DATA'] ? `${process.env['NANOMETER_SHARED_DATA']}/market` : HERE;

/** Recorded Binance markets, all channels in the order of their receipt, as the events the instrumentations take. */
export async function replayedEvents() {
  if (!existsSync(FOLDER))
    throw new Error(`no recorded markets in ${FOLDER}; NANOMETER_SHARED_DATA names another folder`);
  const feed = await openReplay(FOLDER);
  const messages = [];
  await feed.takeUntil(Infinity, messages);
  await feed.close();
  const wanted = messages.filter(({ exchange }) => exchange.startsWith('binance'));
  const specs = feed.markets.filter(({ exchange }) => exchange.startsWith('binance'));
  const contracts = specs.map(({ exchange, symbol, kind, multiplier, baseCurrency, currency }) => {
    return { exchange, symbol, kind, multiplier, baseCurrency, currency };
  });
  return { contracts, events: wanted.map((message) => eventOf(message, feed.originMs)) };
}

/** One object that serves as quote, trade or depth, message and mark: what a caller makes is not what is measured. */
function eventOf(message, originMs) {
  const { exchange, symbol, channel, eventOffsetMs } = message;
  const timeMs = originMs + message.timeMs;
  const eventTimeMs = eventOffsetMs === undefined ? undefined : timeMs + eventOffsetMs;
  const received = { exchange, channel, symbol, bytes: 150, eventTimeMs, receiveTimeMs: timeMs };
  const ids = { sequence: undefined, firstId: undefined, lastId: undefined, previousLastId: undefined };
  if (channel === 'bbo') {
    const { bidPrice: bid, bidQuantity: bidSize, askPrice: ask, askQuantity: askSize } = message;
    const quote = { exchange, symbol, bid, bidSize, ask, askSize, timeMs };
    const mark = { exchange, symbol, price: (bid + ask) / 2, timeMs };
    return { channel, message: { ...received, ...ids }, quote, mark, trade: undefined };
  }
  if (channel === 'trades') {
    const { price, quantity, takerSide: side, tradeId: sequence } = message;
    const trade = { exchange, symbol, price, quantity, side, timeMs };
    return { channel, message: { ...received, ...ids, sequence }, quote: undefined, mark: undefined, trade };
  }
  const { snapshot, firstUpdateId: firstId, lastUpdateId: lastId, previousUpdateId: previousLastId } = message;
  const chain = snapshot ? ids : { ...ids, firstId, lastId, previousLastId };
  return { channel, message: { ...received, ...chain }, quote: undefined, mark: undefined, trade: undefined };
}
