import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { Checks } from './checks.ts';
import { parseCollectorMetrics } from './collector-accounting.ts';
import { deskReport } from './desk.ts';
import { CHECKOUT } from './paths.ts';
import { RunningProcess } from './process.ts';
import { cacheKey, obtain } from './programs/cache.ts';
import type { Recipe } from './programs/program.ts';
import { runNicely } from './programs/run.ts';
import { type Compose, stage } from './staging.ts';
import { parseInspected, statsdConfig, statsdTotals } from './statsd-server.ts';
import { differences, type Totals } from './totals.ts';
import { waitFor } from './wait-for.ts';

const folder = mkdtempSync(join(tmpdir(), 'nanometer-stack-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const fresh = (): string => mkdtempSync(join(folder, 'case-'));
const silent = (): void => undefined;

describe('the cache of programs', () => {
  const recipe = (build: Recipe['build'], manifest = 'one'): Recipe => ({
    name: 'tool',
    version: '1.2.3',
    manifest,
    executables: ['tool'],
    build,
  });
  const writes =
    (content: string): Recipe['build'] =>
    async ({ output }) => {
      writeFileSync(join(output, 'tool'), content);
    };

  test('builds once and then answers from the cache', async () => {
    const cache = fresh();
    let builds = 0;
    const counted = recipe(async (tools) => {
      builds += 1;
      await writes('x')(tools);
    });
    const first = await obtain(counted, silent, cache);
    expect(await obtain(counted, silent, cache)).toBe(first);
    expect(builds).toBe(1);
    expect(readFileSync(join(first, 'tool'), 'utf8')).toBe('x');
    expect(readdirSync(cache)).toEqual([cacheKey(counted)]);
  });

  test('leaves nothing behind when a build fails or makes no program', async () => {
    const cache = fresh();
    const failing = recipe(async ({ scratch }) => {
      writeFileSync(join(scratch, 'half'), '');
      throw new Error('no network');
    });
    await expect(obtain(failing, silent, cache)).rejects.toThrow('no network');
    await expect(
      obtain(
        recipe(async () => undefined),
        silent,
        cache,
      ),
    ).rejects.toThrow('the build left no tool');
    expect(readdirSync(cache)).toEqual([]);
  });

  test('lets two builds of the same entry both end well', async () => {
    const cache = fresh();
    const both = await Promise.all([
      obtain(recipe(writes('same')), silent, cache),
      obtain(recipe(writes('same')), silent, cache),
    ]);
    expect(both[0]).toBe(both[1]);
    expect(readdirSync(cache)).toHaveLength(1);
  });

  test('is another entry when the manifest differs', () => {
    expect(cacheKey(recipe(writes(''), 'one'))).not.toBe(cacheKey(recipe(writes(''), 'two')));
  });
});

describe('running a command', () => {
  test('resolves with what it prints', async () => {
    expect(await runNicely(process.execPath, ['-e', 'console.log(6 * 7)'])).toBe('42\n');
  });

  test('rejects with command, exit code and last words', async () => {
    const script = 'console.error("out of cheese"); process.exit(3)';
    await expect(runNicely(process.execPath, ['-e', script])).rejects.toThrow(/exit code 3[^]*out of cheese/);
  });

  test('a program that cannot be started says so instead of being waited for', async () => {
    const missing = new RunningProcess({ name: 'ghost', command: join(folder, 'ghost'), args: [], cwd: folder });
    await missing.end(5_000);
    expect(() => missing.assertRunning()).toThrow(/ghost did not start/);
  });

  test('a program is stopped, and its last lines are kept', async () => {
    const script = 'console.log("up"); setInterval(() => {}, 1000)';
    const program = new RunningProcess({
      name: 'sleeper',
      command: process.execPath,
      args: ['-e', script],
      cwd: folder,
    });
    await waitFor('it is up', () => program.stdout === 'up\n');
    await program.stop();
    expect(program.ended).toBe('signal SIGTERM');
    expect(program.tail).toBe('up');
    await program.stop();
  });
});

describe('staging a service', () => {
  const compose: Compose = {
    services: {
      program: {
        command: ['--config.file=/etc/program/config.yaml', '--data=/data', '--web.listen-address=0.0.0.0:9090', '-v'],
        environment: { QUEUE: '/data/queue', LISTEN: '0.0.0.0:4317' },
        volumes: ['./package.json:/etc/program/config.yaml:ro', './test:/etc/program/targets:ro', 'data:/data'],
        working_dir: '/etc/program',
      },
    },
  };

  test('links the very files, makes volumes folders, and moves absolute paths below the root', () => {
    const root = fresh();
    const { args, env, cwd } = stage(compose, 'program', root);
    expect(args).toEqual([
      `--config.file=${root}/etc/program/config.yaml`,
      `--data=${root}/data`,
      '--web.listen-address=0.0.0.0:9090',
      '-v',
    ]);
    expect(env).toEqual({ QUEUE: `${root}/data/queue`, LISTEN: '0.0.0.0:4317' });
    expect(cwd).toBe(`${root}/etc/program`);
    expect(readlinkSync(`${root}/etc/program/config.yaml`)).toBe(join(CHECKOUT, 'package.json'));
    expect(existsSync(`${root}/data`)).toBe(true);
  });

  test('takes the differences of the machine, and does not write through a link', () => {
    const root = fresh();
    const { args, env } = stage(compose, 'program', root, {
      flags: { 'web.listen-address': '127.0.0.1:1' },
      env: { LISTEN: '127.0.0.1:2' },
      files: { '/etc/program/targets/one.yaml': 'mine' },
    });
    expect(args).toContain('--web.listen-address=127.0.0.1:1');
    expect(env['LISTEN']).toBe('127.0.0.1:2');
    expect(readdirSync(`${root}/etc/program/targets`)).toEqual(['one.yaml']);
    expect(existsSync(join(CHECKOUT, 'test', 'one.yaml'))).toBe(false);
  });

  test('refuses a difference that the compose file does not know', () => {
    expect(() => stage(compose, 'program', fresh(), { flags: { 'web.port': '1' } })).toThrow('has no --web.port=');
    expect(() => stage(compose, 'program', fresh(), { env: { OTHER: '1' } })).toThrow('has no OTHER');
    expect(() => stage(compose, 'other', fresh())).toThrow('no service other');
  });
});

describe('reading outputs', () => {
  test('counters and gauges of statsd, in every dialect and number format', () => {
    const counters = parseInspected(`{
      'statsd.bad_lines_seen': 0,
      bare: 1e+21,
      'trading.fill.count;trading.symbol=A': 2,
      'trading.fill.count.trading_symbol.B': 3,
      'trading.fill.quantity': 0.30000000000000004,
      "it's": -5e-324
    }\nEND\n\n`);
    const gauges = parseInspected(
      "{ 'trading.fee;trading.currency=BTC': -1.5, 'trading.fee.trading_currency.USDT.x.y': 2, 'trading.pnl.realized': 7 }",
    );
    expect(counters.get('bare')).toBe(1e21);
    expect(counters.get("it's")).toBe(-5e-324);
    expect(statsdTotals({ counters, gauges })).toEqual({
      fills: 5,
      filledQuantity: 0.30000000000000004,
      fees: { BTC: -1.5, USDT: 2 },
      realizedPnl: { '': 7 },
    });
    expect(parseInspected('{}\nEND\n\n').size).toBe(0);
  });

  test('the configuration of statsd is JSON on loopback', () => {
    expect(JSON.parse(statsdConfig(1, 2))).toMatchObject({ address: '127.0.0.1', mgmt_address: '127.0.0.1', port: 1 });
  });

  test("the collector's counts, where only permanent failures are losses", () => {
    const counts = parseCollectorMetrics(
      [
        '# HELP otelcol_exporter_sent_metric_points x',
        'otelcol_receiver_accepted_metric_points{receiver="otlp",transport="grpc"} 7',
        'otelcol_receiver_accepted_metric_points{receiver="otlp",transport="http"} 3',
        'otelcol_exporter_sent_metric_points{exporter="a"} 10',
        'otelcol_exporter_send_failed_metric_points{error_permanent="false",exporter="a"} 5',
        'otelcol_exporter_send_failed_metric_points{error_permanent="true",exporter="a"} 2',
        'otelcol_exporter_enqueue_failed_metric_points{exporter="a"} 1',
        'otelcol_exporter_queue_size{exporter="a"} 1.5e+03',
        'otelcol_exporter_queue_size_other{exporter="a"} 9',
      ].join('\n'),
    );
    expect(counts).toEqual({ accepted: 10, refused: 0, sent: new Map([['a', 10]]), lost: 3, queued: 1500 });
  });

  test('output of the desk that is not a report is shown', () => {
    const desk = { stdout: '', tail: 'port 8080 is in use', ended: 'exit code 75' };
    expect(() => deskReport(desk)).toThrow(/exit code 75[^]*port 8080 is in use/);
  });
});

describe('comparing totals', () => {
  const ledger: Totals = { fills: 3, filledQuantity: 0.3, fees: { USDT: 1 }, realizedPnl: { USDT: -1e6 } };

  test('agree up to the order of additions', () => {
    const other = { ...ledger, filledQuantity: 0.1 + 0.2, realizedPnl: { USDT: -1e6 * (1 + 1e-12) } };
    expect(differences(ledger, other)).toEqual([]);
  });

  test.each<[string, Partial<Totals>]>([
    ['fills', { fills: 4 }],
    ['fills', { fills: Number.NaN }],
    ['filledQuantity', { filledQuantity: 0.3001 }],
    ['fees USDT', { fees: {} }],
    ['fees BTC', { fees: { USDT: 1, BTC: 0.5 } }],
    ['realizedPnl USDT', { realizedPnl: { USDT: Number.POSITIVE_INFINITY } }],
  ])('%s that differ are named', (what, change) => {
    const found = differences(ledger, { ...ledger, ...change });
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(`${what}: expected`);
  });
});

test('checks go on after a failure, and the last line counts and names it', async () => {
  const lines: string[] = [];
  const checks = new Checks((line) => lines.push(line));
  await checks.run('first', () => 'a remark');
  await checks.run('second', () => {
    throw new Error('two\nlines');
  });
  await checks.run('third', async () => undefined);
  expect(lines).toEqual(['  ok    first: a remark', '  FAIL  second\n        two\n        lines', '  ok    third']);
  expect(checks.summary(4.4)).toBe('FAIL  1 of 3 checks in 4 s: second\n2 passed, 1 failed');
});
