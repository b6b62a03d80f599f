import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Bridge, createBridge } from '@nanometer/bridge';
import { cleanUp, FAN_OUTS, post, scrape, serveBy, startBridge } from './support/bridge.ts';
import { KillableBridge } from './support/killable-bridge.ts';
import { type MetricInput, request } from './support/otlp.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bridge-history-'));
});
afterEach(async () => {
  await cleanUp();
  rmSync(folder, { recursive: true, force: true });
});

const history = () => ({ path: join(folder, 'history.sqlite'), commitIntervalMillis: 3_600_000 });
const startedMs = Date.now();
const nanos = (ms: number): bigint => BigInt(Math.round(ms)) * 1_000_000n;
const counts = (value: number, timeMs: number): MetricInput => ({
  name: 'desk.fills',
  monotonic: true,
  sum: [{ value, start: nanos(startedMs), time: nanos(timeMs) }],
});
const ask = (
  bridge: { readonly addresses: { readonly page: string } },
  path: string,
  headers = {},
): Promise<Response> => fetch(new URL(`api/v1/${path}`, bridge.addresses.page), { headers });

async function filled(bridge: { readonly addresses: { readonly page: string } }): Promise<number> {
  const response = await ask(bridge, 'history?name=desk.fills');
  const { series } = (await response.json()) as { series: { points: { sum: number[] } }[] };
  return (series[0]?.points.sum ?? []).reduce((sum, each) => sum + each, 0);
}

function heldAndGone({ outputs }: ReturnType<Bridge['stats']>): readonly [number, number] {
  const { received, forwarded, held, dropped } = outputs.history!;
  return [received, forwarded + held + Object.values(dropped).reduce((sum, count) => sum + count, 0)];
}

describe('a bridge with a history', () => {
  test('answers from it, and its account balances before and after a commit', async () => {
    const bridge = await startBridge({ history: history() });
    for (const [index, value] of [1, 4, 9].entries())
      await post(bridge, request([counts(value, startedMs + index + 1)]));
    await post(
      bridge,
      request([counts(9, startedMs + 3), { name: 'bad', gauge: [{ value: Number.NaN, time: nanos(startedMs) }] }]),
    );
    expect(bridge.stats().outputs.history).toMatchObject({
      received: 5,
      held: 3,
      dropped: { duplicate_point: 1, non_finite: 1 },
    });
    expect(await filled(bridge)).toBe(9);
    expect(bridge.stats().outputs.history).toMatchObject({ forwarded: 3, held: 0 });
    const [received, accounted] = heldAndGone(bridge.stats());
    expect(received).toBe(accounted);
    expect(await scrape(bridge)).toMatch(/nanometer_history_commit_count_total \d/);
    const { series } = (await (await ask(bridge, 'series?name=desk.*')).json()) as { series: unknown[] };
    expect(series).toMatchObject([{ name: 'desk.fills', kind: 'counter' }]);
  });

  test('keeps every total once over kills, when the bridge has its state on disk', async () => {
    const options = { history: history(), stateDirectory: join(folder, 'state') };
    let value = 0;
    for (let life = 0; life < 2; life++) {
      const bridge = await KillableBridge.start(options);
      const send = async (): Promise<void> => {
        value += 5;
        await fetch(`${bridge.addresses.otlpHttp}/v1/metrics`, {
          method: 'POST',
          headers: { 'content-type': 'application/x-protobuf' },
          body: new Uint8Array(request([counts(value, startedMs + value)])),
        });
      };
      await send();
      // The first is written by the time this is answered, the second waits in memory when the bridge is killed.
      expect(await filled(bridge)).toBe(value);
      await send();
      await bridge.kill();
    }
    const bridge = await KillableBridge.start(options);
    expect(await filled(bridge)).toBe(value);
    await bridge.kill();
  });

  test('refuses strangers, questions that are wrong and changes', async () => {
    const bridge = await startBridge({ history: history() });
    expect((await ask(bridge, 'history?name=a', { origin: 'http://elsewhere.example' })).status).toBe(403);
    expect((await ask(bridge, 'history?name=a&step=1s')).status).toBe(400);
    expect(await (await ask(bridge, 'history')).json()).toMatchObject({ error: { code: 'INVALID_QUERY' } });
    const url = new URL('api/v1/history?name=a', bridge.addresses.page);
    expect((await fetch(url, { method: 'POST' })).status).toBe(405);
  });

  test.each(FAN_OUTS)(
    'asks for a token that sees everything where the stream asks for tokens, served %s',
    async (fanOut) => {
      serveBy(fanOut);
      const liveTokens = [
        { name: 'all', token: 'a-token-for-everything' },
        { name: 'desk', token: 'a-token-for-one-desk', scope: { desk: 'one' } },
      ];
      const bridge = await startBridge({ history: history(), liveTokens });
      const status = async (token?: string): Promise<number> =>
        (await ask(bridge, 'history?name=a', token === undefined ? {} : { authorization: `Bearer ${token}` })).status;
      expect([await status(), await status('wrong'), await status(liveTokens[1]!.token)]).toEqual([401, 401, 403]);
      expect(await status(liveTokens[0]!.token)).toBe(200);
      // What shows every series is no way around a scope.
      for (const path of ['metrics', 'api/v1/stats']) {
        const statuses = [undefined, ...liveTokens.map(({ token }) => token)].map(async (token) => {
          const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
          return (await fetch(new URL(path, bridge.addresses.page), { headers })).status;
        });
        expect([path, ...(await Promise.all(statuses))]).toEqual([path, 401, 200, 403]);
      }
      expect((await fetch(new URL('healthz', bridge.addresses.page))).status).toBe(200);
    },
  );

  test('does not start on a file that is none', async () => {
    writeFileSync(join(folder, 'history.sqlite'), 'no database '.repeat(200));
    const ports = { port: 0, otlpGrpcPort: 0, otlpHttpPort: 0 };
    await expect(createBridge({ ...ports, history: history() })).rejects.toMatchObject({
      code: 'STATE_UNUSABLE',
      option: 'history',
    });
    await expect(createBridge({ ...ports, history: { path: 'x', minuteDays: 0 } })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
    });
  });
});

test('a bridge without a history says so', async () => {
  const bridge = await startBridge({ history: false });
  const response = await ask(bridge, 'history?name=a');
  expect([response.status, await response.json()]).toMatchObject([404, { error: { code: 'HISTORY_OFF' } }]);
  expect(bridge.stats().outputs.history).toBeUndefined();
});
