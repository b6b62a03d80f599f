import { createServer } from 'node:http';
import { afterEach, describe, expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import { testCertificate, until } from '@nanometer/testing';
import { LiveServer } from '@nanometer/live';
import type { LiveServerOptions, LiveToken, WebSocketConstructor } from '@nanometer/live';
import { Bench, gauge, untilValue } from './fixtures.ts';
import { ManualClock } from './manual-clock.ts';
import { RawClient } from './raw-client.ts';

const bench = new Bench();
afterEach(() => bench.end());

const ALL = 'token-that-sees-everything';
const DESK = 'token-of-the-alpha-desk';
const TOKENS: readonly LiveToken[] = [
  { name: 'operator', token: ALL },
  { name: 'alpha desk', token: DESK, scope: { 'trading.strategy': ['alpha', 'alpha2'] }, topics: ['alerts.alpha'] },
];

function rawClient(
  url: string,
  protocols: string[] = [],
  options: ConstructorParameters<typeof RawClient>[2] = {},
): RawClient {
  const client = new RawClient(url, protocols, options);
  bench.defer(() => client.socket.terminate());
  return client;
}

async function post(port: number, headers: Record<string, string>, method = 'POST'): Promise<Response> {
  return fetch(`http://127.0.0.1:${port}/ticket`, { method, headers });
}

describe('a server with tokens', () => {
  test.each([
    ['a token', `Bearer ${ALL}`, true],
    ['a token, whatever the case of the scheme', `bearer ${ALL}`, true],
    ['no token', undefined, false],
    ['a wrong token', 'Bearer token-that-sees-everythinG', false],
    ['the beginning of a token', 'Bearer token-that-sees-every', false],
    ['another scheme', `Basic ${ALL}`, false],
  ])('a program with %s', async (_what, authorization, accepted) => {
    const { server, url } = await bench.server({ tokens: TOKENS });
    const client = rawClient(url, [], authorization === undefined ? {} : { headers: { authorization } });
    await until('there is an answer', () => client.status ?? client.texts.length);
    expect(client.status).toBe(accepted ? undefined : 401);
    expect(server.stats()).toMatchObject({ clients: accepted ? 1 : 0, rejected: accepted ? {} : { unauthorized: 1 } });
  });

  test('gives a page a ticket for its token, which opens one connection', async () => {
    const { server, url, port } = await bench.server({ tokens: TOKENS });
    const response = await post(port, { authorization: `Bearer ${ALL}` });
    expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-store']);
    const { ticket, protocol, ...others } = (await response.json()) as Record<string, string>;
    expect(protocol).toBe(`nanometer.ticket.${ticket}`);
    // The reader is told as whom they come in, and whether what they see is all there is.
    expect(others).toEqual({ expiresInMs: 30_000, name: TOKENS[0]!.name, sees: 'everything' });
    const scoped = await post(port, { authorization: `Bearer ${DESK}` });
    expect(await scoped.json()).toMatchObject({ name: 'alpha desk', sees: 'part' });
    const origin = `http://127.0.0.1:${port}`;
    const first = rawClient(url, ['nanometer.v1', protocol!], { origin });
    await first.heard('hello');
    expect(first.socket.protocol).toBe('nanometer.v1');
    const second = rawClient(url, ['nanometer.v1', protocol!], { origin });
    await until('the second is closed', () => second.closeCode);
    expect(second.closeCode).toBe(4003);
    expect(await second.error()).toMatchObject({
      code: 'unauthorized',
      message: expect.stringContaining('used or older'),
    });
    expect(second.messages.map(({ type }) => type)).toEqual(['error']);
    expect(server.stats()).toMatchObject({ clients: 1, rejected: { unauthorized: 1 } });
  });

  test('refuses a ticket that is older than 30 s, and a page without any', async () => {
    const clock = new ManualClock();
    const { url, port } = await bench.server({ tokens: TOKENS, clock });
    const { protocol } = (await (await post(port, { authorization: `Bearer ${ALL}` })).json()) as { protocol: string };
    clock.advance(30_000);
    const late = rawClient(url, ['nanometer.v1', protocol]);
    const none = rawClient(url, [], { origin: `http://127.0.0.1:${port}` });
    await until('both are closed', () => late.closeCode !== undefined && none.closeCode !== undefined);
    expect([late.closeCode, none.closeCode]).toEqual([4003, 4003]);
  });

  test.each<[string, Record<string, string>, string, number, string]>([
    ['no token', {}, 'POST', 401, 'unauthorized'],
    ['a wrong token', { authorization: 'Bearer nothing-of-the-kind' }, 'POST', 401, 'unauthorized'],
    ['GET', { authorization: `Bearer ${ALL}` }, 'GET', 405, 'method_not_allowed'],
    [
      'a page of another origin',
      { authorization: `Bearer ${ALL}`, origin: 'http://evil.example' },
      'POST',
      403,
      'origin_refused',
    ],
  ])('gives no ticket for %s', async (_what, headers, method, status, code) => {
    const { port } = await bench.server({ tokens: TOKENS });
    const response = await post(port, headers, method);
    expect([response.status, await response.json()]).toEqual([status, expect.objectContaining({ code })]);
  });

  test('gives no more tickets than the limit until they are too old', async () => {
    const clock = new ManualClock();
    const { port } = await bench.server({ tokens: TOKENS, clock, limits: { tickets: 2 } });
    const status = async (): Promise<number> => (await post(port, { authorization: `Bearer ${ALL}` })).status;
    expect([await status(), await status(), await status()]).toEqual([200, 200, 503]);
    clock.advance(30_000);
    expect(await status()).toBe(200);
  });

  test('shows a token with a scope only the series of its scope, and equal scopes share frames', async () => {
    const { server, url } = await bench.server({ tokens: [...TOKENS, { ...TOKENS[1]!, token: `${DESK}-2` }] });
    const exposure = (strategy?: string) =>
      server.register(gauge('risk.exposure', strategy === undefined ? {} : { 'trading.strategy': strategy }));
    const [alpha, beta, none] = [exposure('alpha'), exposure('beta'), exposure()];
    for (const id of [alpha, beta, none]) server.update(id, 1, id);
    const subscribe = { type: 'subscribe', id: 1, names: ['*'] };
    const clients = [ALL, DESK, `${DESK}-2`].map((token) =>
      rawClient(url, [], { headers: { authorization: `Bearer ${token}` } }),
    );
    for (const client of clients) {
      await client.heard('hello');
      client.send(subscribe);
      await until('the snapshot', () => client.frames.length === 1);
    }
    const [operator, desk, same] = clients as [RawClient, RawClient, RawClient];
    const alpha2 = exposure('alpha2');
    const before = server.stats().framesEncoded;
    for (const id of [alpha, beta, none, alpha2]) server.update(id, 2, 10 + id);
    await until('all have the update', () => clients.every(({ frames }) => frames.length === 2));
    expect(operator.frames.flatMap(({ ids }) => Array.from(ids))).toEqual([
      alpha,
      beta,
      none,
      alpha,
      beta,
      none,
      alpha2,
    ]);
    for (const client of [desk, same]) {
      expect(client.frames.flatMap(({ ids }) => Array.from(ids))).toEqual([alpha, alpha, alpha2]);
      const entries = client.messages.flatMap((message) => (message['entries'] as { id: number }[] | undefined) ?? []);
      expect(entries.map(({ id }) => id)).toEqual([alpha, alpha2]);
    }
    expect(await desk.heard('subscribed')).toMatchObject({ matched: 1 });
    expect(server.stats()).toMatchObject({ streams: 2, framesEncoded: before + 2 });
  });

  test('tells a token with a scope the events of its topics only, whatever it asks for', async () => {
    const { server, url } = await bench.server({
      tokens: [
        { name: 'desk', token: DESK, scope: {}, topics: ['alerts.a?'] },
        { name: 'blind', token: ALL, scope: {} },
      ],
    });
    const desk = rawClient(url, [], { headers: { authorization: `Bearer ${DESK}` } });
    await desk.heard('hello');
    desk.send({ type: 'listen', topics: ['alerts'] });
    expect(await desk.error()).toMatchObject({
      code: 'topic_refused',
      message: 'the token of this connection does not include the topic "alerts"; it has alerts.a?',
    });
    server.publishEvent('alerts.abc', 'secret', { retain: true });
    // Reads like one of its topics, and is more than they are.
    desk.send({ type: 'listen', topics: ['alerts.a*'] });
    await desk.heard('listening');
    server.publishEvent('alerts.abc', 'secret');
    server.publishEvent('alerts.ab', 'own');
    expect(await desk.heard('event')).toMatchObject({ topic: 'alerts.ab', body: 'own' });
    const blind = rawClient(url, [], { headers: { authorization: `Bearer ${ALL}` } });
    await blind.heard('hello');
    blind.send({ type: 'listen', topics: ['*'] });
    expect(await blind.error()).toMatchObject({
      code: 'topic_refused',
      message: expect.stringContaining('it has none'),
    });
  });

  test('lets the client in with its token, again after a cut', async () => {
    const { server, url } = await bench.server({ tokens: TOKENS });
    const id = server.register(gauge('x'));
    const sockets: WebSocket[] = [];
    const Captured = class extends WebSocket {
      constructor(address: string, protocols: string[]) {
        super(address, protocols);
        sockets.push(this);
      }
    } as unknown as WebSocketConstructor;
    const { client, heard } = bench.client(url, { token: ALL, WebSocket: Captured });
    const wrong = bench.client(url, { token: 'not-a-token-of-this-server' });
    wrong.client.connect().catch(() => undefined);
    await client.connect();
    await client.subscribe({ names: ['x'] }).ready;
    sockets[0]!.terminate();
    await until('it is back', () => client.stats.reconnects === 1);
    server.update(id, 1, 5);
    await untilValue(client, id, 5);
    expect(heard.errors).toHaveLength(1);
    await until('the other was refused', () => wrong.heard.errors.length > 0);
    expect(wrong.heard.errors[0]).toMatchObject({
      code: 'unauthorized',
      message: expect.stringContaining('answered 401'),
    });
  });

  test('attached to an HTTP server, leaves its other requests alone', async () => {
    const http = createServer((request, response) => {
      if (!server.handleRequest(request, response)) response.end('page');
    });
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    bench.defer(() => new Promise((resolve) => http.close(() => resolve())));
    const { server, port } = await bench.server({ server: http, tokens: TOKENS });
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('page');
    expect((await post(port, { authorization: `Bearer ${ALL}` })).status).toBe(200);
  });

  test.each<[string, Partial<LiveServerOptions>, string]>([
    [
      'a short token',
      { tokens: [{ name: 'x', token: 'short' }] },
      'tokens[0].token has 5 characters, expected at least 16',
    ],
    ['no tokens', { tokens: [] }, 'tokens is empty; leave it out to let everyone in'],
    ['an address for everyone', { host: '0.0.0.0' }, 'host is "0.0.0.0", which others can reach, and there is no TLS'],
    [
      'TLS for a server that is given',
      { port: undefined, server: createServer(), tls: { cert: '', key: '' } } as never,
      'tls is for `port`',
    ],
  ])('refuses %s', (_what, options, text) => {
    expect(() => new LiveServer({ port: 0, ...options })).toThrow(text);
  });
});

test('a server without tokens has no tickets', async () => {
  const { port } = await bench.server();
  const response = await post(port, {});
  expect([response.status, await response.json()]).toEqual([404, expect.objectContaining({ code: 'no_tickets' })]);
});

test('a server that is told so listens beyond loopback without TLS', async () => {
  const { port } = await bench.server({ host: '0.0.0.0', plaintext: true });
  const { client } = bench.client(`ws://127.0.0.1:${port}/live`);
  await client.connect();
});

test('a server with a certificate speaks TLS, tickets included', async () => {
  const { cert, key } = await testCertificate();
  const { server, url } = await bench.server({ tls: { cert, key }, tokens: TOKENS });
  server.update(server.register(gauge('x')), 1, 7);
  expect(url).toMatch(/^wss:\/\/127\.0\.0\.1:\d+\/live$/);
  const Trusting = class extends WebSocket {
    constructor(address: string, protocols: string[]) {
      super(address, protocols, { ca: cert });
    }
  } as unknown as WebSocketConstructor;
  // The global fetch does not know the certificate, so the ticket comes by another way, as from a page's own backend.
  const { request } = await import('node:https');
  const ticket = (): Promise<string> =>
    new Promise((resolve, reject) => {
      const options = { method: 'POST', ca: cert, headers: { authorization: `Bearer ${ALL}` } };
      const asked = request(url.replace('wss:', 'https:').replace('/live', '/ticket'), options, (response) => {
        response.on('data', (data: Buffer) => resolve((JSON.parse(data.toString()) as { ticket: string }).ticket));
      });
      asked.on('error', reject);
      asked.end();
    });
  const { client } = bench.client(url, { WebSocket: Trusting, ticket });
  await client.connect();
  await client.subscribe({ names: ['x'] }).ready;
  expect(client.store.values[0]).toBe(7);
});

test('the limit of connections per address closes the next with 4002', async () => {
  const { url } = await bench.server({ limits: { connectionsPerAddress: 2 } });
  for (let count = 0; count < 2; count++) await rawClient(url).heard('hello');
  const third = rawClient(url);
  await until('the third is closed', () => third.closeCode);
  expect(third.closeCode).toBe(4002);
  expect(await third.error()).toMatchObject({
    code: 'too_many_connections',
    limit: 2,
    message: 'the server has 2 connections of your address, its limit',
  });
});
