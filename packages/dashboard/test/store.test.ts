import { describe, expect, test } from '@jest/globals';
import {
  METRIC_EXCHANGE_FEED_AGE,
  METRIC_EXCHANGE_MESSAGE_COUNT,
  METRIC_TRADING_FEE,
  METRIC_TRADING_PNL_REALIZED,
} from '@nanometer/semconv';
import * as fc from 'fast-check';
import { BucketRing } from '../src/page/store/bucket-ring.ts';
import { History } from '../src/page/store/history.ts';
import { RateMeter } from '../src/page/store/rate-meter.ts';
import { seriesKey, type SeriesIdentity } from '../src/page/store/series.ts';
import { Store } from '../src/page/store/store.ts';
import { freshness } from '../src/page/view/freshness.ts';

const T0 = 1_700_000_000_000;
const HOSTILE = [NaN, Infinity, -Infinity];
const DESK = { 'service.name': 'desk', 'service.instance.id': 'desk-1' };

function identity(name: string, attributes: SeriesIdentity['attributes'], resource = DESK): SeriesIdentity {
  return { name, field: 'value', attributes, resource };
}

test('cells are in the order of their keys, numbers within names by their size, whenever they are asked for', () => {
  const names = fc.array(fc.tuple(fc.stringMatching(/^[a-c]{0,2}\d{0,3}$/), fc.boolean()), { maxLength: 40 });
  fc.assert(
    fc.property(names, (arrivals) => {
      const store = new Store();
      const measure = store.measure({
        terms: [{ metric: METRIC_TRADING_FEE }],
        by: ['trading.strategy'],
        reduce: 'sum',
      });
      for (const [strategy, isAsked] of arrivals) {
        store.define(identity(METRIC_TRADING_FEE.name, { 'trading.strategy': strategy }));
        if (isAsked) measure.cells();
      }
      const wanted = [...new Set(arrivals.map(([strategy]) => strategy))].sort((a, b) =>
        a.localeCompare(b, 'en', { numeric: true }),
      );
      const compared = (list: readonly string[]): string[] =>
        list.map((name) => name.replace(/\d+/, (n) => String(Number(n))));
      expect(compared(measure.cells().map(({ key }) => key[0] as string))).toEqual(compared(wanted));
    }),
  );
});

describe('BucketRing', () => {
  test('keeps minimum, maximum and last of a bucket', () => {
    const ring = new BucketRing(100, 10);
    for (const value of [5, -3, 9, 4]) ring.add(T0 + 10, value);
    const slot = ring.slotOf(ring.bucketOf(T0));
    expect([ring.minAt(slot), ring.maxAt(slot), ring.lastAt(slot)]).toEqual([-3, 9, 4]);
  });

  test('forgets a bucket when a newer one takes its slot', () => {
    const ring = new BucketRing(100, 4);
    ring.add(T0, 1);
    ring.add(T0 + 400, 2);
    expect(ring.slotOf(ring.bucketOf(T0))).toBe(-1);
    expect(ring.lastAt(ring.slotOf(ring.bucketOf(T0 + 400)))).toBe(2);
  });

  test('ignores what is older than it reaches and what is not finite', () => {
    const ring = new BucketRing(100, 4);
    ring.add(T0, 1);
    ring.add(T0 - 400, 7);
    for (const value of HOSTILE) ring.add(T0 + 100, value);
    for (const time of [...HOSTILE, -1]) ring.add(time, 7);
    expect(ring.newest).toBe(ring.bucketOf(T0));
    expect(ring.slotOf(ring.bucketOf(T0 - 400))).toBe(-1);
  });

  test('agrees with a plain list of points, whatever order they come in', () => {
    const points = fc.array(
      fc.tuple(fc.integer({ min: 0, max: 3000 }), fc.double({ noNaN: true, min: -1e9, max: 1e9 })),
    );
    fc.assert(
      fc.property(points, (all) => {
        const ring = new BucketRing(100, 50);
        for (const [at, value] of all) ring.add(at, value);
        for (let bucket = 0; bucket <= 30; bucket++) {
          const values = all.filter(([at]) => Math.floor(at / 100) === bucket).map(([, value]) => value);
          const slot = ring.slotOf(bucket);
          expect(slot >= 0).toBe(values.length > 0);
          if (slot < 0) continue;
          expect(ring.minAt(slot)).toBe(values.reduce((a, b) => (b < a ? b : a)));
          expect(ring.maxAt(slot)).toBe(values.reduce((a, b) => (b > a ? b : a)));
          expect(ring.lastAt(slot)).toBe(values.at(-1));
        }
      }),
    );
  });
});

