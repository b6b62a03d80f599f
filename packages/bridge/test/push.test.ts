import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect, createServer as createRelay, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { LaneReader, LiveClient, LivePublisher, type PushSeries } from '@nanometer/live';
import { OtlpReader } from '@nanometer/exporter-otlp';
import { MeterProvider } from '@nanometer/metrics';
import { until } from '@nanometer/testing';
import { resourceFromAttributes } from '@opentelemetry/resources';
import type { Bridge } from '../src/create-bridge.ts';
import { atEnd, cleanUp, FAN_OUTS, scrape, serveBy, startBridge } from './support/bridge.ts';

afterEach(cleanUp);

const LONG = 3_600_000;

/** A service with both ways out; nothing is exported or looked at but when it is asked for. */
function service(bridge: Bridge, lane: LaneReader, instance = 'desk-1') {
  const otlp = new OtlpReader({
    protocol: 'http/protobuf',
    url: `${bridge.addresses.otlpHttp}/v1/metrics`,
    exportIntervalMillis: LONG,
    initialBackoffMillis: 5,
    maxBackoffMillis: 20,
  });
  const provider = new MeterProvider({
    resource: resourceFromAttributes({ 'service.name': 'desk', 'service.instance.id': instance, shard: 3, share: 0.5 }),
    readers: [otlp, lane],
  });
  atEnd(() => provider.shutdown({ timeoutMillis: 0 }).catch(() => undefined));
  const meter = provider.getMeter('desk', '1.2.3');
  return {
    otlp,
    lane,
    fills: meter.createCounter('risk.fills', { unit: '{fill}', description: 'Fills.' }),
    net: meter.createUpDownCounter('risk.net'),
    position: meter.createGauge('trading.position', { unit: '{currency}' }),
    other: meter.createCounter('other'),
    ended: meter.createHistogram('risk.latency'),
  };
}

function lane(bridge: Bridge, options: Partial<ConstructorParameters<typeof LaneReader>[0]> = {}): LaneReader {
  return new LaneReader({
    url: bridge.addresses.push,
    bulkIntervalMillis: LONG,
    backoffInitialMs: 1,
    backoffMaxMs: 5,
    ...options,
  });
}

const settled = async (reader: LaneReader): Promise<void> => {
  await until('the bridge is connected', () => reader.publisher.status.state === 'open');
  // Ends with what it waits for; its limit is beyond that of a test.
  expect(await reader.publisher.settled(LONG)).toBe(true);
};

/** Values by name and attribute `symbol`, of every series on `/metrics` that is not the bridge's own. */
async function values(bridge: Bridge): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const line of (await scrape(bridge)).split('\n')) {
    const match = /^((?:risk|trading|other)_\w+)\{(.*)\} (\S+)$/.exec(line);
    if (match === null) continue;
    const symbol = /symbol="(\w+)"/.exec(match[2]!)?.[1] ?? '';
    const key = `${match[1]}${symbol}`;
    // Two series of one name would be one counted twice.
    expect(found).not.toHaveProperty(key);
    found[key] = Number(match[3]);
  }
  return found;
}

/** A relay to the bridge whose links can be cut. */
class Relay {
  readonly #sockets = new Set<Socket>();
  #isDown = false;
  url = '';

