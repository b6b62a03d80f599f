// Who may read the metrics, and what a bridge with a certificate serves, whichever thread has its port.
import { once } from 'node:events';
import { networkInterfaces } from 'node:os';
import { request as send } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Bridge, type BridgeOptions, createBridge } from '@nanometer/bridge';
import { LaneReader, LiveClient, type WebSocketConstructor } from '@nanometer/live';
import { MeterProvider } from '@nanometer/metrics';
import { testCertificate, until } from '@nanometer/testing';
import { WebSocket } from 'ws';
import { atEnd, cleanUp, FAN_OUTS, serveBy, startBridge } from './support/bridge.ts';
import { request } from './support/otlp.ts';

afterEach(cleanUp);

const SCRAPER = 'a-secret-of-prometheus';
const OFFICE = 'a-token-of-the-office';
const DESK = 'a-token-of-one-desk';
const LIVE_TOKENS = [
  { name: 'office', token: OFFICE },
  { name: 'desk', token: DESK, scope: { 'desk.name': 'a' } },
];
/** An address of this machine that others could reach as well. */
const OPEN_HOST: BridgeOptions = { host: '0.0.0.0', plaintext: true };

/** Statuses of `/metrics` and `/api/v1/stats` for the bearer of a token. */
async function statusesFor(bridge: Bridge, token: string | undefined): Promise<readonly number[]> {
  const page = bridge.addresses.page.replace('0.0.0.0', '127.0.0.1');
  const statuses: number[] = [];
  for (const path of ['metrics', 'api/v1/stats']) {
    const answer = await fetch(
      `${page}${path}`,
      token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } },
    );
    const text = await answer.text();
    if (answer.status === 401) expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    // What is refused shows nothing of what there is.
    if (answer.status !== 200) expect(text).not.toContain('nanometer_');
    statuses.push(answer.status);
  }
  const health = await fetch(`${page}healthz`);
  expect([health.status, await health.text()]).toEqual([200, 'ok\n']);
  return statuses;
}

describe.each(FAN_OUTS)('served %s:', (fanOut) => {
  beforeEach(() => serveBy(fanOut));

  describe('metrics and stats are read', () => {
    test.each<[string, BridgeOptions, string | undefined, number]>([
      ['on loopback, by everyone', {}, undefined, 200],
      ['on loopback, with tokens of the stream, not without one', { liveTokens: LIVE_TOKENS }, undefined, 401],
      ['with tokens for it, not without one', { metricsTokens: [SCRAPER] }, undefined, 401],
      ['with tokens for it, not with another', { metricsTokens: [SCRAPER] }, 'a-secret-of-a-stranger', 401],
      ['with tokens for it, by their bearers', { metricsTokens: [SCRAPER] }, SCRAPER, 200],
      ['beyond loopback, with no tokens at all, on this machine', OPEN_HOST, undefined, 200],
      [
        'beyond loopback, with tokens of the stream, not without one',
        { ...OPEN_HOST, liveTokens: LIVE_TOKENS },
        undefined,
        401,
      ],
      ['beyond loopback, by who may see every series', { ...OPEN_HOST, liveTokens: LIVE_TOKENS }, OFFICE, 200],
      ['beyond loopback, not by who may see some', { ...OPEN_HOST, liveTokens: LIVE_TOKENS }, DESK, 403],
      [
        'beyond loopback, by everyone where the bridge says so',
        { ...OPEN_HOST, liveTokens: LIVE_TOKENS, metricsAccess: 'open' },
        undefined,
        200,
      ],
    ])('%s', async (_, options, token, status) => {
      const bridge = await startBridge(options);
      expect(await statusesFor(bridge, token)).toEqual([status, status]);
    });

    test('by the bearers of either kind of token', async () => {
      const bridge = await startBridge({ ...OPEN_HOST, liveTokens: LIVE_TOKENS, metricsTokens: [SCRAPER] });
      const statuses = await Promise.all([SCRAPER, OFFICE, DESK, undefined].map((token) => statusesFor(bridge, token)));
      expect(statuses.map(([first]) => first)).toEqual([200, 200, 403, 401]);
    });
  });

  test('with a certificate the page is served by https, stream and pushes by wss, tickets included', async () => {
    const { cert, key } = await testCertificate();
    const bridge = await startBridge({ tls: { cert, key }, liveTokens: LIVE_TOKENS });
    const { page, live, push } = bridge.addresses;
    expect([page, live, push].map((url) => new URL(url).protocol)).toEqual(['https:', 'wss:', 'wss:']);
    const ask = async (path: string, method: string, token?: string): Promise<{ status: number; text: string }> => {
      const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
      const asked = send(new URL(path, page), { method, ca: cert, headers });
      asked.end();
      const [answer] = (await once(asked, 'response')) as [IncomingMessage];
      let text = '';
      for await (const chunk of answer) text += String(chunk);
      return { status: answer.statusCode!, text };
    };
    expect(await ask('healthz', 'GET')).toEqual({ status: 200, text: 'ok\n' });
    expect((await ask('ticket', 'POST')).status).toBe(401);
    const ticket = async (): Promise<string> => {
      const { text } = await ask('ticket', 'POST', OFFICE);
      return (JSON.parse(text) as { ticket: string }).ticket;
    };
    const Trusting = class extends WebSocket {
      constructor(address: string, protocols: string[], options: object = {}) {
        super(address, protocols, { ...options, ca: cert });
      }
    } as unknown as WebSocketConstructor;
    const client = new LiveClient({ url: live, WebSocket: Trusting, ticket });
    atEnd(() => client.close());
    await client.connect();
    await client.subscribe({ names: ['desk.fills'], lane: 'risk' }).ready;
    const wss = new WebSocket(push, 'nanometer.push.v1', { ca: cert });
    atEnd(() => wss.close());
    const [hello] = (await once(wss, 'message')) as [Buffer];
    expect(JSON.parse(hello.toString())).toMatchObject({ type: 'hello', server: 'nanometer-bridge' });
    const headers = { 'content-type': 'application/x-protobuf' };
    const exported = send(`${bridge.addresses.otlpHttp}/v1/metrics`, { method: 'POST', ca: cert, headers });
    exported.end(request([{ name: 'desk.fills', gauge: [{ value: 3 }] }]));
    expect(((await once(exported, 'response')) as [IncomingMessage])[0].resume().statusCode).toBe(200);
    await until('it is on the wire', () => client.store.values[client.store.idsOf('desk.fills')[0]!] === 3);
    // Who speaks no TLS is not served.
    await expect(fetch(page.replace('https:', 'http:'))).rejects.toThrow('fetch failed');
  });
});