describe('History', () => {
  test('serves a short window finely and a long one coarsely', () => {
    const history = new History();
    expect([60_000, 300_000, 900_000, 3_600_000].map((window) => history.ring(window).bucketMs)).toEqual([
      100, 500, 500, 2000,
    ]);
  });

  test('finds the value at a moment, and none where it may not look', () => {
    const history = new History();
    history.add(T0, 42);
    expect(history.valueAt(T0 + 5000, 60_000, 60_000)).toBe(42);
    expect(history.valueAt(T0 + 5000, 60_000, 1000)).toBeNaN();
    expect(history.valueAt(T0 - 5000, 60_000, 60_000)).toBeNaN();
  });
});

describe('RateMeter', () => {
  test('gives the change per second of a steady counter', () => {
    const meter = new RateMeter();
    for (let step = 0; step <= 40; step++) meter.add(T0 + step * 50, step * 10);
    expect(meter.rate(T0 + 2000)).toBeCloseTo(200, 6);
  });

  test('knows nothing until a quarter of its window is known', () => {
    const meter = new RateMeter();
    expect(meter.rate(T0)).toBeNaN();
    meter.add(T0, 5);
    expect(meter.rate(T0 + 100)).toBeNaN();
    expect(meter.rate(T0 + 300)).toBe(0);
  });

  test('is never negative when a counter restarts', () => {
    const meter = new RateMeter();
    for (let step = 0; step < 20; step++) meter.add(T0 + step * 100, step * 1000);
    meter.add(T0 + 2000, 3);
    expect(meter.rate(T0 + 2000)).toBeNaN();
    meter.add(T0 + 3000, 13);
    expect(meter.rate(T0 + 3000)).toBeCloseTo(10, 6);
  });

  test('falls to zero when the counter stands still', () => {
    const meter = new RateMeter();
    meter.add(T0, 0);
    meter.add(T0 + 1000, 500);
    expect(meter.rate(T0 + 5000)).toBe(0);
  });

  test('goes on while points come more rarely than its window, and for a while when one is late', () => {
    const meter = new RateMeter();
    for (let step = 0; step <= 4; step++) meter.add(T0 + step * 1500, step * 300);
    for (const lateMs of [0, 500, 999]) expect(meter.rate(T0 + 6000 + lateMs)).toBeGreaterThan(100);
    for (const lateMs of [1000, 1500, 4499]) expect(meter.rate(T0 + 6000 + lateMs)).toBe(200);
    expect(meter.rate(T0 + 6000 + 4500)).toBe(0);
  });

  test('stays exact around 2^53 and ignores what is not finite', () => {
    const meter = new RateMeter();
    meter.add(T0, 2 ** 53 - 2);
    meter.add(T0 + 1000, 2 ** 53);
    for (const value of HOSTILE) meter.add(T0 + 1500, value);
    expect(meter.rate(T0 + 1000)).toBe(2);
  });
});

