import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { DEFAULT_LIMITS, encodeFrame, LiveServer, PROTOCOL_VERSION } from '@nanometer/live';
import { METRIC_TRADING_FILL_COUNT, METRIC_TRADING_FILL_QUANTITY } from '@nanometer/semconv';
import { until } from '@nanometer/testing';
import { WebSocketServer } from 'ws';
import type { LifeTruth } from './compare.ts';
import { LiveLink } from './live-link.ts';
import { LosslessSubscriber } from './lossless-subscriber.ts';
import { instanceOf, SYMBOLS, totalsOf } from './workload.ts';

const ended: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ended.splice(0).toReversed()) await end();
});

const TOTALS = totalsOf(1, 1, 60, 20);
const TRUTH: LifeTruth = { life: 1, begun: 60, durable: 60, exports: 60, timesUnique: true, totals: TOTALS };

/** A server with the series of one life, and how a batch is told. */
async function serving(port = 0) {
  const server = new LiveServer({ port });
  const address = await server.ready();
  ended.push(() => server.close());
  const series = [METRIC_TRADING_FILL_COUNT, METRIC_TRADING_FILL_QUANTITY].map(({ name }) =>
    SYMBOLS.map((symbol) =>
      server.register({
        name,
        kind: 'counter',
        field: 'value',
        unit: '1',
        attributes: { 'trading.symbol': symbol },
        resource: { 'service.instance.id': instanceOf(1) },
      }),
    ),
  );
  const tell = (batch: number): void => {
    const { fills, quantity } = TOTALS[batch]!;
    for (const index of SYMBOLS.keys()) {
      server.update(series[0]![index]!, batch * 1_000, fills[index]!);
      server.update(series[1]![index]!, batch * 1_000, quantity[index]!);
    }
  };
  return { server, port: address.port, tell, first: series[0]![0]! };
}

async function following(port: number) {
  const link = await LiveLink.listen(port);
  const subscriber = new LosslessSubscriber(`ws://127.0.0.1:${link.port}/live`);
  ended.push(
    () => link.stop(),
    () => subscriber.stop(),
  );
  await until('it follows', () => subscriber.account.frames > 0);
  return { link, subscriber };
}

const has = (subscriber: LosslessSubscriber, batch: number): boolean =>
  JSON.stringify(subscriber.totals.get(1)) === JSON.stringify(TOTALS[batch]);

describe('a lossless subscriber', () => {
  test('has the totals of every batch across links that are cut, half-closed and stalled', async () => {
    const { port, tell } = await serving();
    const { link, subscriber } = await following(port);
    for (let batch = 1; batch <= 60; batch += 1) {
      if (batch % 20 === 5) link.begin((['cut', 'half-close', 'stall'] as const)[Math.floor(batch / 20)]!, batch);
      tell(batch);
      await nextTurn();
      if (batch % 20 === 15) link.mend();
    }
    await until('it has all', () => has(subscriber, 60));
    expect(subscriber.wrong([TRUTH])).toEqual([]);
    expect(link.met.cut).toBeGreaterThan(0);
    expect(subscriber.account.recoveries).toMatchObject({ backfill: 0, reset: 0 });
    expect(subscriber.account.recoveries.replay).toBeGreaterThan(0);
  });

  test('has them after the death of the server, by a snapshot', async () => {
    const first = await serving();
    const { subscriber } = await following(first.port);
    first.tell(1);
    await until('it has the first', () => has(subscriber, 1));
    await first.server.close();
    const second = await serving(first.port);
    second.tell(30);
    await until('it has the later', () => has(subscriber, 30));
    expect(subscriber.wrong([TRUTH])).toEqual([]);
    expect(subscriber.account.recoveries).toEqual({ replay: 0, backfill: 0, reset: 1 });
  });

  test('tells of a total that falls, of one told twice, and of one that never was', async () => {
    const { server, port, tell, first } = await serving();
    const { subscriber } = await following(port);
    tell(10);
    await until('it has it', () => has(subscriber, 10));
    server.update(first, 10_000, TOTALS[10]!.fills[0]!);
    server.update(first, 11_000, 0.5);
    await until('it has been told', () => subscriber.wrong([TRUTH]).length === 3);
    const [twice, falls, never] = subscriber.wrong([TRUTH]);
    expect(twice).toContain('an update of 10000 follows one of 10000');
    expect(falls).toContain('0.5 follows');
    expect(never).toContain('told 0.5, which never was');
  });

  test('tells of a server that leaves a frame out', async () => {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await until('it listens', () => server.address() !== null);
    ended.push(async () => {
      for (const client of server.clients) client.terminate();
      await new Promise((resolve) => server.close(resolve));
    });
    const frame = (type: 'snapshot' | 'update', sequence: number): Uint8Array =>
      encodeFrame(
        {
          type,
          conflated: false,
          final: type === 'snapshot',
          backfill: false,
          stream: 1,
          epoch: 3,
          sequence,
          baseTimeMs: sequence,
        },
        new Uint32Array([0]),
        new Uint32Array([0]),
        new Float64Array([TOTALS[sequence]!.fills[0]!]),
      );
    server.on('connection', (socket) => {
      const say = (message: object): void => socket.send(JSON.stringify(message));
      const times = { timeMs: 0, tickMillis: 16, heartbeatMillis: 1_000 };
      say({ type: 'hello', protocol: PROTOCOL_VERSION, server: 'x', epoch: 3, ...times, limits: DEFAULT_LIMITS });
      socket.once('message', () => {
        say({ type: 'subscribed', id: 1, stream: 1, matched: 1, recovery: 'snapshot' });
        const known = { id: 0, name: METRIC_TRADING_FILL_COUNT.name, kind: 'counter', field: 'value', unit: '1' };
        const attributes = { 'trading.symbol': SYMBOLS[0] };
        const resource = { 'service.instance.id': instanceOf(1) };
        say({ type: 'dictionary', epoch: 3, entries: [{ ...known, attributes, resource }] });
        socket.send(frame('snapshot', 5));
        socket.send(frame('update', 7));
      });
    });
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const subscriber = new LosslessSubscriber(`ws://127.0.0.1:${port}/live`);
    ended.push(() => subscriber.stop());
    await until('it has seen the gap', () => subscriber.wrong([TRUTH]).length > 0);
    expect(subscriber.wrong([TRUTH])[0]).toBe('lossless: frame 7 of stream 1 follows frame 5');
  });
});
