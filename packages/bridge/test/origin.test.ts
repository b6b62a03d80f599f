import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createBridge, type Bridge, type BridgeOptions } from '@nanometer/bridge';
import { LiveClient } from '@nanometer/live';
import { cleanUp, FAN_OUTS, serveBy, startBridge } from './support/bridge.ts';

afterEach(cleanUp);

/** Status of the answer to a browser's handshake from a page of that origin: 101 when the stream opens. */
async function handshake(
  bridge: Bridge,
  origin: string,
  host?: string,
  path: string = '/live',
): Promise<number | undefined> {
  const upgrade = request(new URL(path, bridge.addresses.live.replace('ws:', 'http:')), {
    headers: {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
      origin,
      ...(host === undefined ? {} : { host }),
    },
  });
  upgrade.end();
  const [answer, socket] = (await Promise.race([once(upgrade, 'upgrade'), once(upgrade, 'response')])) as [
    IncomingMessage,
    { destroy?: () => void } | undefined,
  ];
  socket?.destroy?.();
  answer.destroy();
  return answer.statusCode;
}

/** Status of a request for a host. */
async function statusFor(url: string, host: string): Promise<number | undefined> {
  const asked = request(url, { headers: { host } });
  asked.end();
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  answer.resume();
  return answer.statusCode;
}

describe.each(FAN_OUTS)('served %s:', (fanOut) => {
  beforeEach(() => serveBy(fanOut));

  describe('the live stream opens', () => {
    const FOREIGN = 'http://elsewhere.example';

    test.each<[string, BridgeOptions, boolean, boolean]>([
      ['for the bridge’s own page alone, unless told otherwise', {}, true, false],
      ['for the listed origins alone', { allowedOrigins: [FOREIGN] }, false, true],
    ])('%s', async (_, options, ownOpens, foreignOpens) => {
      const bridge = await startBridge(options);
      const own = new URL(bridge.addresses.page).origin;
      expect(await handshake(bridge, own)).toBe(ownOpens ? 101 : 403);
      expect(await handshake(bridge, FOREIGN)).toBe(foreignOpens ? 101 : 403);
    });
  });

  describe('a page whose name was made to point at the bridge reaches nothing', () => {
    test.each<[BridgeOptions, string, boolean]>([
      [{}, 'localhost:8080', true],
      [{}, '127.0.0.1', true],
      [{}, '[::1]:8080', true],
      [{}, 'rebound.example', false],
      [{}, 'localhost.rebound.example:8080', false],
      [{ allowedHosts: ['desk.example'] }, 'desk.example:8080', true],
      [{ allowedHosts: ['desk.example'] }, 'localhost', false],
      [{ host: '0.0.0.0', plaintext: true }, 'bridge:8080', true],
    ])('%j, host %s: %s', async (options, host, reached) => {
      const bridge = await startBridge(options);
      const url = bridge.addresses.page.replace('0.0.0.0', '127.0.0.1');
      for (const path of ['metrics', 'healthz', 'api/v1/stats']) {
        expect(await statusFor(new URL(path, url).href, host)).toBe(reached ? 200 : 403);
      }
      const otlp = bridge.addresses.otlpHttp.replace('0.0.0.0', '127.0.0.1');
      expect(await statusFor(`${otlp}/v1/metrics`, host)).toBe(reached ? 405 : 403);
      const onLoopback = { ...bridge, addresses: { ...bridge.addresses, live: `${url.replace('http', 'ws')}live` } };
      expect(await handshake(onLoopback, `http://${host}`, host)).toBe(reached ? 101 : 403);
    });
  });

  test.each(['/', '/lives', '/push/', '/metrics?x=1'])(
    'no WebSocket is at %s, and who asks for one is told',
    async (path) => {
      const bridge = await startBridge();
      expect(await handshake(bridge, new URL(bridge.addresses.page).origin, undefined, path)).toBe(404);
    },
  );

  test('an address that others reach needs TLS, or somebody who says that it does not', async () => {
    await expect(createBridge({ host: '0.0.0.0' })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      option: 'host',
      message: expect.stringContaining('which others can reach, and there is no TLS'),
    });
  });

  test('tokens keep strangers from the stream, and a page trades one for a ticket', async () => {
    const token = 'a-token-of-this-test';
    const bridge = await startBridge({
      liveTokens: [{ name: 'desk', token, scope: { 'service.name': 'nanometer-bridge' } }],
    });
    const { page, live } = bridge.addresses;
    expect(await handshake(bridge, 'http://elsewhere.example')).toBe(403);
    expect((await fetch(`${page}ticket`, { method: 'POST' })).status).toBe(401);
    const client = new LiveClient({ url: live, token });
    try {
      await client.connect();
      await client.subscribe({ names: ['*'] }).ready;
      const services = new Set([...client.store.all()].map(({ resource }) => resource['service.name']));
      expect(services).toEqual(new Set(['nanometer-bridge']));
    } finally {
      client.close();
    }
  });
});
