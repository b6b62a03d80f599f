import { describe, expect, test } from '@jest/globals';
import {
  METRIC_EXCHANGE_MESSAGE_COUNT,
  METRIC_ML_PREDICTION_RESOLVED,
  METRIC_NANOMETER_BRIDGE_POINT_DROPPED,
  METRIC_RISK_EXPOSURE_NOTIONAL,
  METRIC_TRADING_FEE,
  METRIC_TRADING_ORDER_ACK_DURATION,
  METRIC_TRADING_PNL_REALIZED,
  METRIC_TRADING_PNL_UNREALIZED,
  METRIC_TRADING_TRADE_COUNT,
  METRICS,
  type MetricDefinition,
} from '@nanometer/semconv';
import { droppedPoints } from '../src/page/measures/lost-points.ts';
import { createModel, PERCENTILES } from '../src/page/model.ts';
import { Store } from '../src/page/store/store.ts';

const T0 = 1_700_000_000_000;
const RESOURCE = { 'service.name': 'desk' };

function desk() {
  const store = new Store();
  const model = createModel(store);
  return {
    store,
    model,
    set: (
      metric: MetricDefinition,
      attributes: Record<string, string>,
      value: number,
      field = 'value',
      timeMs = T0,
    ): void => {
      store.set(store.define({ name: metric.name, field, attributes, resource: RESOURCE }), timeMs, value);
    },
  };
}

const at = (strategy: string, exchange: string, symbol: string, currency: string) => ({
  'trading.strategy': strategy,
  'exchange.name': exchange,
  'trading.symbol': symbol,
  'trading.currency': currency,
});

describe('the model', () => {
  test('asks the stream only for metrics of the registry', () => {
    const registered = new Set(METRICS.map(({ name }) => name));
    const { store } = desk();
    const { drawn, written } = store.metricNames();
    expect(written.length).toBeGreaterThan(20);
    for (const name of [...drawn, ...written]) expect(registered).toContain(name);
    // What is drawn comes with every frame, what is written only as often as it is read; nothing comes twice.
    expect(drawn).toContain('trading.pnl.unrealized');
    expect(written).toContain('nanometer.bridge.point.received');
    expect(new Set([...drawn, ...written]).size).toBe(drawn.length + written.length);
  });

  test('total P&L is realized plus unrealized less fees, per currency and per strategy', () => {
    const { store, model, set } = desk();
    const tight = at('tight', 'spot', 'BTCUSDT', 'USDT');
    const wide = at('wide', 'coinm', 'BTCUSD_PERP', 'BTC');
    set(METRIC_TRADING_PNL_REALIZED, tight, 100);
    set(METRIC_TRADING_PNL_UNREALIZED, tight, -30);
    set(METRIC_TRADING_FEE, tight, 5);
    set(METRIC_TRADING_PNL_REALIZED, wide, 0.002);
    set(METRIC_TRADING_FEE, wide, -0.001);
    store.commit();
    expect(model.pnl.net.value('USDT')).toBe(65);
    expect(model.pnl.net.value('BTC')).toBe(0.003);
    expect(model.strategies.net.value('USDT', 'tight')).toBe(65);
    expect(model.strategies.net.value('USDT', 'wide')).toBeNaN();
    expect(model.pnl.netByStrategy.cell('BTC', 'wide')?.history?.valueAt(T0, 60_000, 1000)).toBe(0.003);
  });

  test('exposure by symbol adds strategies and exchanges with their signs', () => {
    const { store, model, set } = desk();
    set(METRIC_RISK_EXPOSURE_NOTIONAL, at('tight', 'spot', 'BTCUSDT', 'USD'), 3000);
    set(METRIC_RISK_EXPOSURE_NOTIONAL, at('wide', 'usdm', 'BTCUSDT', 'USD'), -5000);
    store.commit();
    expect(model.risk.bySymbol.value('USD', 'BTCUSDT')).toBe(-2000);
  });

  test('a percentile over several strategies is the largest of theirs, never their mean', () => {
    const { store, model, set } = desk();
    for (const { field } of PERCENTILES) {
      set(METRIC_TRADING_ORDER_ACK_DURATION, { 'trading.strategy': 'a', 'exchange.name': 'x' }, 0.001, field);
      set(METRIC_TRADING_ORDER_ACK_DURATION, { 'trading.strategy': 'b', 'exchange.name': 'x' }, 0.004, field);
    }
    store.commit();
    for (const measure of model.orders.ack) expect(measure.value()).toBe(0.004);
  });

  test('outcomes, resolutions and drop causes keep their kinds apart', () => {
    const { store, model, set } = desk();
    const base = at('tight', 'spot', 'BTCUSDT', 'USDT');
    set(METRIC_TRADING_TRADE_COUNT, { ...base, 'trading.trade.outcome': 'win' }, 3);
    set(METRIC_TRADING_TRADE_COUNT, { ...base, 'trading.trade.outcome': 'loss' }, 4);
    set(METRIC_ML_PREDICTION_RESOLVED, { 'ml.model.name': 'm', 'ml.prediction.outcome': 'correct' }, 9);
    for (const [cause, count] of [['late', 2] as const, ['series_limit', 5] as const]) {
      const attributes = { 'nanometer.output': 'statsd', 'nanometer.drop.cause': cause };
      set(METRIC_NANOMETER_BRIDGE_POINT_DROPPED, attributes, count);
    }
    store.commit();
    expect([model.strategies.trades.value('tight', 'win'), model.strategies.trades.value('tight', 'loss')]).toEqual([
      3, 4,
    ]);
    expect(model.models.resolved.value('m', 'correct')).toBe(9);
    expect(model.models.resolved.value('m', 'incorrect')).toBeNaN();
    expect(model.trust.dropped.value('statsd')).toBe(7);
    expect(droppedPoints(model.trust.droppedByCause.cells())).toEqual({ lost: 7, superseded: NaN });
    for (const [cause, count] of [['stale_point', 30] as const, ['duplicate_point', 4] as const]) {
      const attributes = { 'nanometer.output': 'live', 'nanometer.drop.cause': cause };
      set(METRIC_NANOMETER_BRIDGE_POINT_DROPPED, attributes, count);
    }
    store.commit();
    expect(droppedPoints(model.trust.droppedByCause.cells())).toEqual({ lost: 7, superseded: 34 });
    expect(droppedPoints(model.trust.droppedByCause.cells(), 'live')).toEqual({ lost: NaN, superseded: 34 });
    expect(model.trust.droppedByCause.value('statsd', 'late')).toBe(2);
  });

  test('event rates are per exchange, over all its channels', () => {
    const { store, model, set } = desk();
    for (const [step, timeMs] of [T0, T0 + 1000].entries()) {
      for (const channel of ['bbo', 'trades']) {
        const attributes = { 'exchange.name': 'spot', 'exchange.channel': channel };
        set(METRIC_EXCHANGE_MESSAGE_COUNT, attributes, step * 30, 'value', timeMs);
      }
      store.commit();
    }
    expect(model.feeds.rate.value('spot')).toBe(60);
    expect(model.feeds.totalRate.value()).toBe(60);
  });
});
