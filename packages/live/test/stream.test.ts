import { createServer } from 'node:http';
import { afterEach, describe, expect, test } from '@jest/globals';
import { until } from '@nanometer/testing';
import type { SubscriptionFilter } from '@nanometer/live';
import { Bench, gauge, untilValue } from './fixtures.ts';

const bench = new Bench();
afterEach(() => bench.end());

describe('a subscription', () => {
  test('gets dictionary, snapshot and then updates, in this order', async () => {
    const { server, url } = await bench.server();
    const id = server.register(gauge('risk.exposure', { 'trading.symbol': 'BTCUSDT' }));
    server.update(id, 1_700_000_000_000.25, 5);
    const order: string[] = [];
    const { client, heard } = bench.client(url, {
      onDescriptors: (series) => order.push(`dictionary ${series.map(({ name }) => name).join()}`),
      onFrame: (frame) => order.push(`${frame.type} ${frame.values.join()}`),
    });
    await client.connect();
    const subscription = client.subscribe({ names: ['risk.exposure'] });
    await subscription.ready;
    expect(subscription.matched).toBe(1);
    expect(client.store.times[id]).toBeCloseTo(1_700_000_000_000.25, 3);
    server.update(id, 1_700_000_000_001, 6);
    await untilValue(client, id, 6);
    expect(order).toEqual(['dictionary risk.exposure', 'snapshot 5', 'update 6']);
    expect(heard.errors).toEqual([]);
    expect(client.store.descriptor(id)).toEqual({ id, ...gauge('risk.exposure', { 'trading.symbol': 'BTCUSDT' }) });
  });

  test('hears of series registered later, before their first value', async () => {
    const { server, url } = await bench.server();
    const { client, heard } = bench.client(url);
    const subscription = client.subscribe({ names: ['trading.*'] });
    await client.connect();
    await subscription.ready;
    const wanted = server.register(gauge('trading.position'));
    server.register(gauge('pipeline.queue'));
    server.update(wanted, 1, -0);
    await untilValue(client, wanted, -0);
    expect(heard.series.map(({ name }) => name)).toEqual(['trading.position']);
    expect(client.stats.unknownRows).toBe(0);
  });

  test.each<[string, SubscriptionFilter, string[]]>([
    ['an exact name', { names: ['a.b'] }, ['a.b|x|1']],
    ['a glob over dots', { names: ['a.*'] }, ['a.b|x|1', 'a.b.c|y|2']],
    ['one character', { names: ['?.b'] }, ['a.b|x|1']],
    ['several patterns', { names: ['a.b', 'q*'] }, ['a.b|x|1', 'q|xy|1']],
    ['an equal attribute', { names: ['*'], attributes: { sym: 'y' } }, ['a.b.c|y|2']],
    ['a set', { names: ['*'], attributes: { sym: ['x', 'y'] } }, ['a.b|x|1', 'a.b.c|y|2']],
    ['a prefix', { names: ['*'], attributes: { sym: { prefix: 'x' } } }, ['a.b|x|1', 'q|xy|1']],
    ['a number, not its text', { names: ['*'], attributes: { n: 1 } }, ['a.b|x|1', 'q|xy|1']],
    ['text, not the number', { names: ['*'], attributes: { n: '1' } }, []],
    ['an attribute of the resource', { names: ['a.b'], attributes: { 'service.name': 'desk' } }, ['a.b|x|1']],
    ['an absent attribute', { names: ['*'], attributes: { nothing: '' } }, []],
    ['all of name and attributes', { names: ['a.*'], attributes: { sym: 'x', n: [1, 2] } }, ['a.b|x|1']],
  ])('matches by %s', async (_what, filter, expected) => {
    const { server, url } = await bench.server();
    const all = [gauge('a.b', { sym: 'x', n: 1 }), gauge('a.b.c', { sym: 'y', n: 2 }), gauge('q', { sym: 'xy', n: 1 })];
    for (const descriptor of all) server.update(server.register(descriptor), 1, 1);
    const { client, heard } = bench.client(url);
    await client.connect();
    const subscription = client.subscribe(filter);
    await subscription.ready;
    const names = heard.series.map(({ name, attributes }) => [name, attributes['sym'], attributes['n']].join('|'));
    expect(names).toEqual(expected);
    expect(subscription.matched).toBe(expected.length);
    expect(heard.frames.reduce((rows, frame) => rows + frame.count, 0)).toBe(expected.length);
  });

  test('carries every kind of double', async () => {
    const { server, url } = await bench.server();
    const values = [NaN, Infinity, -Infinity, -0, 5e-324, 2 ** 53 - 1, 2 ** 53 + 2, -1.5];
    const ids = values.map((_, index) => server.register(gauge(`v${index}`)));
    ids.forEach((id, index) => server.update(id, 1, values[index]!));
    const { client } = bench.client(url);
    await client.connect();
    await client.subscribe({ names: ['*'] }).ready;
    expect(ids.map((id) => client.store.values[id])).toEqual(values);
  });

  test('ends when its subscriber says so, and others go on', async () => {
    const { server, url } = await bench.server();
    const a = server.register(gauge('a'));
    const b = server.register(gauge('b'));
    const { client } = bench.client(url);
    await client.connect();
    const first = client.subscribe({ names: ['a'] });
    const second = client.subscribe({ names: ['b'] });
    await Promise.all([first.ready, second.ready]);
    first.unsubscribe();
    await until('the stream is gone', () => server.stats().streams === 1);
    server.update(a, 1, 1);
    server.update(b, 1, 1);
    await untilValue(client, b, 1);
    expect(client.store.hasValue(a)).toBe(false);
  });
});