describe('seriesKey', () => {
  test('does not depend on the order of attributes', () => {
    expect(seriesKey(identity('m', { a: '1', b: '2' }))).toBe(seriesKey(identity('m', { b: '2', a: '1' })));
  });

  test('tells instances of a service apart, and values from names', () => {
    const other = { ...DESK, 'service.instance.id': 'desk-2' };
    expect(seriesKey(identity('m', {}))).not.toBe(seriesKey(identity('m', {}, other)));
    expect(seriesKey(identity('m', { a: 'b,c' }))).not.toBe(seriesKey(identity('m', { 'a,b': 'c' })));
  });
});

describe('Store', () => {
  const realized = { metric: METRIC_TRADING_PNL_REALIZED };
  const pnl = (currency: string, symbol = 'BTCUSDT'): SeriesIdentity =>
    identity(METRIC_TRADING_PNL_REALIZED.name, { 'trading.currency': currency, 'trading.symbol': symbol });
  const fee = (currency: string): SeriesIdentity =>
    identity(METRIC_TRADING_FEE.name, { 'trading.currency': currency, 'trading.symbol': 'BTCUSDT' });

  test('never adds amounts of different currencies', () => {
    const store = new Store();
    const measure = store.measure({ terms: [realized], by: ['trading.currency'], reduce: 'sum' });
    store.set(store.define(pnl('USDT')), T0, 100);
    store.set(store.define(pnl('USDT', 'ETHUSDT')), T0, 11);
    store.set(store.define(pnl('BTC')), T0, 0.5);
    store.commit();
    expect(measure.cells().map(({ key, value }) => [key[0], value])).toEqual([
      ['BTC', 0.5],
      ['USDT', 111],
    ]);
  });

  test('subtracts a negative term only within its own currency', () => {
    const store = new Store();
    const net = store.measure({
      terms: [realized, { metric: METRIC_TRADING_FEE, weight: -1 }],
      by: ['trading.currency'],
      reduce: 'sum',
    });
    store.set(store.define(pnl('USDT')), T0, 100);
    store.set(store.define(fee('USDT')), T0, 3);
    store.set(store.define(fee('BNB')), T0, 0.01);
    store.commit();
    expect(net.value('USDT')).toBe(97);
    expect(net.value('BNB')).toBe(-0.01);
  });

  test('has no data, which is not zero, before the first value', () => {
    const store = new Store();
    const measure = store.measure({ terms: [realized], reduce: 'sum' });
    store.define(pnl('USDT'));
    store.commit();
    expect(measure.value()).toBeNaN();
    expect(freshness(measure.cells(), T0)).toEqual({ state: 'none', ageMs: 0 });
  });

  test.each(HOSTILE)('keeps the last value when %p arrives', (hostile) => {
    const store = new Store();
    const measure = store.measure({ terms: [realized], reduce: 'sum' });
    const slot = store.define(pnl('USDT'));
    store.set(slot, T0, 5e-324);
    store.set(slot, T0 + 1, hostile);
    store.set(slot, hostile, 7);
    store.set(99, T0 + 1, 7);
    store.commit();
    expect(measure.value()).toBe(5e-324);
  });

  test('refuses a value older than the last', () => {
    const store = new Store();
    const measure = store.measure({ terms: [realized], reduce: 'sum' });
    const slot = store.define(pnl('USDT'));
    store.set(slot, T0, 2);
    store.set(slot, T0 - 1, 1);
    store.commit();
    expect(measure.value()).toBe(2);
  });

  test('defines an identity once, and measures declared later see it', () => {
    const store = new Store();
    const slot = store.define(pnl('USDT'));
    expect(store.define(pnl('USDT'))).toBe(slot);
    store.set(slot, T0, 8);
    const late = store.measure({ terms: [realized], reduce: 'sum' });
    store.commit();
    expect(late.value()).toBe(8);
    expect(store.seriesCount).toBe(1);
  });

  test('shows what it showed while frozen, and on resuming what was missed', () => {
    const store = new Store();
    const measure = store.measure({ terms: [realized], reduce: 'sum', history: true });
    const slot = store.define(pnl('USDT'));
    store.set(slot, T0, 1);
    store.commit();
    store.freeze(true);
    const version = store.version;
    store.set(slot, T0 + 1000, 2);
    store.commit();
    expect(measure.value()).toBe(1);
    expect(store.version).toBe(version);
    store.freeze(false);
    expect(measure.value()).toBe(2);
    expect(measure.cell()?.history?.valueAt(T0 + 1000, 60_000, 100)).toBe(2);
  });

  test('adds rates of counters and takes the largest of ages', () => {
    const store = new Store();
    const by = ['exchange.name'];
    const rate = store.measure({ terms: [{ metric: METRIC_EXCHANGE_MESSAGE_COUNT }], by, reduce: 'rate' });
    const age = store.measure({ terms: [{ metric: METRIC_EXCHANGE_FEED_AGE }], reduce: 'max' });
    const slots = ['bbo', 'trades'].map((channel) =>
      store.define(identity(METRIC_EXCHANGE_MESSAGE_COUNT.name, { 'exchange.name': 'x', 'exchange.channel': channel })),
    );
    const ages = ['x', 'y'].map((name) =>
      store.define(identity(METRIC_EXCHANGE_FEED_AGE.name, { 'exchange.name': name })),
    );
    for (let step = 0; step <= 4; step++) {
      for (const slot of slots) store.set(slot, T0 + step * 500, step * 50);
      ages.forEach((slot, index) => store.set(slot, T0 + step * 500, index + 0.5));
      store.commit();
    }
    expect(rate.value('x')).toBeCloseTo(200, 6);
    expect(age.value()).toBe(1.5);
  });

  test('forgets values, not series, when the server starts anew', () => {
    const store = new Store();
    const measure = store.measure({ terms: [realized], reduce: 'sum' });
    const slot = store.define(pnl('USDT'));
    store.set(slot, T0, 9);
    store.commit();
    store.forgetValues();
    store.commit();
    expect(measure.value()).toBeNaN();
    store.set(slot, T0 - 60_000, 4);
    store.commit();
    expect(measure.value()).toBe(4);
  });
});

