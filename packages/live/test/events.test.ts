import { afterEach, describe, expect, test } from '@jest/globals';
import { until } from '@nanometer/testing';
import type { LiveEvent } from '@nanometer/live';
import { Bench, gauge } from './fixtures.ts';
import { ManualClock } from './manual-clock.ts';
import { RawClient } from './raw-client.ts';

const bench = new Bench();
afterEach(() => bench.end());

interface Told {
  readonly topic: string;
  readonly seq: number;
  readonly body: unknown;
  readonly replayed: boolean;
}

const told = ({ topic, seq, body, replayed }: LiveEvent): Told => ({ topic, seq, body, replayed });

describe('an event', () => {
  test('reaches those who listen to its topic, in order, and nobody else', async () => {
    const { server, url } = await bench.server({ clock: new ManualClock() });
    const { client } = bench.client(url);
    const heard: LiveEvent[] = [];
    const listener = client.listen('alerts', (event) => heard.push(event));
    await client.connect();
    await until('the server knows', () => server.stats().clients === 1);
    const other = new RawClient(url);
    bench.defer(() => other.socket.terminate());
    await other.heard('hello');
    other.send({ type: 'listen', topics: ['corr*'] });
    expect(await other.heard('listening')).toEqual({ type: 'listening', topics: ['corr*'] });
    await until('the first arrives', () => {
      if (heard.length === 0) server.publishEvent('alerts', 0);
      return heard.length > 0;
    });
    const first = heard.length;
    const from = server.publishEvent('alerts', { name: 'exposure', value: -0.5 })!;
    server.publishEvent('correlation', [1, null]);
    server.publishEvent('alerts', 'x');
    await until('all arrive', () => heard.at(-1)?.body === 'x');
    expect(heard.slice(first).filter(({ seq }) => seq >= from)).toEqual([
      {
        topic: 'alerts',
        seq: from,
        timeMs: 1_700_000_001_000,
        replayed: false,
        body: { name: 'exposure', value: -0.5 },
      },
      { topic: 'alerts', seq: from + 1, timeMs: 1_700_000_001_000, replayed: false, body: 'x' },
    ]);
    expect(await other.heard('event')).toMatchObject({ topic: 'correlation', seq: 1, body: [1, null] });
    listener.close();
    listener.close();
    await until('the server lets it go', () => {
      const before = server.stats().eventsSent;
      server.publishEvent('alerts', 1);
      return server.stats().eventsSent === before;
    });
    expect(client.stats.missedEvents).toBe(0);
    expect(other.messages.filter(({ type }) => type === 'event')).toHaveLength(1);
  });

  test('that is retained is told to everyone who begins to listen later, once', async () => {
    const { server, url } = await bench.server();
    server.publishEvent('alerts', 'old', { retain: true });
    server.publishEvent('alerts', 'last', { retain: true });
    server.publishEvent('alerts', 'passing');
    server.publishEvent('other', 'x', { retain: true });
    const { client } = bench.client(url);
    await client.connect();
    const first: Told[] = [];
    const second: Told[] = [];
    client.listen('alerts', (event) => first.push(told(event)));
    await until('the first hears', () => first.length === 1);
    client.listen('alerts', (event) => second.push(told(event)));
    await until('the second hears', () => second.length === 1);
    server.publishEvent('alerts', 'new');
    await until('both hear', () => first.length === 2 && second.length === 2);
    expect(first).toEqual([
      { topic: 'alerts', seq: 2, body: 'last', replayed: true },
      { topic: 'alerts', seq: 4, body: 'new', replayed: false },
    ]);
    expect(second).toEqual(first);
  });

  test('that went by during a cut is counted as missed, and the retained one is told', async () => {
    const { server, url, port } = await bench.server({ epoch: 1, retryAfterMs: 0 });
    const { client } = bench.client(url);
    const heard: Told[] = [];
    client.listen('alerts', (event) => heard.push(told(event)));
    await client.connect();
    server.publishEvent('alerts', 1, { retain: true });
    await until('the first arrives', () => heard.length === 1);
    await server.close();
    expect(server.publishEvent('alerts', 'too late')).toBeUndefined();
    const next = await bench.server({ epoch: 1, port });
    for (const body of [1, 2, 3]) next.server.publishEvent('alerts', body, { retain: true });
    await until('the last arrives', () => heard.length === 2);
    expect(heard[1]).toEqual({ topic: 'alerts', seq: 3, body: 3, replayed: true });
    expect(client.stats.missedEvents).toBe(1);
  });

  test.each<[string, string, unknown, string]>([
    ['a topic with a space', 'my alerts', 1, 'invalid_topic'],
    ['a glob for a topic', 'alerts*', 1, 'invalid_topic'],
    ['an empty topic', '', 1, 'invalid_topic'],
    ['a body that JSON has no word for', 'a', undefined, 'invalid_body'],
    ['a bigint', 'a', 1n, 'invalid_body'],
    ['a body that is too large', 'a', 'é'.repeat(60), 'too_large'],
  ])('with %s is dropped and counted', async (_what, topic, body, cause) => {
    const { server } = await bench.server({ limits: { eventBytes: 100 } });
    expect(server.publishEvent(topic, body)).toBeUndefined();
    expect(server.stats()).toMatchObject({ eventsPublished: 0, eventsDropped: { [cause]: 1 } });
  });

  test('of more topics than are retained is sent all the same', async () => {
    const { server, url } = await bench.server({ limits: { retainedTopics: 2 } });
    for (let topic = 0; topic < 20; topic++) server.publishEvent(`t${topic}`, topic, { retain: true });
    const { client } = bench.client(url);
    await client.connect();
    const heard: unknown[] = [];
    client.listen('*', ({ body }) => heard.push(body));
    await until('the retained arrive', () => heard.length === 2);
    server.publishEvent('t19', 'more', { retain: true });
    await until('one more', () => heard.length === 3);
    expect(heard).toEqual([0, 1, 'more']);
  });
});