describe('updates', () => {
  test('of one turn reach the client as one frame with the last value of each series', async () => {
    const { server, url } = await bench.server();
    const ids = Array.from({ length: 100 }, (_, index) => server.register(gauge('x', { index })));
    const { client, heard } = bench.client(url);
    await client.connect();
    await client.subscribe({ names: ['x'] }).ready;
    for (let round = 0; round <= 50; round++) for (const id of ids) server.update(id, round, round * 1000 + id);
    await untilValue(client, ids[99]!, 50_000 + ids[99]!);
    const updates = heard.frames.filter(({ type }) => type === 'update');
    expect(updates.map(({ count, sequence }) => [count, sequence])).toEqual([[100, 1]]);
    expect(ids.every((id) => client.store.values[id] === 50_000 + id)).toBe(true);
  });

  test('spread over hours travel in frames whose span fits', async () => {
    const { server, url } = await bench.server();
    const hours = [0, 100, 1, 3, 50, 1.125];
    const ids = hours.map((hour) => server.register(gauge('x', { hour })));
    ids.forEach((id, index) => server.update(id, hours[index]! * 3_600_000, index));
    const { client, heard } = bench.client(url);
    await client.connect();
    await client.subscribe({ names: ['x'] }).ready;
    expect(heard.frames.map(({ count, final }) => [count, final])).toEqual([
      [3, false],
      [1, false],
      [1, false],
      [1, true],
    ]);
    expect(ids.map((id) => client.store.times[id])).toEqual(hours.map((hour) => hour * 3_600_000));
  });

  test('to unknown series, or at no time, are counted and have no effect', async () => {
    const { server } = await bench.server();
    const id = server.register(gauge('x'));
    for (const bad of [-1, 1, 0.5, NaN, 2 ** 32, Infinity]) server.update(bad, 1, 1);
    for (const time of [NaN, Infinity, -Infinity]) server.update(id, time, 1);
    expect(server.stats()).toMatchObject({
      updatesReceived: 0,
      updatesDropped: { unknown_series: 6, invalid_time: 3 },
    });
  });

  test('reach ten thousand series', async () => {
    const { server, url } = await bench.server();
    const ids = Array.from({ length: 10_000 }, (_, index) => server.register(gauge('many', { index })));
    ids.forEach((id) => server.update(id, 1, id));
    const { client } = bench.client(url);
    await client.connect();
    await client.subscribe({ names: ['many'] }).ready;
    ids.forEach((id) => server.update(id, 2, -id));
    await untilValue(client, ids.at(-1)!, -ids.at(-1)!);
    expect(client.store.size).toBe(10_000);
    expect(ids.filter((id) => client.store.values[id] !== -id)).toEqual([]);
    expect(client.stats.unknownRows).toBe(0);
  });

  test('of equal subscriptions are encoded for one stream', async () => {
    const { server, url } = await bench.server();
    const id = server.register(gauge('x'));
    const clients = [bench.client(url).client, bench.client(url).client];
    for (const client of clients) {
      await client.connect();
      await client.subscribe({ names: ['x', 'x'], attributes: {} }).ready;
    }
    await clients[0]!.subscribe({ names: ['x'], minIntervalMs: 0 }).ready;
    expect(server.stats()).toMatchObject({ clients: 2, streams: 1, subscriptions: 3 });
    server.update(id, 1, 7);
    for (const client of clients) await untilValue(client, id, 7);
  });
});

