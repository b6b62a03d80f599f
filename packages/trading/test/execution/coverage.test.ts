import { expect, test } from '@jest/globals';
import { ATTR_TRADING_ORDER_TIME_IN_FORCE, METRICS } from '@nanometer/semconv';
import { SDKS } from '@nanometer/testing';
import { desk } from '../desk.ts';
import { CONTRACT, fill, order } from '../events.ts';
import { quote } from './quotes.ts';

const CONCERNS = ['trading.execution.', 'trading.markout.', 'trading.edge.', 'trading.alpha.'];

test.each(SDKS)('with %s, every metric has the attributes it declares, and no id among them', async (_, Provider) => {
  const attribution = { benchmarks: ['BTC'], periodSeconds: 60, periodsPerYear: 525_600 };
  const { trading, recording } = desk(
    { execution: { horizonsSeconds: [0, 0.5, 1, 2, 4, 8], holdingSeconds: 1, attribution } },
    Provider,
  );
  const market = { exchange: CONTRACT.exchange, symbol: CONTRACT.symbol };
  for (let at = 0; at < 400; at++) {
    const timeMs = at * 20_000;
    const side = at % 2 === 0 ? 'buy' : 'sell';
    const sign = side === 'buy' ? 1 : -1;
    const parentId = `parent-${at}`;
    trading.onQuote(quote(100, timeMs));
    trading.onParentOrder({ ...market, parentId, strategy: 'maker', side, quantity: 1, timeMs });
    trading.onOrder(order(`order-${at}`, { parentId, side, timeInForce: 'GTC', timeMs }));
    trading.onMarketTrade({ ...market, price: 100, quantity: 1 });
    trading.onFill(fill(sign, 100 - sign * 0.2, { orderId: `order-${at}`, timeMs: timeMs + 1, fee: 0.01 }));
    for (const seconds of [0.5, 1, 2, 4, 8]) {
      const edge = at < 200 ? 0.2 : -0.2;
      const left = edge * Math.exp(-seconds / 2) + Math.sin(at * 7 + seconds) * 0.01 - 0.2 + edge * 0.4;
      trading.onQuote(quote(100 + sign * left, timeMs + 1 + seconds * 1000));
    }
    trading.onOrder(order(`canceled-${at}`, { timeInForce: 'IOC', timeMs }));
    trading.onCancel({ orderId: `canceled-${at}`, timeMs: timeMs + 1 });
    trading.onReturn({ strategy: 'maker', value: Math.sin(at), benchmarks: [Math.cos(at)], capital: 100 });
    // While the edge is still there: its half-life, its lifetime and their company are absent once it has gone.
    if (at === 190) await check(['trading.edge.alarm']);
  }
  await check(['trading.edge.half_life', 'trading.edge.half_life.error', 'trading.edge.lifetime']);
  expect(trading.dropped).toBe(0);

  async function check(absent: readonly string[]): Promise<void> {
    const declared = METRICS.filter(({ name }) => CONCERNS.some((concern) => name.startsWith(concern)));
    const collected = await recording.collect();
    const isOurs = (name: string): boolean => declared.some((metric) => metric.name === name);
    const names = new Set([...collected.names.filter(isOurs), ...absent]);
    expect([...names].sort()).toEqual(declared.map(({ name }) => name).sort());
    for (const [name, attributes] of collected.points.filter(([each]) => isOurs(each))) {
      const keys = declared.find((metric) => metric.name === name)?.attributes ?? [];
      const required = keys.filter((key) => key !== 'trading.account' && key !== ATTR_TRADING_ORDER_TIME_IN_FORCE);
      expect(Object.keys(attributes)).toEqual(expect.arrayContaining([...required]));
      expect(keys).toEqual(expect.arrayContaining(Object.keys(attributes)));
      for (const value of Object.values(attributes)) expect(value).not.toMatch(/^(order|parent|canceled|fill)-/);
    }
  }
});
