import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import type { DeskReport, DeskStart, ExchangeReport, ExchangeStart } from '../src/index.ts';
import { type OtlpStub, startOtlpStub } from './otlp-stub.ts';

// Two or three processes start and work beside this one: on a busy machine each takes its time.
jest.setTimeout(120_000);

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

  disconnect(): void {
    this.#process.disconnect();
  }

  first<T extends Report['type']>(type: T): Promise<Extract<Report, { type: T }>> {
    const seen = this.reports.find((report) => report.type === type);
    if (seen) return Promise.resolve(seen as Extract<Report, { type: T }>);
    return new Promise((resolve) => this.#waiting.push({ type, resolve: resolve as (report: Report) => void }));
  }
}

async function start(options: ExchangeStart['options']): Promise<[Child<ExchangeReport>, Child<DeskReport>]> {
  const exchange = new Child<ExchangeReport>('exchange-main');
  exchange.send({ type: 'start', options });
  const { url } = await exchange.first('ready');
  const desk = new Child<DeskReport>('desk-main');
  desk.send({ type: 'start', options: { exchangeUrl: url, otlpEndpoint: otlp.endpoint, metricsPort: 0 } });
  return [exchange, desk];
}

test('exchange and desk run as processes, report, agree and end by themselves', async () => {
  const [exchange, desk] = await start({ speed: 'max', durationSeconds: 60, seed: 4 });
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
