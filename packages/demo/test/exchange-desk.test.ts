import { createServer } from 'node:net';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Fill } from '@nanometer/quant';
import { sharedData, until } from '@nanometer/testing';
import { WebSocket } from 'ws';
import {
  type DeskOptions,
  type DeskTotals,
  type ExchangeOptions,
  type ExchangeTotals,
  type RunningDesk,
  startDesk,
  startExchange,
  type WallClock,
} from '../src/index.ts';
import { type OtlpStub, startOtlpStub } from './otlp-stub.ts';

// Whole markets are traded, also where other work shares the processor.
const folder = mkdtempSync(join(tmpdir(), 'nanometer-desk-'));
let otlp: OtlpStub;
const cleanUps: (() => Promise<unknown> | void)[] = [];

beforeAll(async () => {
  otlp = await startOtlpStub();
});
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});
afterAll(async () => {
  await otlp.close();
  rmSync(folder, { recursive: true });
});

/** A clock on which every wait is over at once. */
function fastClock(): WallClock {
  let nowMs = 0;
  return {
    now: () => nowMs,
    wait: async (ms) => {
      nowMs += ms;
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

interface Run {
  readonly exchange: ExchangeTotals;
  readonly desk: DeskTotals;
  readonly fills: readonly Fill[];
  readonly notices: readonly string[];
}

async function run(
  exchangeOptions: ExchangeOptions,
  deskOptions: Partial<DeskOptions> = {},
  whileRunning: (desk: RunningDesk) => Promise<void> | void = () => undefined,
  clock: WallClock = fastClock(),
): Promise<Run> {
  const exchange = await startExchange({ speed: 'max', ...exchangeOptions }, clock);
  cleanUps.push(() => exchange.close());
  const fills: Fill[] = [];
  const notices: string[] = [];
  const desk = await startDesk(
    { exchangeUrl: exchange.url, metricsPort: 0, otlpEndpoint: otlp.endpoint, infra: false, ...deskOptions },
    { onFill: (fill) => fills.push(fill), onNotice: (text) => notices.push(text) },
  );
  await whileRunning(desk);
  const deskTotals = await desk.finished;
  return { exchange: await exchange.finished, desk: deskTotals, fills, notices };
}

function close(actual: Readonly<Record<string, number>>, expected: Readonly<Record<string, number>>): void {
  expect(Object.keys(actual).toSorted()).toEqual(Object.keys(expected).toSorted());
  for (const [key, value] of Object.entries(expected)) expect(actual[key]).toBeCloseTo(value, 9);
}

describe('a simulated market', () => {
  test('gives the same fills for the same seed at any speed, and others for another', async () => {
    const short = { durationSeconds: 12, seed: 7 };
    const first = await run(short);
    const again = await run(short);
    const paced = await run({ ...short, speed: 10 });
    const other = await run({ ...short, seed: 8 });
    expect(first.fills.length).toBeGreaterThan(10);
    expect(again.fills).toEqual(first.fills);
    expect(paced.fills).toEqual(first.fills);
    expect(again.desk.ledger).toEqual(first.desk.ledger);
    expect(other.fills).not.toEqual(first.fills);
  });

  /** A market to its end, with `/metrics` as they are while the last export, the only one, waits for its answer. */
  let traded: Promise<Run & { readonly page: string; readonly otherPath: number }> | undefined;
  const tradedMarket = (): NonNullable<typeof traded> => {
    const trade = async (): Promise<Awaited<NonNullable<typeof traded>>> => {
      let page = '';
      let otherPath = 0;
      const held = otlp.received;
      otlp.hold = true;
      const result = await run(
        { durationSeconds: 35, seed: 3 },
        { infra: true, exportIntervalMs: 2 ** 30, flushSeconds: 60 },
        async ({ metrics }) => {
          await until('the last export is under way', () => otlp.received > held);
          page = await (await fetch(metrics)).text();
          otherPath = (await fetch(metrics.replace('metrics', 'other'))).status;
          otlp.hold = false;
        },
      );
      return { ...result, page, otherPath };
    };
    return (traded ??= trade());
  };

  test('ends with the same totals on both sides, both strategies on both sides of the market, and nothing dropped', async () => {
    const { exchange, desk, fills, notices } = await tradedMarket();
    expect(desk.ledger.fills).toBe(exchange.fills);
    expect(desk.ledger.fills).toBe(fills.length);
    expect(desk.ledger.filledQuantity).toBeCloseTo(exchange.filledQuantity, 6);
    close(desk.ledger.fees, exchange.fees);
    expect(Object.keys(desk.ledger.realizedPnl).toSorted()).toEqual(['BTC', 'USDT']);
    expect(Object.keys(desk.strategies).toSorted()).toEqual(['maker-tight', 'maker-wide']);
    for (const { orders, buys, sells } of Object.values(desk.strategies)) {
      expect(Math.min(orders, buys, sells)).toBeGreaterThan(0);
    }
    expect(desk.drops).toEqual({ metrics: 0, trading: 0, risk: 0, exchange: 0, market: 0, ml: 0, pipeline: 0 });
    expect(desk.events).toBeGreaterThan(exchange.messages);
    expect(desk.updates).toBeGreaterThan(5 * desk.events);
    expect(desk.exports).toMatchObject({ failed: 0 });
    expect(desk.flushError).toBeUndefined();
    expect(notices).toEqual([]);
  });

  test('shows its totals, its mode and its feeds on /metrics', async () => {
    const { desk, page, otherPath } = await tradedMarket();
    expect(otherPath).toBe(404);
    expect(page).toMatch(/target_info\{.*service_name="nanometer-desk".*service_instance_id="desk-1"/);
    expect(page).toMatch(/nanometer_market_mode="simulated",nanometer_market_name="seed-3"/);
    expect(sumOf(page, 'trading_fill_count_total')).toBe(desk.ledger.fills);
    // One update of each market's depth is lost in the exchange's silence.
    expect(sumOf(page, 'exchange_message_gap_total')).toBe(5);
    for (const name of [
      'exchange_feed_delay_apparent_seconds',
      'exchange_rate_limit_utilization_ratio',
      'risk_equity',
      'ml_inference_duration_seconds_count',
      'pipeline_process_count_total',
      'nodejs_eventloop_utilization_ratio',
    ]) {
      expect(page).toContain(`\n${name}{`);
    }
  });

  test('stops on request: orders are cancelled and both sides agree', async () => {
    const { exchange, desk } = await run({ speed: 1 }, {}, async (running) => {
      await until('there are fills', () => running.totals().ledger.fills > 10);
      running.stop();
    });
    expect(desk.ledger.fills).toBe(exchange.fills);
    close(desk.ledger.fees, exchange.fees);
    expect(desk.flushError).toBeUndefined();
  });
});

describe('a recording', () => {
  function record(name: string, rows: string[]): void {
    writeFileSync(join(folder, name), rows.join('\n'));
  }

  function quotes(seconds: number, offset: number): string[] {
    const rows = ['recv_ns,event_ms,tx_ms,update_id,bid_px,bid_qty,ask_px,ask_qty'];
    for (let i = 0; i < seconds * 20; i++) {
      const ms = 1_723_161_256_000 + i * 50 + offset;
      const bid = 60_000 + Math.round(40 * Math.sin(i / 15)) / 10;
      rows.push(`${ms}000000,${ms + 1200},,${i + 1},${bid.toFixed(1)},1.5,${(bid + 0.1).toFixed(1)},2`);
    }
    return rows;
  }

  test('of two exchanges is traded to the end of each, and their connections are closed in order', async () => {
    record('exa-btcusdt-20240808-bbo.csv', quotes(30, 0));
    record('exb-btcusdt-20240808-bbo.csv', quotes(6, 7));
    let page = '';
    const { exchange, desk } = await run({ replay: folder }, {}, async (running) => {
      otlp.hold = true;
      await until('the recording has ended', () => running.totals().events >= 720);
      page = await (await fetch(running.metrics)).text();
      otlp.hold = false;
    });
    expect(exchange.messages).toBe(720);
    expect(desk.ledger.fills).toBe(exchange.fills);
    expect(desk.ledger.fills).toBeGreaterThan(0);
    expect(page).toMatch(/exchange_connection_active\{exchange_name="exb".*\} 0/);
    expect(page).not.toMatch(/exchange_connection_lost_total\{/);
    expect(page).toMatch(/nanometer_market_mode="replay"/);
    const delay = /exchange_feed_delay_apparent_seconds\{exchange_name="exa",exchange_channel="bbo".*\} (.*)/.exec(
      page,
    );
    // The difference of two times that doubles hold to a quarter of a microsecond.
    expect(Number(delay?.[1])).toBeCloseTo(-1.2, 5);
  });

  test('that turns out malformed ends exchange and desk with the row', async () => {
    // Far enough down that the file opens well and fails in mid-run.
    const path = join(folder, 'exc-btcusdt-20240808-bbo.csv');
    writeFileSync(path, [...quotes(200, 0), 'broken'].join('\n'));
    const exchange = await startExchange({ replay: path, speed: 'max' });
    cleanUps.push(() => exchange.close());
    const desk = await startDesk({
      exchangeUrl: exchange.url,
      metricsPort: 0,
      otlpEndpoint: otlp.endpoint,
      infra: false,
    });
    const expected = {
      name: 'ReplayError',
      code: 'malformed_row',
      message: expect.stringContaining(`${path}:4002: expected 8 columns`),
    };
    await expect(exchange.finished).rejects.toMatchObject(expected);
    await expect(desk.finished).rejects.toMatchObject(expected);
  });

  const data = sharedData('market');
  // Skipped without the recordings, which lie beside the checkout: ../shared/data/market.
  const real = data === undefined ? test.skip : test;

  real('of real markets gives the same fills twice, on every market', async () => {
    const options = { replay: data as string, durationSeconds: 10 };
    const first = await run(options);
    const again = await run(options);
    expect(again.fills).toEqual(first.fills);
    expect(first.desk.ledger.fills).toBe(first.exchange.fills);
    close(first.desk.ledger.fees, first.exchange.fees);
    expect(new Set(first.fills.map((fill) => fill.exchange)).size).toBeGreaterThanOrEqual(3);
    expect(Object.values(first.desk.drops).every((count) => count === 0)).toBe(true);
  });
});

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

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function sumOf(page: string, name: string): number {
  const lines = page.split('\n').filter((line) => line.startsWith(`${name}{`));
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}
