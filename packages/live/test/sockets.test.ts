import { afterEach, describe, expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import type { WebSocketConstructor } from '@nanometer/live';
import { until } from '@nanometer/testing';
import { Bench, gauge, untilValue } from './fixtures.ts';

const bench = new Bench();
afterEach(() => bench.end());

describe.each([
  ['the global WebSocket', undefined],
  ['the WebSocket of ws', WebSocket as unknown as WebSocketConstructor],
])('with %s', (_, Constructor) => {
  test.each([1, 3, 8, 9, 50])('a client has the values of %i series, and is told their names', async (count) => {
    const { server, url } = await bench.server();
    const ids = Array.from({ length: count }, (_series, at) => server.register(gauge(`μ.${at}`)));
    const set = (shift: number): void => {
      for (const id of ids) server.update(id, 1.7e12 + id, shift + id / 3);
    };
    set(0);
    const { client, heard } = bench.client(url, Constructor === undefined ? {} : { WebSocket: Constructor });
    await client.connect();
    await client.subscribe({ names: ['μ.*'] }, { compressSnapshot: true }).ready;
    expect(heard.series.map(({ name }) => name)).toEqual(ids.map((at) => `μ.${at}`));
    set(1e6);
    await untilValue(client, ids.at(-1)!, 1e6 + ids.at(-1)! / 3);
    for (const id of ids) {
      expect(client.store.values[id]).toBe(1e6 + id / 3);
      expect(client.store.times[id]).toBe(1.7e12 + id);
    }
    const { bytes, unknownRows, gaps } = client.stats;
    expect({ unknownRows, gaps }).toEqual({ unknownRows: 0, gaps: 0 });
    expect(bytes).toBeGreaterThan(0);
  });

  test('a frame that a client keeps stays what it was', async () => {
    const { server, url } = await bench.server();
    const id = server.register(gauge('kept'));
    server.update(id, 1.7e12, 0);
    const { client, heard } = bench.client(url, Constructor === undefined ? {} : { WebSocket: Constructor });
    await client.connect();
    await client.subscribe({ names: ['kept'] }).ready;
    for (let value = 1; value <= 20; value++) {
      server.update(id, 1.7e12 + value, value);
      await untilValue(client, id, value);
    }
    await until('all frames are there', () => heard.frames.at(-1)?.values[0] === 20);
    for (const { ids, dt, values, baseTimeMs } of heard.frames) {
      expect([...ids]).toEqual([id]);
      expect(baseTimeMs + dt[0]! / 1_000).toBe(1.7e12 + values[0]!);
    }
  });
});