describe('a series', () => {
  test('is the same for the same name, field, attributes and resource in any order', async () => {
    const { server } = await bench.server();
    const id = server.register(gauge('x', { a: 1, b: 'two' }));
    expect(server.register(gauge('x', { b: 'two', a: 1 }))).toBe(id);
    const others = [
      gauge('x', { a: '1', b: 'two' }),
      gauge('x', { a: 1 }),
      gauge('y', { a: 1, b: 'two' }),
      { ...gauge('x', { a: 1, b: 'two' }), field: 'sum' as const },
      { ...gauge('x', { a: 1, b: 'two' }), resource: {} },
    ];
    expect(new Set(others.map((other) => server.register(other))).add(id).size).toBe(6);
  });

  test('that is malformed is refused with what would be right', async () => {
    const { server } = await bench.server();
    expect(() => server.register({ ...gauge('x'), kind: 'meter' as never })).toThrow(
      'kind of x is "meter", expected counter, updowncounter, gauge, histogram',
    );
    expect(() => server.register(gauge(''))).toThrow(expect.objectContaining({ code: 'invalid_descriptor' }));
  });

  test('beyond the capacity gets -1, which is counted', async () => {
    const { server } = await bench.server({ limits: { seriesCapacity: 1 } });
    expect([server.register(gauge('a')), server.register(gauge('b')), server.register(gauge('a'))]).toEqual([0, -1, 0]);
    expect(server.stats().rejected).toEqual({ series_capacity: 1 });
  });
});

test('total() sums the latest values of a metric, by attribute', async () => {
  const { server, url } = await bench.server();
  for (const [currency, symbol, value] of [
    ['USD', 'a', 0.1],
    ['USD', 'b', 0.2],
    ['EUR', 'c', 1],
  ] as const) {
    server.update(server.register(gauge('trading.fee', { currency, symbol })), 1, value);
  }
  const { client } = bench.client(url);
  await client.connect();
  expect(await client.total('trading.fee', { groupBy: 'currency' })).toEqual({
    total: 1.3,
    groups: { USD: 0.1 + 0.2, EUR: 1 },
    series: 3,
  });
  expect(await client.total('trading.fee', { attributes: { symbol: 'b' } })).toMatchObject({ total: 0.2, series: 1 });
  expect(await client.total('nothing')).toEqual({ total: 0, groups: {}, series: 0 });
});

test('the server shares an HTTP server with others', async () => {
  const http = createServer((_request, response) => response.end('page'));
  const upgrades: string[] = [];
  http.on('upgrade', (request, socket) => {
    if (request.url === '/live') return;
    upgrades.push(request.url!);
    socket.destroy();
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  bench.defer(() => new Promise((resolve) => http.close(() => resolve())));
  const { server, url, port } = await bench.server({ server: http });
  const { client } = bench.client(url);
  await client.connect();
  bench
    .client(url.replace('/live', '/other'))
    .client.connect()
    .catch(() => undefined);
  await until('the other path was left alone', () => upgrades.includes('/other'));
  client.close();
  await server.close();
  expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('page');
});