describe('staleness', () => {
  function desk(name: string, instance: string): SeriesIdentity {
    const resource = { 'service.name': name, 'service.instance.id': instance };
    return identity(METRIC_TRADING_PNL_REALIZED.name, { 'trading.currency': 'USDT' }, resource);
  }

  test('begins when a source is silent for more than twice its interval', () => {
    const store = new Store();
    const measure = store.measure({ terms: [{ metric: METRIC_TRADING_PNL_REALIZED }], reduce: 'sum' });
    const slot = store.define(desk('desk', '1'));
    for (let step = 0; step < 10; step++) store.set(slot, T0 + step * 2000, step);
    store.commit();
    const last = T0 + 18_000;
    expect(freshness(measure.cells(), last + 3900).state).toBe('fresh');
    expect(freshness(measure.cells(), last + 4100)).toEqual({ state: 'stale', ageMs: 4100 });
  });

  test('leaves a stopped instance out once another one of its service runs', () => {
    const store = new Store();
    const measure = store.measure({ terms: [{ metric: METRIC_TRADING_PNL_REALIZED }], reduce: 'sum' });
    store.set(store.define(desk('desk', 'old')), T0, 100);
    const running = store.define(desk('desk', 'new'));
    for (let step = 0; step <= 30; step++) {
      store.set(running, T0 + step * 1000, 1);
      store.commit();
    }
    expect(measure.value()).toBe(1);
  });

  test('judges the age of the data by the desk, not by the bridge that goes on speaking', () => {
    const store = new Store();
    store.set(store.define(desk('desk', '1')), T0, 1);
    store.set(
      store.define(identity('nanometer.bridge.point.received', {}, { ...DESK, 'service.name': 'nanometer-bridge' })),
      T0 + 9000,
      1,
    );
    expect(store.sources.mostOverdue(T0 + 9000)?.service).toBe('desk');
    expect(store.sources.newestMs).toBe(T0 + 9000);
  });
});
