import { createServer } from 'node:net';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { until } from '@nanometer/testing';
import { WebSocket } from 'ws';
import { startDesk, startExchange } from '../src/index.ts';
import { startOtlpStub } from './otlp-stub.ts';
import { otlp, cleanUps, fastClock, run } from './desk-run.ts';

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('trouble', () => {
  test('without a receiver the desk says so once, runs on, and reports that the last export failed', async () => {
    const absent = await freePort();
    const { desk, exchange, notices } = await run(
      { durationSeconds: 10 },
      { otlpEndpoint: `127.0.0.1:${absent}`, flushSeconds: 0.1, exportIntervalMs: 20 },
    );
    expect(notices).toHaveLength(1);
    expect(notices[0]).toBe(
      `no OTLP receiver at http://127.0.0.1:${absent} (connect ECONNREFUSED 127.0.0.1:${absent}); the desk runs on and keeps its metrics`,
    );
    expect(desk.ledger.fills).toBe(exchange.fills);
    expect(desk.exports.succeeded).toBe(0);
    expect(desk.exports.failed).toBeGreaterThan(0);
    expect(desk.flushError).toMatch(/ECONNREFUSED/);
  });

  test('a receiver that comes late gets everything', async () => {
    const port = await freePort();
    const notices: string[] = [];
    const exchange = await startExchange({ speed: 1 }, fastClock());
    cleanUps.push(() => exchange.close());
    const desk = await startDesk(
      {
        exchangeUrl: exchange.url,
        metricsPort: 0,
        otlpEndpoint: `127.0.0.1:${port}`,
        infra: false,
        exportIntervalMs: 20,
      },
      { onNotice: (text) => notices.push(text) },
    );
    await until('the desk misses the receiver', () => notices.length > 0);
    const late = await startOtlpStub(port);
    cleanUps.push(() => late.close());
    await until('the desk is back', () => notices.length > 1);
    desk.stop();
    const totals = await desk.finished;
    expect(notices[1]).toMatch(/is back; caught up after \d+ failed exports$/);
    expect(totals.flushError).toBeUndefined();
    expect(totals.exports.succeeded).toBeGreaterThan(0);
  });

  test('with a write-ahead log, what one desk could not deliver the next one does', async () => {
    const port = await freePort();
    const walDirectory = mkdtempSync(join(tmpdir(), 'desk-wal-'));
    cleanUps.push(async () => rmSync(walDirectory, { recursive: true }));
    const first = await run(
      { durationSeconds: 5 },
      { otlpEndpoint: `127.0.0.1:${port}`, flushSeconds: 0.1, exportIntervalMs: 20, walDirectory },
    );
    expect(first.desk.flushError).toContain(walDirectory);
    const late = await startOtlpStub(port);
    cleanUps.push(() => late.close());
    const second = await run(
      { durationSeconds: 5 },
      { otlpEndpoint: late.endpoint, exportIntervalMs: 2 ** 30, walDirectory },
    );
    expect(second.desk.flushError).toBeUndefined();
    // Nothing is left but the note of what is settled.
    expect(readdirSync(walDirectory)).toEqual(['settled.json']);
    const [settled] = readFileSync(join(walDirectory, 'settled.json'), 'utf8').match(/"to":\d+/) ?? [];
    expect(Number(settled?.slice(5))).toBeGreaterThan(2);
  });

  test('a taken port is named with the option that moves it', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    cleanUps.push(() => new Promise((resolve) => taken.close(resolve)));
    const { port } = taken.address() as { port: number };
    await expect(startExchange({ port })).rejects.toMatchObject({
      code: 'port_in_use',
      message: expect.stringContaining(`port ${port}`),
    });
    const exchange = await startExchange({ durationSeconds: 5 });
    cleanUps.push(() => exchange.close());
    await expect(startDesk({ exchangeUrl: exchange.url, metricsPort: port })).rejects.toMatchObject({
      code: 'port_in_use',
      message: expect.stringMatching(new RegExp(`port ${port} .*--metrics-port`)),
    });
  });

  test('an exchange that is not there, and one that goes away', async () => {
    await expect(startDesk({ exchangeUrl: `ws://127.0.0.1:${await freePort()}` })).rejects.toMatchObject({
      code: 'exchange_unreachable',
      message: expect.stringContaining('ECONNREFUSED'),
    });
    const exchange = await startExchange({}, fastClock());
    const desk = await startDesk({
      exchangeUrl: exchange.url,
      metricsPort: 0,
      otlpEndpoint: otlp.endpoint,
      infra: false,
    });
    await until('the desk trades', () => desk.totals().events > 100);
    await exchange.close();
    await expect(desk.finished).rejects.toMatchObject({ code: 'exchange_lost' });
  });

  test('a desk that goes away ends the exchange', async () => {
    const exchange = await startExchange({}, fastClock());
    cleanUps.push(() => exchange.close());
    const clock = new WebSocket(`${exchange.url}/clock`);
    await new Promise((resolve) => clock.once('message', resolve));
    clock.send('{"e":"ready"}');
    clock.terminate();
    await expect(exchange.finished).rejects.toMatchObject({ code: 'exchange_lost' });
  });

  test('an exchange stopped before a desk came ends with empty totals', async () => {
    const exchange = await startExchange({});
    cleanUps.push(() => exchange.close());
    exchange.stop();
    expect(await exchange.finished).toMatchObject({ fills: 0, messages: 0 });
  });

  test.each([
    ['not JSON', '/exchange/sim-spot', 'hello', 1008],
    ['no order', '/exchange/sim-spot', '{"method":"order.place","timeMs":1}', 1008],
    ['an unknown exchange', '/exchange/nowhere', '{}', 1008],
    ['a second desk', '/clock', '{}', 1013],
  ])('a connection is closed on %s', async (_case, path, text, code) => {
    const exchange = await startExchange({});
    cleanUps.push(() => exchange.close());
    const first = new WebSocket(`${exchange.url}/clock`);
    cleanUps.push(() => first.terminate());
    await new Promise((resolve) => first.once('message', resolve));
    const socket = new WebSocket(`${exchange.url}${path}`);
    socket.on('open', () => socket.send(text));
    expect(await new Promise((resolve) => socket.once('close', resolve))).toBe(code);
  });

  test.each([
    [{ speed: 3 as never }, 'speed: expected 1, 10 or max, found 3'],
    [{ seed: 0.5 }, 'seed: expected a whole number, found 0.5'],
    [{ durationSeconds: NaN }, 'durationSeconds: expected more than 0, found NaN'],
    [{ sliceMs: 0 }, 'sliceMs: expected 1 to 1000 milliseconds, found 0'],
  ])('options out of range are refused: %j', async (options, message) => {
    await expect(startExchange(options)).rejects.toMatchObject({ code: 'invalid_option', message });
  });

  test('a collector address that is none is refused', async () => {
    const exchange = await startExchange({});
    cleanUps.push(() => exchange.close());
    await expect(startDesk({ exchangeUrl: exchange.url, otlpEndpoint: 'ftp://x' })).rejects.toMatchObject({
      code: 'invalid_option',
    });
  });
});