/** An address of this machine that is not loopback: from there a service is as good as one in another container. */
const OUTSIDE = Object.values(networkInterfaces())
  .flat()
  .find((each) => each !== undefined && !each.internal && each.family === 'IPv4')?.address;

describe.each<[string, BridgeOptions, string]>([
  ['services elsewhere may not push without a token', OPEN_HOST, 'waiting'],
  ['where the bridge is open to pushes, they may', { ...OPEN_HOST, pushAccess: 'open' }, 'open'],
])('beyond loopback', (name, options, state) => {
  const testOutside = OUTSIDE === undefined ? test.skip : test;
  testOutside(OUTSIDE === undefined ? `${name} (this machine has no address but loopback)` : name, async () => {
    const bridge = await startBridge(options);
    const url = bridge.addresses.push.replace('0.0.0.0', OUTSIDE!);
    const lane = new LaneReader({ url, backoffInitialMs: 3_600_000, backoffMaxMs: 3_600_000 });
    const provider = new MeterProvider({ readers: [lane] });
    atEnd(() => provider.shutdown({ timeoutMillis: 0 }).catch(() => undefined));
    await until('the lane is decided on', () => ['waiting', 'open'].includes(lane.publisher.status.state));
    expect(lane.publisher.status.state).toBe(state);
  });
});

test('a port of its own for pushes takes them and nothing else; the page’s takes them as well', async () => {
  const bridge = await startBridge({ fanOut: 'worker' });
  const { page, push, live } = bridge.addresses;
  expect(new URL(push).port).not.toBe(new URL(page).port);
  const own = push.replace('ws:', 'http:');
  for (const path of ['/', '/metrics', '/push']) expect((await fetch(new URL(path, own))).status).toBe(404);
  const elsewhere = new WebSocket(new URL('/live', push));
  const [error] = (await once(elsewhere, 'error')) as [Error];
  expect(error.message).toContain('404');
  for (const [index, url] of [push, live.replace('/live', '/push')].entries()) {
    const lane = new LaneReader({ url, bulkIntervalMillis: 3_600_000 });
    const provider = new MeterProvider({ readers: [lane] });
    atEnd(() => provider.shutdown({ timeoutMillis: 0 }).catch(() => undefined));
    await until('the lane is open', () => lane.publisher.status.state === 'open');
    provider.getMeter('desk').createGauge(`risk.probe.${index}`).record(1);
    lane.flush();
    expect(await lane.publisher.settled(30_000)).toBe(true);
    expect(bridge.stats().receivedBy.push).toBe(index + 1);
  }
  await expect(startBridge({ pushPort: Number(new URL(push).port) })).rejects.toMatchObject({
    code: 'PORT_IN_USE',
    option: 'pushPort',
  });
});

test.each<[BridgeOptions, string]>([
  [{ metricsTokens: ['short'] }, 'metricsTokens'],
  [{ metricsTokens: [] }, 'metricsTokens'],
  [{ metricsAccess: 'all' as 'open' }, 'metricsAccess'],
  [{ pushAccess: 'all' as 'open' }, 'pushAccess'],
  [{ pushAccess: 'open', pushTokens: [SCRAPER] }, 'pushAccess'],
  [{ metricsAccess: 'open', metricsTokens: [SCRAPER] }, 'metricsAccess'],
  [{ pushPort: -1 }, 'pushPort'],
  [{ pushPort: 70_000 }, 'pushPort'],
])('%j is an error of the option %s', async (options, option) => {
  await expect(createBridge({ port: 0, otlpGrpcPort: 0, otlpHttpPort: 0, ...options })).rejects.toMatchObject({
    code: 'INVALID_OPTION',
    option,
  });
});