describe('a listener that does not read', () => {
  test('gets every event when it reads again', async () => {
    const clock = new ManualClock();
    const { server, url } = await bench.server({ clock, limits: { bufferedBytes: 10_000 } });
    const client = new RawClient(url);
    bench.defer(() => client.socket.terminate());
    await client.heard('hello');
    client.send({ type: 'listen', topics: ['a'] });
    await client.heard('listening');
    client.socket.pause();
    const body = 'x'.repeat(100_000);
    // The kernel's buffers take several megabytes first; then at least one event waits here.
    let published = 0;
    while (published < 1_000 && server.stats().eventsSent === published) {
      published += 1;
      server.publishEvent('a', body);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(server.stats().eventsSent).toBeLessThan(published);
    client.socket.resume();
    await until('all events are there', async () => {
      clock.advance(16);
      await new Promise((resolve) => setImmediate(resolve));
      return client.texts.length === 2 + published;
    });
    const events = client.messages.filter(({ type }) => type === 'event');
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    expect(client.closeCode).toBeUndefined();
  });

  test('and for which too much waits is closed with 4008', async () => {
    const { server, url } = await bench.server({ limits: { bufferedBytes: 1_000, eventQueueBytes: 100_000 } });
    const client = new RawClient(url);
    bench.defer(() => client.socket.terminate());
    await client.heard('hello');
    client.send({ type: 'listen', topics: ['a'] });
    await client.heard('listening');
    client.socket.pause();
    await until('the server gives up', () => {
      server.publishEvent('a', 'x'.repeat(50_000));
      return server.stats().rejected.slow_consumer;
    });
    client.socket.resume();
    await until('the client is closed', () => client.closeCode);
    expect(client.closeCode).toBe(4008);
    expect(await client.error()).toMatchObject({ code: 'slow_consumer', limit: 100_000 });
    expect(server.stats()).toMatchObject({ clients: 0, rejected: { slow_consumer: 1 } });
  });
});

test.each<[string, unknown, string, string]>([
  ['no topics', { type: 'listen' }, 'invalid_topics', '"topics" is absent, expected a list such as ["alerts"]'],
  ['a topic that is none', { type: 'listen', topics: [1] }, 'invalid_topics', '"topics"[0] is 1, expected 1 to 128'],
  ['too many topics', { type: 'listen', topics: ['a', 'b', 'c'] }, 'too_many_topics', 'has 3 entries, the limit is 2'],
])('listening to %s is an error, and the connection lives', async (_what, message, code, text) => {
  const { server, url } = await bench.server({ limits: { topicsPerConnection: 2 } });
  server.register(gauge('x'));
  const client = new RawClient(url);
  bench.defer(() => client.socket.terminate());
  await client.heard('hello');
  client.send(message);
  expect(await client.error()).toMatchObject({ code, message: expect.stringContaining(text) });
  client.send({ type: 'listen', topics: ['a', 'b'] });
  await client.heard('listening');
  client.send({ type: 'listen', topics: ['c'] });
  expect(await client.error(2)).toMatchObject({ code: 'too_many_topics', limit: 2 });
  expect(client.closeCode).toBeUndefined();
});
