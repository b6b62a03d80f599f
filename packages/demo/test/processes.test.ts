import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Fill } from '@nanometer/quant';
import { until } from '@nanometer/testing';
import {
  type DeskReport,
  type DeskStart,
  type ExchangeReport,
  type ExchangeStart,
  readDeskState,
  startDesk,
  startExchange,
} from '../src/index.ts';
import { type OtlpStub, startOtlpStub } from './otlp-stub.ts';

// Two or three processes start and work beside this one: on a busy machine each takes its time.
let otlp: OtlpStub;
const children: ChildProcess[] = [];

beforeAll(async () => {
  otlp = await startOtlpStub();
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});
afterAll(() => otlp.close());

class Child<Report extends { readonly type: string }> {
  readonly reports: Report[] = [];
  readonly exited: Promise<number | null>;
  readonly #process: ChildProcess;
  readonly #waiting: { type: string; resolve: (report: Report) => void }[] = [];

  constructor(entry: string) {
    const path = fileURLToPath(new URL(`../src/${entry}.ts`, import.meta.url));
    // Node strips the types; siblings resolve to their sources as in every test.
    const execArgv = ['--conditions=@nanometer/source', '--disable-warning=ExperimentalWarning'];
    this.#process = fork(path, { execArgv, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    children.push(this.#process);
    this.exited = new Promise((resolve) => this.#process.once('exit', (code) => resolve(code)));
    this.#process.on('message', (message) => {
      const report = message as Report;
      this.reports.push(report);
      for (const waiter of this.#waiting) if (waiter.type === report.type) waiter.resolve(report);
    });
  }

  send(message: ExchangeStart | DeskStart | { type: 'stop' }): void {
    this.#process.send(message);
  }

  kill(): void {
    this.#process.kill('SIGKILL');
  }

  disconnect(): void {
    this.#process.disconnect();
  }

  first<T extends Report['type']>(type: T): Promise<Extract<Report, { type: T }>> {
    const seen = this.reports.find((report) => report.type === type);
    if (seen) return Promise.resolve(seen as Extract<Report, { type: T }>);
    return new Promise((resolve) => this.#waiting.push({ type, resolve: resolve as (report: Report) => void }));
  }
}

async function start(
  options: ExchangeStart['options'],
  deskOptions: Partial<DeskStart['options']> = {},
): Promise<[Child<ExchangeReport>, Child<DeskReport>]> {
  const exchange = new Child<ExchangeReport>('exchange-main');
  exchange.send({ type: 'start', options });
  const { url } = await exchange.first('ready');
  const desk = new Child<DeskReport>('desk-main');
  const common = { exchangeUrl: url, otlpEndpoint: otlp.endpoint, metricsPort: 0 };
  desk.send({ type: 'start', options: { ...common, ...deskOptions } });
  return [exchange, desk];
}

test('exchange and desk run as processes, report, agree and end by themselves', async () => {
  const [exchange, desk] = await start({ speed: 'max', durationSeconds: 20, seed: 4 });
  expect(await exchange.first('ready')).toMatchObject({ mode: 'simulated', name: 'seed-4' });
  const ready = await desk.first('ready');
  expect(ready.addresses.metrics).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/metrics$/);
  const [{ totals: served }, { totals: traded }] = await Promise.all([
    exchange.first('finished'),
    desk.first('finished'),
  ]);
  expect(traded.ledger.fills).toBe(served.fills);
  expect(traded.flushError).toBeUndefined();
  expect(otlp.received).toBeGreaterThan(0);
  expect(await Promise.all([exchange.exited, desk.exited])).toEqual([0, 0]);
});

test('a desk asked to stop reports its status and totals, and both processes end', async () => {
  const [exchange, desk] = await start({ speed: 1 });
  const status = await desk.first('status');
  expect(status.events).toBeGreaterThan(0);
  expect(status).toMatchObject({ drops: 0 });
  desk.send({ type: 'stop' });
  const { totals } = await desk.first('finished');
  expect(totals.ledger.fills).toBe((await exchange.first('finished')).totals.fills);
  expect(await Promise.all([exchange.exited, desk.exited])).toEqual([0, 0]);
});

test('what cannot be used is reported with its code, and the process ends with 1', async () => {
  const exchange = new Child<ExchangeReport>('exchange-main');
  exchange.send({ type: 'start', options: { replay: '/nowhere/at/all' } });
  expect(await exchange.first('failed')).toMatchObject({
    code: 'not_found',
    message: expect.stringMatching(/^\/nowhere\/at\/all: /),
  });
  expect(await exchange.exited).toBe(1);
});

test('a process whose parent is gone ends', async () => {
  const [exchange, desk] = await start({ speed: 1 });
  await desk.first('ready');
  exchange.disconnect();
  desk.disconnect();
  expect(await Promise.all([exchange.exited, desk.exited])).toEqual([0, 0]);
});

function fillsIn(stateDirectory: string): Fill[] {
  const entries = readDeskState(stateDirectory)?.entries ?? [];
  return entries.flatMap((entry) => ('fill' in entry ? [entry.fill] : []));
}

