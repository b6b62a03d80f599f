import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { LiveClient, LivePublisher } from '@nanometer/live';
import { until } from '@nanometer/testing';
import { WebSocket } from 'ws';
import { atEnd, cleanUp, FAN_OUTS, serveBy, startBridge } from './support/bridge.ts';

afterEach(cleanUp);

/** HTTP status of a refused handshake. */
async function statusOf(url: string, headers: Record<string, string>): Promise<number | undefined> {
  const socket = new WebSocket(url, { headers });
  socket.on('error', () => undefined);
  return new Promise((resolve) => {
    socket.on('unexpected-response', (_request, response) => {
      resolve(response.statusCode);
      socket.terminate();
    });
    socket.on('open', () => resolve(101));
  });
}

describe.each(FAN_OUTS)('who may push, the stream served %s:', (fanOut) => {
  beforeEach(() => serveBy(fanOut));

  test('with tokens: only their bearers', async () => {
    const bridge = await startBridge({ pushTokens: ['a-secret-of-the-desk'] });
    expect(await statusOf(bridge.addresses.push, {})).toBe(401);
    expect(await statusOf(bridge.addresses.push, { authorization: 'Bearer another-secret-here' })).toBe(401);
    const publisher = new LivePublisher({ url: bridge.addresses.push, token: 'a-secret-of-the-desk' });
    atEnd(() => publisher.close());
    publisher.connect();
    await until('it is let in', () => publisher.status.state === 'open');
    expect(bridge.stats().push.refused).toEqual({ unauthorized: 2 });
  });

  test('no page, and not under another host', async () => {
    const bridge = await startBridge();
    expect(await statusOf(bridge.addresses.push, { origin: 'http://127.0.0.1' })).toBe(403);
    expect(await statusOf(bridge.addresses.push, { host: 'evil.example' })).toBe(403);
    expect(bridge.stats().push.refused).toEqual({ origin_refused: 1, host_refused: 1 });
  });

  test('a token that is too short is an error of the option', async () => {
    await expect(startBridge({ pushTokens: ['short'] })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      option: 'pushTokens',
    });
  });
});

test('events reach those who listen', async () => {
  const bridge = await startBridge();
  const bodies: unknown[] = [];
  const client = new LiveClient({ url: bridge.addresses.live });
  atEnd(() => client.close());
  await client.connect();
  client.listen('risk.limits', (event) => void bodies.push(event.body));
  const publisher = new LivePublisher({ url: bridge.addresses.push, eventLimit: 2 });
  atEnd(() => publisher.close());
  const cycle: { self?: unknown } = {};
  cycle.self = cycle;
  for (const body of [1, 2, 3, cycle]) publisher.publishEvent('risk.limits', body, { retain: true });
  publisher.connect();
  await until('the last one', () => bodies.includes(3));
  expect(publisher.stats()).toMatchObject({ eventsDropped: 2, eventsSent: 2 });
  expect(bridge.stats().push.events).toBe(2);
});
