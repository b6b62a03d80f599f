import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { sharedData, until } from '@nanometer/testing';
import { startDesk, startExchange } from '../src/index.ts';
import { folder, otlp, cleanUps, type Run, run } from './desk-run.ts';

function close(actual: Readonly<Record<string, number>>, expected: Readonly<Record<string, number>>): void {
  expect(Object.keys(actual).toSorted()).toEqual(Object.keys(expected).toSorted());
  for (const [key, value] of Object.entries(expected)) expect(actual[key]).toBeCloseTo(value, 9);
}

function sumOf(page: string, name: string): number {
  const lines = page.split('\n').filter((line) => line.startsWith(`${name}{`));
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
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