/** Quantities by strategy, exchange and symbol. */
function positionsOf(fills: readonly Fill[]): ReadonlyMap<string, number> {
  const positions = new Map<string, number>();
  for (const { strategy, exchange, symbol, side, quantity } of fills) {
    const key = `${strategy}|${exchange}|${symbol}`;
    positions.set(key, (positions.get(key) ?? 0) + (side === 'buy' ? quantity : -quantity));
  }
  return positions;
}

/** The same, as a page of `/metrics` shows them. */
function shownPositions(page: string): ReadonlyMap<string, number> {
  const lines = page.match(/^trading_position_quantity(_\w+)?\{.*$/gm) ?? [];
  return new Map(
    lines.map((line) => {
      const label = (name: string): string => new RegExp(`${name}="([^"]*)"`).exec(line)?.[1] ?? '';
      const key = `${label('trading_strategy')}|${label('exchange_name')}|${label('trading_symbol')}`;
      return [key, Number(line.slice(line.lastIndexOf(' ')))];
    }),
  );
}

function sumOf(fills: readonly Fill[], currency: string): number {
  return fills.reduce((sum, { fee, feeCurrency }) => sum + (feeCurrency === currency ? fee : 0), 0);
}

test('a desk killed in mid-market goes on with the totals it had, and again after its market has ended', async () => {
  const stateDirectory = mkdtempSync(join(tmpdir(), 'desk-state-'));
  const options = { speed: 'max', durationSeconds: 25, seed: 5 } as const;
  try {
    const [, killed] = await start(options, { stateDirectory, infra: false });
    await until('there are fills in the state', () => fillsIn(stateDirectory).length > 20);
    killed.kill();
    await killed.exited;
    const before = fillsIn(stateDirectory);
    const startSeconds = (readDeskState(stateDirectory)?.marketTimeMs ?? 0) / 1000;
    expect(startSeconds).toBeGreaterThan(0);
    expect(startSeconds).toBeLessThan(25);

    const [exchange, desk] = await start({ ...options, startSeconds }, { stateDirectory, infra: false });
    const [{ totals: served }, { totals }] = await Promise.all([exchange.first('finished'), desk.first('finished')]);
    expect(served.fills).toBeGreaterThan(0);
    expect(totals.ledger.fills).toBe(before.length + served.fills);
    expect(totals.ledger.fees['USDT']).toBeCloseTo(sumOf(before, 'USDT') + (served.fees['USDT'] ?? 0), 8);
    const sides = Object.values(totals.strategies).map(({ buys, sells }) => buys + sells);
    expect(sides.reduce((sum, count) => sum + count, 0)).toBe(totals.ledger.fills);
    expect(Object.values(totals.drops).every((count) => count === 0)).toBe(true);

    const after = fillsIn(stateDirectory);
    expect(new Set(after.map(({ fillId }) => fillId)).size).toBe(totals.ledger.fills);
    expect(after.slice(0, before.length)).toEqual(before);
    const again = await startExchange({ ...options, startSeconds: 25 });
    // The only export waits for its answer, so that the page can be read after the market has ended.
    otlp.hold = true;
    const held = otlp.received;
    const idle = await startDesk({
      exchangeUrl: again.url,
      otlpEndpoint: otlp.endpoint,
      metricsPort: 0,
      infra: false,
      exportIntervalMs: 2 ** 30,
      flushSeconds: 60,
      stateDirectory,
    });
    await until('the last export is under way', () => otlp.received > held);
    const page = await (await fetch(idle.metrics)).text();
    otlp.hold = false;
    const finished = await idle.finished;
    await again.close();
    expect(finished.ledger).toEqual(totals.ledger);
    expect(finished.strategies).toEqual(totals.strategies);
    const positions = positionsOf(after);
    const shown = shownPositions(page);
    expect([...shown.keys()].toSorted()).toEqual([...positions.keys()].toSorted());
    for (const [key, quantity] of positions) expect([key, shown.get(key)]).toEqual([key, expect.closeTo(quantity, 9)]);
    const counts = page.match(/^trading_fill_count_total\{.*$/gm) ?? [];
    expect(counts.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0)).toBe(totals.ledger.fills);
    // Periods since the first quote, all of them, of one life after the other.
    const periods = Number(/^trading_strategy_period_count\{.*maker-tight.* (\S+)$/m.exec(page)?.[1]);
    expect(periods).toBeGreaterThan(20);
  } finally {
    rmSync(stateDirectory, { recursive: true });
  }
});

test('the state of another market is refused', async () => {
  const stateDirectory = mkdtempSync(join(tmpdir(), 'desk-state-'));
  try {
    for (const [seed, code] of [
      [1, undefined],
      [2, 'invalid_option'],
    ] as const) {
      const exchange = await startExchange({ speed: 'max', durationSeconds: 2, seed });
      const desk = startDesk({
        exchangeUrl: exchange.url,
        otlpEndpoint: otlp.endpoint,
        metricsPort: 0,
        stateDirectory,
      });
      if (code === undefined) await (await desk).finished;
      else await expect(desk).rejects.toMatchObject({ code, message: expect.stringContaining('seed-1') });
      await exchange.close();
    }
  } finally {
    rmSync(stateDirectory, { recursive: true });
  }
});
