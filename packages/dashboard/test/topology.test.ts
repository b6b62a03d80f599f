import { describe, expect, test } from '@jest/globals';
import {
  METRIC_EXCHANGE_CONNECTION_ACTIVE,
  METRIC_EXCHANGE_FEED_AGE,
  METRIC_EXCHANGE_MESSAGE_COUNT,
  METRIC_NANOMETER_BRIDGE_POINT_DROPPED,
  METRIC_NANOMETER_BRIDGE_POINT_FORWARDED,
  METRIC_TRADING_ORDER_ACK_DURATION,
  METRIC_TRADING_ORDER_COUNT,
  METRIC_TRADING_ORDER_REJECTED,
  type MetricDefinition,
} from '@nanometer/semconv';
import { createModel } from '../src/page/model.ts';
import { troubleText } from '../src/page/panels/topology.ts';
import { RecentTimes } from '../src/page/store/recent-times.ts';
import { Store } from '../src/page/store/store.ts';
import { type Connection, connectionsOf } from '../src/page/topology/graph.ts';
import { BOX_WIDTH, layoutOf } from '../src/page/topology/layout.ts';

const NOW = Date.UTC(2026, 0, 31, 12);
const LINK = { phase: 'open', detail: 'connected', conflated: 0 } as const;

function desk() {
  const store = new Store();
  const model = createModel(store);
  return {
    set: (
      service: string,
      metric: MetricDefinition,
      attributes: Record<string, string>,
      values: readonly number[],
      field: string = 'value',
    ): void => {
      const slot = store.define({ name: metric.name, field, attributes, resource: { 'service.name': service } });
      // One value a second, the last one now.
      values.forEach((value, at) => store.set(slot, NOW - 1000 * (values.length - 1 - at), value));
      store.commit();
    },
    connections: (nowMs: number = NOW): readonly Connection[] =>
      connectionsOf({ model, sources: store.sources.list(), link: LINK, arrival: new RecentTimes(), nowMs }),
  };
}

const said = ({ from, to, what, health, state }: Connection): string =>
  `${from.label} → ${to.label}, ${what}: ${health}, ${state}`;

