import { afterEach, expect, test } from '@jest/globals';
import { LiveServer } from '@nanometer/live';
import { METRIC_TRADING_FEE, METRIC_TRADING_PNL_REALIZED } from '@nanometer/semconv';
import { until } from '@nanometer/testing';
import { Publisher } from '../dev/publisher.ts';
import { Session } from '../src/page/feed/session.ts';
import { LiveFeed } from '../src/page/feed/live-feed.ts';
import { createModel } from '../src/page/model.ts';
import { Store } from '../src/page/store/store.ts';

const MONEY = { 'trading.strategy': 'tight', 'trading.currency': 'USDT' };
const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function serve(port: number): Promise<{ server: LiveServer; url: string; port: number }> {
  const server = new LiveServer({ port, path: '/live' });
  const address = await server.ready();
  closing.push(() => server.close());
  return { server, url: `ws://127.0.0.1:${address.port}/live`, port: address.port };
}

function follow(url: string) {
  const store = new Store();
  const model = createModel(store);
  const feed: LiveFeed = new LiveFeed(store, url, {
    session: new Session(url, undefined),
    onNews: () => feed.settle(),
    onRefused: () => undefined,
  });
  closing.push(() => feed.close());
  feed.start();
  return { store, model, feed };
}

function publish(server: LiveServer, realized: number, fee: number): void {
  const desk = new Publisher(server, { 'service.name': 'desk', 'service.instance.id': '1' });
  desk.set(Date.now(), METRIC_TRADING_PNL_REALIZED, MONEY, realized);
  desk.set(Date.now(), METRIC_TRADING_FEE, MONEY, fee);
}

test('a sum is never of some of its parts only: it waits for the snapshot of every subscription', async () => {
  const { server, url } = await serve(0);
  publish(server, 100, 5);
  const { model } = follow(url);
  await until('the total is known', () => Number.isFinite(model.pnl.net.value('USDT')));
  const ring = model.pnl.netByStrategy.cell('USDT', 'tight')?.history?.ring(60_000);
  const slot = ring?.slotOf(ring.newest) ?? -1;
  expect([ring?.minAt(slot), ring?.maxAt(slot), model.pnl.net.value('USDT')]).toEqual([95, 95, 95]);
});

test('a restarted server starts from nothing, and its lower counters are taken', async () => {
  const first = await serve(0);
  publish(first.server, 100, 5);
  const { model, feed } = follow(first.url);
  await until('the total is known', () => model.pnl.net.value('USDT') === 95);
  expect(feed.link.phase).toBe('open');
  await first.server.close();
  await until('the link is lost', () => feed.link.phase === 'lost');
  expect(model.pnl.net.value('USDT')).toBe(95);
  const second = await serve(first.port);
  publish(second.server, 7, 1);
  await until('the new total is known', () => model.pnl.net.value('USDT') === 6);
});
