import { EventEmitter } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createBridge } from '@nanometer/bridge';
import * as fc from 'fast-check';
import { runCli } from '../src/cli.ts';
import { Activity, type LatestValues, type SeriesActivity } from '../src/top/activity.ts';
import { listenToKeys } from '../src/top/keys.ts';
import { screenLines } from '../src/top/screen.ts';
import { SORT_KEYS, sorted } from '../src/top/sort.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const HOSTILE = [Number.NaN, Infinity, -Infinity, -0, 5e-324, 2 ** 53 - 1, 2 ** 53 + 1, 1e300];

const row = (changes: Partial<SeriesActivity> = {}): SeriesActivity => {
  return { name: 'a', field: 'value', attributes: {}, updatesPerSecond: 1, value: 1, ageSeconds: 1, ...changes };
};

async function top(...args: string[]): Promise<{ code: number; out: string[] }> {
  const out: string[] = [];
  const terminal = { out: (line: string) => void out.push(line), err: () => {}, status: () => {} };
  const code = await runCli(['top', ...args], { terminal, interrupted: new AbortController().signal });
  return { code, out };
}

describe('nanometer top', () => {
  test('looks once at a bridge, as a table and as JSON', async () => {
    const bridge = await createBridge({ port: 0, otlpGrpcPort: 0, otlpHttpPort: 0 });
    cleanups.push(() => bridge.close());
    const common = ['--bridge', bridge.addresses.page, '--once', '--every', '0.05', '--match', 'nanometer.bridge.*'];
    const table = await top(...common, '--rows', '2');
    expect(table.code).toBe(0);
    const lines = table.out.join('\n').split('\n');
    expect(lines[0]).toMatch(/^\d+ series match nanometer\.bridge\.\*, \d+ updates\/s, by rate$/);
    expect(lines).toHaveLength(5);
    const { out } = await top(...common, '--json', '--sort', 'name');
    const { series, top: rows } = JSON.parse(out[0]!) as { series: number; top: SeriesActivity[] };
    expect(rows).toHaveLength(series);
    expect(rows.map(({ name }) => name)).toEqual(rows.map(({ name }) => name).toSorted());
    expect(rows[0]).toEqual(row({ ...rows[0], value: expect.any(Number) as never }));
    // Keys that a table shortens are told in full to a program.
    const keys = new Set(rows.flatMap(({ attributes }) => Object.keys(attributes)));
    expect([...keys]).toContain('nanometer.output');
  });

  test('presents the token of the environment, and says so when the bridge wants another', async () => {
    const liveTokens = [{ name: 'me', token: 'a-token-of-this-test' }];
    const bridge = await createBridge({ port: 0, otlpGrpcPort: 0, otlpHttpPort: 0, liveTokens });
    cleanups.push(() => bridge.close());
    cleanups.push(() => delete process.env['NANOMETER_TOKEN']);
    const args = ['--bridge', bridge.addresses.page, '--once', '--every', '0.05'];
    const refused = { code: 'UNAUTHORIZED', exitCode: 69 };
    await expect(top(...args)).rejects.toMatchObject({ ...refused, message: expect.stringContaining('asks for') });
    process.env['NANOMETER_TOKEN'] = 'a-token-of-another';
    await expect(top(...args)).rejects.toMatchObject({ ...refused, message: expect.stringContaining('not know') });
    process.env['NANOMETER_TOKEN'] = liveTokens[0]!.token;
    expect((await top(...args)).code).toBe(0);
  });

  test('without a bridge ends with 69', async () => {
    await expect(top('--bridge', 'http://127.0.0.1:9/', '--once')).rejects.toMatchObject({
      code: 'BRIDGE_UNREACHABLE',
      exitCode: 69,
    });
  });

  test('without a bridge ends at once, and where one says nothing after as long as it may wait', async () => {
    const silent = createServer((socket) => socket.on('error', () => {}).resume());
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    const wait = ['--once', '--wait'];
    const refused = { code: 'BRIDGE_UNREACHABLE', exitCode: 69 };
    await expect(top('--bridge', `http://127.0.0.1:${port}/`, ...wait, '0.05')).rejects.toMatchObject(refused);
    await new Promise((resolve) => silent.close(resolve));
    // Longer than this test may take.
    await expect(top('--bridge', `http://127.0.0.1:${port}/`, ...wait, '100000')).rejects.toMatchObject(refused);
  });
});

