import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { ExchangeInstrumentation, type MessageEvent } from '@nanometer/exchange';
import {
  ATTR_EXCHANGE_CHANNEL,
  ATTR_EXCHANGE_NAME,
  METRIC_EXCHANGE_FEED_DELAY_APPARENT,
  METRIC_EXCHANGE_FEED_DELAY_EXCESS,
  METRIC_EXCHANGE_FEED_DELAY_FLOOR,
  METRIC_EXCHANGE_MESSAGE_COUNT,
  METRIC_EXCHANGE_MESSAGE_GAP,
  METRIC_EXCHANGE_MESSAGE_STALE,
} from '@nanometer/semconv';
import { Recording, sharedData } from '@nanometer/testing';

const FEED = { [ATTR_EXCHANGE_NAME]: 'binance', [ATTR_EXCHANGE_CHANNEL]: 'depth' };

/** Depth updates of one recorded file, one per message: rows of one message share its last id. */
function updatesOf(path: string): MessageEvent[] {
  const updates: MessageEvent[] = [];
  let previous = '';
  for (const line of gunzipSync(readFileSync(path)).toString('latin1').split('\n').slice(1)) {
    const [recvNs, eventMs, , kind, firstId, lastId = '', previousLastId] = line.split(',');
    // Snapshot rows came over REST: they are no messages of the feed.
    if (kind === 'S' || lastId === '' || lastId === previous) continue;
    previous = lastId;
    updates.push({
      exchange: 'binance',
      channel: 'depth',
      symbol: 'BTC',
      bytes: line.length,
      receiveTimeMs: Number(recvNs) / 1e6,
      eventTimeMs: Number(eventMs),
      firstId: Number(firstId),
      lastId: Number(lastId),
      previousLastId: previousLastId === '' ? undefined : Number(previousLastId),
    });
  }
  return updates;
}

async function record(updates: readonly MessageEvent[]) {
  const { meterProvider, collect } = new Recording();
  const exchange = new ExchangeInstrumentation({ meterProvider });
  for (const update of updates) exchange.onMessage(update);
  const found = await collect();
  expect(exchange.dropped).toBe(0);
  return {
    messages: found.valueOf(METRIC_EXCHANGE_MESSAGE_COUNT, FEED),
    missed: found.valueOf(METRIC_EXCHANGE_MESSAGE_GAP, FEED) ?? 0,
    stale: found.valueOf(METRIC_EXCHANGE_MESSAGE_STALE, FEED) ?? 0,
    apparent: found.valueOf(METRIC_EXCHANGE_FEED_DELAY_APPARENT, FEED),
    floor: found.valueOf(METRIC_EXCHANGE_FEED_DELAY_FLOOR, FEED),
    excess: found.valueOf(METRIC_EXCHANGE_FEED_DELAY_EXCESS, FEED) as { count: number; min: number; max: number },
  };
}

const FILES = [
  ['spot (U, u)', 'market/binance-spot-btcusdt-20240808-l2.csv.gz'],
  ['USD-M futures (U, u, pu)', 'market/binance-usdm-btcusdt-20240808-l2.csv.gz'],
  ['COIN-M futures (U, u, pu)', 'market/binance-coinm-btcusd_perp-20240808-l2.csv.gz'],
] as const;

describe.each(FILES)('the recorded depth feed of Binance %s', (_, file) => {
  const path = sharedData(file);
  const recorded = path === undefined ? test.skip : test;
  if (path === undefined) console.warn(`skipped: ${file} is not beside the checkout`);
  const updates = path === undefined ? [] : updatesOf(path);

  recorded('has no gap and nothing stale', async () => {
    expect(await record(updates)).toMatchObject({ messages: updates.length, missed: 0, stale: 0 });
    expect(updates.length).toBeGreaterThan(1000);
  });

  recorded('shows the ids of every message left out, and no more', async () => {
    const lost = (index: number): boolean => index % 10 === 5;
    const last = updates.length - (lost(updates.length - 1) ? 1 : 0);
    let missed = 0;
    for (let index = 0; index < last; index++) {
      if (lost(index)) missed += updates[index]!.lastId! - updates[index - 1]!.lastId!;
    }
    const kept = updates.filter((__, index) => !lost(index));
    expect(await record(kept)).toMatchObject({ messages: kept.length, missed, stale: 0 });
  });

  recorded('shows repeated messages as stale', async () => {
    const repeated = updates
      .slice(0, 1000)
      .flatMap((update, index) => (index % 10 === 5 ? [update, update] : [update]));
    expect(await record(repeated)).toMatchObject({ missed: 0, stale: 100 });
  });

  // The recorder's clock was 1.27 s behind: the very case in which apparent delay alone says nothing.
  recorded('has a delay below zero, and an excess of milliseconds above the floor', async () => {
    const { apparent, floor, excess } = await record(updates);
    const naive = (update: MessageEvent): number => (update.receiveTimeMs - update.eventTimeMs!) / 1000;
    const newest = updates.at(-1)!;
    // The floor's window is cut into steps of 250 ms.
    const windowStart = (Math.floor(newest.receiveTimeMs / 250) - 239) * 250;
    const inWindow = updates.filter(({ receiveTimeMs }) => receiveTimeMs >= windowStart);
    expect(apparent).toBe(naive(newest));
    expect(floor).toBe(Math.min(...inWindow.map(naive)));
    expect(floor).toBeLessThan(-1.2);
    expect(excess).toMatchObject({ count: updates.length, min: 0 });
    expect(excess.max).toBeLessThan(0.5);
  });
});
