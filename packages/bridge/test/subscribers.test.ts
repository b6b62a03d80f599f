// What a subscriber may count on, whichever thread serves it. Slow readers, origins, tickets and last words: outputs, origin, access.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Bridge } from '@nanometer/bridge';
import { LiveClient, type LiveFrame, type Recovery, type WebSocketConstructor } from '@nanometer/live';
import { until } from '@nanometer/testing';
import { WebSocket } from 'ws';
import { atEnd, cleanUp, FAN_OUTS, post, serveBy, startBridge } from './support/bridge.ts';
import { request } from './support/otlp.ts';

afterEach(cleanUp);

const total = (value: number): Buffer =>
  request([{ name: 'fills', monotonic: true, sum: [{ value, time: BigInt(value) * 1_000_000_000n }] }]);

/** Subscribes without loss and tells what it was sent, through how many connections. */
async function follow(bridge: Bridge) {
  const told: number[] = [];
  const recoveries: Recovery[] = [];
  const sockets: WebSocket[] = [];
  const Kept = class extends WebSocket {
    constructor(address: string, protocols: string[]) {
      super(address, protocols);
      sockets.push(this);
    }
  } as unknown as WebSocketConstructor;
  const client = new LiveClient({
    url: bridge.addresses.live,
    WebSocket: Kept,
    backoffInitialMs: 1,
    backoffMaxMs: 5,
    onFrame: ({ type, values }: LiveFrame) => void (type === 'update' && told.push(...values)),
    onRecovery: (_, recovery) => void recoveries.push(recovery),
  });
  atEnd(() => client.close());
  await client.connect();
  await client.subscribe({ names: ['fills'], delivery: 'lossless', lane: 'risk' }).ready;
  return { client, told, recoveries, sockets };
}

describe.each(FAN_OUTS)('a subscriber, served %s,', (fanOut) => {
  beforeEach(() => serveBy(fanOut));

  test('without loss is told every row once and in order, however often its link is cut', async () => {
    const bridge = await startBridge();
    const { client, told, recoveries, sockets } = await follow(bridge);
    let sum = 0;
    for (let cut = 1; cut <= 4; cut++) {
      for (let each = 0; each < 5; each++) await post(bridge, total((sum += 1)));
      sockets.at(-1)!.terminate();
      for (let each = 0; each < 5; each++) await post(bridge, total((sum += 1)));
      await until('it is back', () => recoveries.length === cut);
    }
    await until('it has the last', () => told.at(-1) === sum);
    expect(told).toEqual(Array.from({ length: sum }, (_, row) => row + 1));
    expect(recoveries).toEqual(Array.from({ length: 4 }, () => 'replay'));
    expect(sockets.length).toBe(5);
    expect(client.store.values[client.store.idsOf('fills')[0]!]).toBe(sum);
    await until('the resumes are counted', () => bridge.stats().live.resumes.replayed === 4);
  });

  test('sees and hears what its token lets it, whatever it asks for', async () => {
    const token = 'a-token-of-one-desk';
    const bridge = await startBridge({ liveTokens: [{ name: 'desk', token, scope: { desk: 'a' } }] });
    const point = (desk: string, value: number) => ({ value, time: BigInt(value), attributes: { desk } });
    await post(bridge, request([{ name: 'book', gauge: [point('a', 1), point('b', 2)] }]));
    const client = new LiveClient({ url: bridge.addresses.live, token });
    atEnd(() => client.close());
    await client.connect();
    await client.subscribe({ names: ['*'] }).ready;
    await client.subscribe({ names: ['book'], attributes: { desk: 'b' } }).ready;
    await post(bridge, request([{ name: 'book', gauge: [point('a', 3), point('b', 4)] }]));
    const [id] = client.store.idsOf('book');
    await until('its own', () => client.store.values[id!] === 3);
    expect([...client.store.all()].map(({ name, attributes }) => [name, attributes['desk']])).toEqual([['book', 'a']]);
  });

  test('may not ask for more than the limit, and is served what is within it', async () => {
    const bridge = await startBridge();
    await post(bridge, total(7));
    const socket = new WebSocket(bridge.addresses.live, 'nanometer.json.v1');
    atEnd(() => socket.close());
    const codes: string[] = [];
    let limit = 0;
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as { type: string; code?: string; limits?: Record<string, number> };
      if (message.type === 'hello') limit = message.limits!['patternsPerSubscription']!;
      if (message.type === 'error') codes.push(message.code!);
    });
    await until('it is greeted', () => limit > 0);
    const names = Array.from({ length: limit + 1 }, (_, pattern) => `a${pattern}`);
    socket.send(JSON.stringify({ type: 'subscribe', id: 1, names }));
    socket.send(JSON.stringify({ type: 'subscribe', id: 2, names: ['fills'] }));
    await until(
      'the first is refused and the second is there',
      () => codes.length === 1 && bridge.stats().live.subscriptions === 1,
    );
    expect(codes).toEqual(['too_many_patterns']);
    expect(bridge.stats().live.rejected).toMatchObject({ too_many_patterns: 1 });
  });
});