describe('the graph of services and venues', () => {
  test('is what services record, and nothing that nobody records', () => {
    const { set, connections } = desk();
    expect(connections()).toEqual([]);
    set('maker', METRIC_EXCHANGE_MESSAGE_COUNT, { 'exchange.name': 'kraken', 'exchange.channel': 'bbo' }, [0, 50]);
    set('hedger', METRIC_TRADING_ORDER_COUNT, { 'exchange.name': 'cme' }, [0, 4]);
    set('hedger', METRIC_TRADING_ORDER_ACK_DURATION, { 'exchange.name': 'cme' }, [0.002], 'p99');
    const found = connections();
    expect(found.map(said)).toEqual([
      'kraken → maker, market data: good, in order',
      'hedger → cme, orders: good, in order',
      'maker → bridge, metrics: good, in order',
      'hedger → bridge, metrics: good, in order',
    ]);
    expect(found[0]).toMatchObject({ rate: 50, unit: 'msg/s', latency: NaN });
    expect(found[1]).toMatchObject({ rate: 4, latency: 0.002, latencyName: 'ack p99' });
  });

  test('tells a link that is down, a feed that is silent and orders that are rejected', () => {
    const { set, connections } = desk();
    const at = (exchange: string) => ({ 'exchange.name': exchange });
    set('desk', METRIC_EXCHANGE_MESSAGE_COUNT, at('a'), [0, 9]);
    set('desk', METRIC_EXCHANGE_CONNECTION_ACTIVE, at('a'), [0]);
    set('desk', METRIC_EXCHANGE_MESSAGE_COUNT, at('b'), [0, 9]);
    set('desk', METRIC_EXCHANGE_FEED_AGE, at('b'), [12]);
    set('desk', METRIC_TRADING_ORDER_COUNT, at('b'), [0, 10]);
    set('desk', METRIC_TRADING_ORDER_REJECTED, at('b'), [0, 3]);
    expect(connections().slice(0, 3).map(said)).toEqual([
      'a → desk, market data: down, link down',
      'b → desk, market data: silent, silent for 12 s',
      'desk → b, orders: errors, 30 % rejected',
    ]);
  });

  test('greys what a service said before it fell silent, and says that it did', () => {
    const { set, connections } = desk();
    set('desk', METRIC_EXCHANGE_MESSAGE_COUNT, { 'exchange.name': 'a' }, [0, 9]);
    const [feed, metrics] = connections(NOW + 60_000);
    expect([feed?.health, metrics?.health, metrics?.latency]).toEqual(['stale', 'silent', 60]);
  });

  test('tells of the bridge what it passes on and what it dropped', () => {
    const { set, connections } = desk();
    const to = (output: string) => ({ 'nanometer.output': output });
    set('nanometer-bridge', METRIC_NANOMETER_BRIDGE_POINT_FORWARDED, to('live'), [0, 100]);
    set('nanometer-bridge', METRIC_NANOMETER_BRIDGE_POINT_FORWARDED, to('statsd'), [0, 100]);
    const drop = (cause: string) => ({ ...to('statsd'), 'nanometer.drop.cause': cause });
    set('nanometer-bridge', METRIC_NANOMETER_BRIDGE_POINT_DROPPED, drop('late'), [7]);
    // The bridge has it by the other way in.
    set('nanometer-bridge', METRIC_NANOMETER_BRIDGE_POINT_DROPPED, drop('duplicate_point'), [99]);
    expect(connections().map(said)).toEqual([
      'bridge → live, this page, metrics: good, nothing dropped',
      'bridge → statsd, metrics: errors, 7 points dropped',
    ]);
  });

  test('is laid out by names: no box lies on another, whatever the numbers are', () => {
    const { set, connections } = desk();
    for (const exchange of ['c', 'a', 'b']) {
      set('desk', METRIC_EXCHANGE_MESSAGE_COUNT, { 'exchange.name': exchange }, [0, 1]);
      set('risk', METRIC_TRADING_ORDER_COUNT, { 'exchange.name': exchange }, [0, 1]);
    }
    const layout = layoutOf(connections(), 900);
    const column = layout.boxes.filter(({ party }) => party.role === 'exchange');
    expect(column.toSorted((a, b) => a.y - b.y).map(({ party }) => party.label)).toEqual(['a', 'b', 'c']);
    const places = layout.boxes.map(({ x, y }) => `${x} ${y}`);
    expect(new Set(places).size).toBe(places.length);
    for (const { x, y } of layout.boxes) {
      expect(x).toBeGreaterThanOrEqual(0);
      expect(x + BOX_WIDTH).toBeLessThanOrEqual(900);
      expect(y).toBeGreaterThanOrEqual(0);
      expect(y).toBeLessThan(layout.height);
    }
    expect(layout.curves).toHaveLength(connections().length);
  });
});

test('trouble is told by state, and of many in the same state the first two by name', () => {
  const party = (label: string): Connection['from'] => ({ id: label, label, role: 'exchange' });
  const of = (label: string, state: string): Connection => ({
    id: label,
    from: party(label),
    to: party('desk'),
    what: 'market data',
    rate: NaN,
    unit: '',
    latency: NaN,
    latencyName: '',
    health: 'stale',
    state,
  });
  expect(troubleText(['a', 'b', 'c', 'd', 'e'].map((label) => of(label, 'link down')))).toBe(
    'a → desk, market data; b → desk, market data and 3 more: link down',
  );
  expect(troubleText([of('a', 'link down'), of('b', 'silent for 9 s')])).toBe(
    'a → desk, market data: link down · b → desk, market data: silent for 9 s',
  );
  expect(troubleText([])).toBe('');
});
