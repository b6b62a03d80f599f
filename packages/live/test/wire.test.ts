import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { until } from '@nanometer/testing';
import type { LiveServer } from '@nanometer/live';
import { Bench, gauge } from './fixtures.ts';
import { RawClient } from './raw-client.ts';

const bench = new Bench();
afterEach(() => bench.end());

function registered(server: LiveServer, series: number): number[] {
  return Array.from({ length: series }, (_, index) => server.register(gauge('x', { index })));
}

/** A client that has its snapshot. */
async function subscriber(url: string, filter: object): Promise<RawClient> {
  const client = new RawClient(url);
  bench.defer(() => client.socket.terminate());
  await client.heard('hello');
  client.send({ type: 'subscribe', id: 1, names: ['x'], ...filter });
  await until('the snapshot is there', () => client.frames.some(({ final }) => final));
  return client;
}

describe('what a client is sent', () => {
  // 32 bytes and 16 a row, in pairs: the lengths of a WebSocket message have 7, 16 or 64 bits.
  test.each([
    ['120 bytes, the last even one with a short header', 5],
    ['128 bytes, the first with a length of 16 bits', 6],
    ['65,528 bytes, the last with a length of 16 bits', 4_093],
    ['65,536 bytes, the first with a length of 64 bits', 4_094],
    ['262,176 bytes, the largest there is', 16_384],
  ])('is whole messages: frames of %s', async (_what, rows) => {
    const { server, url } = await bench.server({ limits: { seriesPerSubscription: 20_000 } });
    const ids = registered(server, rows);
    const client = await subscriber(url, {});
    for (let round = 1; round <= 3; round++) {
      for (const id of ids) server.update(id, 1_000 + round, round + id / 65_536);
      await until(`update ${round}`, () => client.frames.filter(({ type }) => type === 'update').length === round);
      // Text after it, by the socket itself.
      client.send({ type: 'unsubscribe', id: 1_000 });
      await client.error(round);
    }
    const updates = client.frames.filter(({ type }) => type === 'update');
    expect(updates.map(({ count, sequence }) => [count, sequence])).toEqual([1, 2, 3].map((round) => [rows, round]));
    expect(Array.from(updates[2]!.values)).toEqual(ids.map((id) => 3 + id / 65_536));
    expect(client.closeCode).toBeUndefined();
  });

  test('has the compressed snapshot, the pong and the closing frame each in its place', async () => {
    const { server, url } = await bench.server();
    const ids = registered(server, 2_000);
    for (const id of ids) server.update(id, 1_000, id);
    const client = new RawClient(url);
    const opcodes: string[] = [];
    client.socket.removeAllListeners('message');
    client.socket.on('message', (data: Buffer, isBinary) => {
      opcodes.push(isBinary ? `frame of type ${data[3]}` : (JSON.parse(data.toString()) as { type: string }).type);
    });
    client.socket.on('pong', () => opcodes.push('pong'));
    await until('hello', () => opcodes.includes('hello'));
    client.send({ type: 'subscribe', id: 1, names: ['x'], compressSnapshot: true });
    client.socket.ping();
    await until('the snapshot and the pong', () => opcodes.includes('frame of type 1') && opcodes.includes('pong'));
    server.update(ids[0]!, 2_000, 5);
    await server.close();
    await until('the end', () => client.closeCode);
    expect(client.closeCode).toBe(4000);
    expect(opcodes.filter((what) => what !== 'pong' && what !== 'heartbeat')).toEqual([
      'hello',
      'subscribed',
      'dictionary',
      'dictionary',
      'frame of type 1',
      'frame of type 2',
      'goaway',
    ]);
  });

  test('is nothing once its connection closes, and the server goes on for the others', async () => {
    const { server, url } = await bench.server({ tickMillis: 1 });
    const [id] = registered(server, 1);
    const gone = await subscriber(url, { lane: 'risk' });
    const stays = await subscriber(url, { lane: 'risk' });
    for (let round = 1; round <= 50; round++) {
      if (round === 10) gone.socket.terminate();
      if (round === 20) stays.socket.ping();
      server.update(id!, round, round);
      await until(`update ${round}`, () => stays.frames.at(-1)!.values[0] === round);
    }
    await until('the server knows', () => server.stats().clients === 1);
    expect(stays.closeCode).toBeUndefined();
  });
});

describe('subscribers of one stream', () => {
  test.each(['conflate', 'lossless'])('are served in turns, so that nobody is always last: %s', async (delivery) => {
    const http = createServer();
    const served = recordedOrder(http);
    await new Promise<void>((resolve) => {
      http.listen(0, '127.0.0.1', resolve);
    });
    bench.defer(() => void http.close());
    const { server } = await bench.server({ server: http });
    const [id] = registered(server, 1);
    const url = `ws://127.0.0.1:${(http.address() as AddressInfo).port}/live`;
    const clients: RawClient[] = [];
    for (let index = 0; index < 3; index++) clients.push(await subscriber(url, { lane: 'risk', delivery }));
    served.length = 0;
    for (let round = 1; round <= 3; round++) {
      server.update(id!, round, round);
      await until(`update ${round}`, () => clients.every(({ frames }) => frames.at(-1)!.values[0] === round));
    }
    expect(served).toHaveLength(9);
    const last = [served[2], served[5], served[8]];
    expect(new Set(last).size).toBe(3);
  });
});

/** Which connection got each binary message of a server, in the order they were written. */
function recordedOrder(http: Server): number[] {
  const order: number[] = [];
  let connections = 0;
  http.on('connection', (socket) => {
    const index = connections++;
    const write = socket.write.bind(socket) as (chunk: Buffer) => boolean;
    socket.write = (chunk: Buffer | string) => {
      if (chunk[0] === 0x82) order.push(index);
      return write(chunk as Buffer);
    };
  });
  return order;
}