  static async to(bridge: Bridge, target: string = bridge.addresses.push): Promise<Relay> {
    const relay = new Relay();
    const url = new URL(target);
    const port = Number(url.port);
    const server = createRelay((near) => {
      if (relay.#isDown) {
        near.destroy();
        return;
      }
      const far = connect(port, '127.0.0.1');
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        relay.#sockets.add(from);
        from.pipe(to);
        from.on('error', () => undefined);
        from.on('close', () => {
          relay.#sockets.delete(from);
          to.destroy();
        });
      }
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url.port = String((server.address() as AddressInfo).port);
    relay.url = url.href.replace(/\/$/, '');
    atEnd(() => {
      relay.cut();
      server.close();
    });
    return relay;
  }

  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  down(): void {
    this.#isDown = true;
    this.cut();
  }

  up(): void {
    this.#isDown = false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe.each(FAN_OUTS)('what a service pushes and exports, the stream served %s,', (fanOut) => {
  beforeEach(() => serveBy(fanOut));

  test('is one series, whichever comes first, and totals count once', async () => {
    const bridge = await startBridge();
    const desk = service(bridge, lane(bridge));
    desk.fills.add(2, { symbol: 'a', odd: 1.5, list: ['x', 1], on: true, whole: 7 });
    desk.net.add(-3, { symbol: 'a' });
    desk.position.record(10, { symbol: 'a' });
    desk.lane.flush();
    await settled(desk.lane);
    await desk.otlp.forceFlush();
    desk.fills.add(1, { symbol: 'b' });
    await desk.otlp.forceFlush();
    desk.fills.add(40, { symbol: 'a', odd: 1.5, list: ['x', 1], on: true, whole: 7 });
    desk.position.record(-7, { symbol: 'a' });
    desk.lane.flush();
    await settled(desk.lane);
    await desk.otlp.forceFlush();
    desk.other.add(1);
    await desk.otlp.forceFlush();
    expect(await values(bridge)).toEqual({
      risk_fills_totala: 42,
      risk_fills_totalb: 1,
      risk_neta: -3,
      trading_positiona: -7,
      other_total: 1,
    });
    const { push, receivedBy, outputs } = bridge.stats();
    expect(push.received).toBe(push.applied + push.duplicate + push.dropped);
    expect(push).toMatchObject({ dropped: 0, producers: 1, waiting: 0 });
    expect(receivedBy.push).toBe(push.received);
    const { received, forwarded, held, dropped } = outputs.prometheus!;
    expect(received).toBe(forwarded + held + Object.values(dropped).reduce((sum, count) => sum + count, 0));
    expect(Object.keys(dropped).filter((cause) => !/^(duplicate|stale)_point$/.test(cause))).toEqual([]);
  });

  test('sends only what changed, of the selected names, and never histograms', async () => {
    const bridge = await startBridge();
    const desk = service(bridge, lane(bridge));
    desk.fills.add(1, { symbol: 'a' });
    desk.position.record(5, { symbol: 'a' });
    desk.other.add(1);
    desk.ended.record(1);
    desk.lane.flush();
    await settled(desk.lane);
    expect(desk.lane.stats()).toMatchObject({ rowsSent: 2, series: 2 });
    desk.position.record(5, { symbol: 'a' });
    desk.lane.flush();
    desk.lane.flush();
    expect(desk.lane.stats().rowsSent).toBe(2);
    desk.position.record(6, { symbol: 'a' });
    desk.lane.flush();
    await settled(desk.lane);
    expect(desk.lane.stats()).toMatchObject({ rowsSent: 3, acknowledged: { applied: 3, duplicate: 0, dropped: 0 } });
    expect(await values(bridge)).toEqual({ risk_fills_totala: 1, trading_positiona: 6 });
  });

  test('is on the wire of a subscriber of the risk lane without an export', async () => {
    const bridge = await startBridge();
    const desk = service(bridge, lane(bridge));
    const client = new LiveClient({ url: bridge.addresses.live });
    atEnd(() => client.close());
    await client.connect();
    const seen: number[] = [];
    await client.subscribe(
      { names: ['trading.position'], lane: 'risk' },
      { onFrame: (frame) => seen.push(...frame.values) },
    ).ready;
    await until('the bridge is connected', () => desk.lane.publisher.status.state === 'open');
    for (const value of [1.5, NaN, Infinity, 5e-324, 2 ** 53 + 2]) {
      desk.position.record(value, { symbol: 'a' });
      desk.lane.flush();
      await until(`${value} is seen`, () => seen.some((each) => Object.is(each, value)) || !Number.isFinite(value));
    }
    expect(seen.filter(Number.isFinite)).toEqual([1.5, 5e-324, 2 ** 53 + 2]);
  });
});

describe('when a link dies', () => {
  test('of the lane: totals are those of the exporter, and equal again once it is back', async () => {
    const bridge = await startBridge();
    const relay = await Relay.to(bridge);
    const desk = service(bridge, lane(bridge, { url: relay.url }));
    desk.fills.add(1, { symbol: 'a' });
    desk.lane.flush();
    await settled(desk.lane);
    relay.down();
    await until('the lane knows', () => desk.lane.publisher.status.state !== 'open');
    desk.fills.add(10, { symbol: 'a' });
    desk.lane.flush();
    await desk.otlp.forceFlush();
    expect(await values(bridge)).toEqual({ risk_fills_totala: 11 });
    desk.fills.add(100, { symbol: 'a' });
    desk.lane.flush();
    expect(desk.lane.stats().flushesHeld).toBeGreaterThan(0);
    relay.up();
    await settled(desk.lane);
    expect(await values(bridge)).toEqual({ risk_fills_totala: 111 });
    expect(desk.lane.stats().connections).toBe(2);
  });

  test('of the exporter: totals are those of the lane, and what it exports then counts once', async () => {
    const bridge = await startBridge();
    const relay = await Relay.to(bridge, bridge.addresses.otlpHttp);
    const reached = { ...bridge, addresses: { ...bridge.addresses, otlpHttp: relay.url } };
    const desk = service(reached, lane(bridge));
    relay.down();
    desk.fills.add(5, { symbol: 'a' });
    desk.lane.flush();
    const flushed = desk.otlp.forceFlush();
    await settled(desk.lane);
    desk.fills.add(6, { symbol: 'a' });
    desk.lane.flush();
    await settled(desk.lane);
    expect(await values(bridge)).toEqual({ risk_fills_totala: 11 });
    relay.up();
    await flushed;
    expect(await values(bridge)).toEqual({ risk_fills_totala: 11 });
    expect(bridge.stats().outputs.prometheus!.dropped).toEqual({ stale_point: 1 });
  });

  test('again and again, in the middle of anything: totals equal the producer in the end', async () => {
    const bridge = await startBridge();
    const relay = await Relay.to(bridge);
    const desk = service(bridge, lane(bridge, { url: relay.url }));
    let total = 0;
    for (let round = 0; round < 60; round++) {
      for (const symbol of ['a', 'b', 'c']) desk.fills.add(round, { symbol });
      total += round;
      desk.lane.flush();
      if (round % 7 === 3) relay.cut();
      if (round % 5 === 0) await desk.otlp.forceFlush();
      await new Promise((resolve) => setImmediate(resolve));
    }
    await settled(desk.lane);
    const expected = { risk_fills_totala: total, risk_fills_totalb: total, risk_fills_totalc: total };
    expect(await values(bridge)).toEqual(expected);
    await desk.otlp.forceFlush();
    expect(await values(bridge)).toEqual(expected);
    expect(desk.lane.stats().connections).toBeGreaterThan(1);
  });
});

describe('a service that starts anew', () => {
  test('has a total of its own from its own start, and the series goes on', async () => {
    const bridge = await startBridge();
    const first = service(bridge, lane(bridge));
    first.fills.add(100, { symbol: 'a' });
    first.lane.flush();
    await settled(first.lane);
    await first.lane.shutdown();
    await first.otlp.forceFlush();
    const second = service(bridge, lane(bridge));
    second.fills.add(1, { symbol: 'a' });
    second.lane.flush();
    await settled(second.lane);
    expect(await values(bridge)).toEqual({ risk_fills_totala: 1 });
  });
});

describe('a bridge that starts anew', () => {
  test('in memory: has everything again as soon as the lane is back', async () => {
    const port = await freePort();
    const first = await startBridge({ port });
    const desk = service(first, lane(first));
    desk.fills.add(3, { symbol: 'a' });
    desk.lane.flush();
    await settled(desk.lane);
    await first.close();
    await until('the lane knows', () => desk.lane.publisher.status.state !== 'open');
    const second = await startBridge({ port });
    await settled(desk.lane);
    expect(await values(second)).toEqual({ risk_fills_totala: 3 });
  });

  test('on its state: goes on, and what is told again counts once, StatsD included', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'push-'));
    atEnd(() => rmSync(folder, { recursive: true, force: true }));
    const port = await freePort();
    const options = { port, stateDirectory: join(folder, 'state'), stateFsync: 'never' } as const;
    const first = await startBridge(options);
    const desk = service(first, lane(first));
    desk.fills.add(3, { symbol: 'a' });
    desk.lane.flush();
    await settled(desk.lane);
    await first.close();
    await until('the lane knows', () => desk.lane.publisher.status.state !== 'open');
    const second = await startBridge(options);
    expect(await values(second)).toEqual({ risk_fills_totala: 3 });
    expect(second.stats().receivedBy.push).toBe(1);
    await settled(desk.lane);
    expect(second.stats().push).toMatchObject({ applied: 0, duplicate: 1, dropped: 0 });
    expect(second.stats().receivedBy.push).toBe(2);
  });
});

describe('a series limit', () => {
  test('refuses rows, says so, and the account adds up', async () => {
    const bridge = await startBridge({ seriesLimit: 2 });
    const publisher = new LivePublisher({ url: bridge.addresses.push, seriesLimit: 2 });
    atEnd(() => publisher.close());
    publisher.connect();
    const series = (name: string): PushSeries => ({
      name,
      kind: 'gauge',
      unit: '',
      attributes: {},
      resource: {},
      scope: { name: 's', version: '' },
      startTimeUnixNano: '1',
    });
    const ids = ['risk.a', 'risk.b', 'risk.c'].map((name) => publisher.register(series(name)));
    expect(ids).toEqual([0, 1, -1]);
    ids.forEach((id) => publisher.update(id, 1e12, 1));
    publisher.flush();
    await until('open', () => publisher.status.state === 'open');
    expect(await publisher.settled(LONG)).toBe(true);
    expect(publisher.stats()).toMatchObject({
      seriesDropped: 1,
      acknowledged: { applied: 2, duplicate: 0, dropped: 0 },
    });
  });
});