test('rates are updates since the last look, and start anew with an epoch', () => {
  const store: LatestValues = {
    values: Float64Array.of(7, 8, 0),
    times: Float64Array.of(1_000, 2_000, Number.NaN),
    hasValue: (id) => id < 2,
    all: () =>
      [0, 1, 2].map((id) => ({ id, name: `m${id}`, field: 'value', attributes: { 'desk.name': 'x' } }) as never),
  };
  const activity = new Activity(0);
  activity.count(Uint32Array.of(0, 1, 0, 4_000));
  const first = activity.look(store, 2_000, 3_000);
  expect(first).toEqual([
    { name: 'm0', field: 'value', attributes: { 'desk.name': 'x' }, updatesPerSecond: 1, value: 7, ageSeconds: 2 },
    { name: 'm1', field: 'value', attributes: { 'desk.name': 'x' }, updatesPerSecond: 0.5, value: 8, ageSeconds: 1 },
  ]);
  activity.count(Uint32Array.of(1));
  activity.reset(2_500);
  expect(activity.look(store, 3_000, 3_000).map(({ updatesPerSecond }) => updatesPerSecond)).toEqual([0, 0]);
});

describe('a screen', () => {
  test('is never wider nor longer than the terminal, whatever the numbers', () => {
    const series = fc.array(
      fc.record({
        name: fc.string(),
        field: fc.constantFrom('value', 'p99'),
        attributes: fc.dictionary(fc.string(), fc.string()),
        updatesPerSecond: fc.double({ min: 0, max: 1e9, noNaN: true }),
        value: fc.oneof(fc.double(), fc.constantFrom(...HOSTILE)),
        ageSeconds: fc.oneof(fc.double(), fc.constantFrom(...HOSTILE)),
      }),
      { maxLength: 50 },
    );
    fc.assert(
      fc.property(
        series,
        fc.integer({ min: 40, max: 200 }),
        fc.integer({ min: 4, max: 60 }),
        (rows, columns, height) => {
          const lines = screenLines(rows, 'summary', { columns, rows: height });
          expect(lines.length).toBeLessThanOrEqual(height);
          for (const line of lines.slice(0, 3)) expect(line.length).toBeLessThanOrEqual(columns);
        },
      ),
    );
  });

  test('of a phone shows which series and its value', () => {
    const attributes = { 'trading.currency': 'USD' };
    const lines = screenLines([row({ name: 'risk.drawdown', attributes })], '', { columns: 40, rows: 10 });
    expect(lines.slice(2)).toEqual([
      'series                             value',
      'risk.drawdown currency=USD             1',
    ]);
  });

  test('shows what others called a thing on one line and without commands to the terminal', () => {
    const attributes = { 'a.symbol': 'BTC\u001b[2J\r\n\u0007\u202e🚀' };
    const [, , , line] = screenLines([row({ attributes })], '', { columns: 100, rows: 10 });
    expect(line).toMatch(/^a symbol=BTC�\[2J����🚀 +1\.0 +1 +1\.0s$/u);
  });

  test('shows numbers a person can read', () => {
    const lines = screenLines(
      [
        row({ name: 'pnl', value: -1234.5678, updatesPerSecond: 123_456, ageSeconds: 0.25 }),
        row({ name: 'tiny', value: 5e-324, ageSeconds: 3_600 }),
        row({ name: 'none', value: Number.NaN, updatesPerSecond: 2e6, ageSeconds: Number.NaN }),
      ],
      'three',
      { columns: 50, rows: 10 },
    );
    expect(lines).toEqual([
      'three',
      '',
      'series             updates/s         value     age',
      'pnl                   123.5k     -1234.568    0.3s',
      'tiny                     1.0    4.941e-324     60m',
      'none                   2.00M           NaN       ?',
    ]);
  });
});

test('every order is total: the same rows in any order come out the same', () => {
  const rows = HOSTILE.map((value, at) => row({ name: `s${at}`, value, updatesPerSecond: at % 3, ageSeconds: at % 2 }));
  for (const key of SORT_KEYS) {
    fc.assert(
      fc.property(fc.shuffledSubarray(rows, { minLength: rows.length }), (shuffled) => {
        expect(sorted(shuffled, key)).toEqual(sorted(rows, key));
      }),
    );
  }
  expect(sorted(rows, 'value').at(-1)!.value).toBeNaN();
});

test('keys quit and sort, and the terminal is put back', () => {
  const raw: boolean[] = [];
  const input = Object.assign(new EventEmitter(), {
    setRawMode: (on: boolean) => raw.push(on),
    resume: () => undefined,
    pause: () => undefined,
  });
  const asked: string[] = [];
  const release = listenToKeys(input as never, { quit: () => asked.push('quit'), sortBy: (key) => asked.push(key) });
  input.emit('data', Buffer.from('nvx'));
  input.emit('data', Buffer.from('\u0003'));
  input.emit('data', Buffer.from('q'));
  release();
  input.emit('data', Buffer.from('q'));
  expect(asked).toEqual(['name', 'value', 'quit', 'quit']);
  expect(raw).toEqual([true, false]);
});
