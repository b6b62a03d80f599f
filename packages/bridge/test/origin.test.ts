import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { Bridge, BridgeOptions } from '@nanometer/bridge';
import { cleanUp, startBridge } from './support/bridge.ts';

afterEach(cleanUp);

/** Status of the answer to a browser's handshake from a page of that origin: 101 when the stream opens. */
async function handshake(bridge: Bridge, origin: string): Promise<number | undefined> {
  const upgrade = request(bridge.addresses.live.replace('ws:', 'http:'), {
    headers: {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
      origin,
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
