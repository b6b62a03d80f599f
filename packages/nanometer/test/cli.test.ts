import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { createBridge } from '@nanometer/bridge';
import { sharedData } from '@nanometer/testing';

// The command line as a user runs it: the built binary in a process of its own.
const MAIN = fileURLToPath(new URL('../bin/nanometer.js', import.meta.url));
interface Manifest {
  readonly bin: { readonly nanometer: string };
  readonly files: readonly string[];
}

const ANY_PORT = ['--port', '0', '--metrics-port', '0', '--otlp-grpc-port', '0', '--otlp-http-port', '0'];
/** Has Node write the URL of each module that it loads to standard error. */
const TELLS_FILES = `data:text/javascript,${encodeURIComponent(
  `import { writeSync } from 'node:fs';
  import { registerHooks } from 'node:module';
  registerHooks({ load: (url, context, next) => (writeSync(2, url + '\\n'), next(url, context)) });`,
)}`;

interface Run {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function start(args: readonly string[]): { process: ChildProcess; ended: Promise<Run>; err: () => string } {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => (out += String(chunk)));
  child.stderr.on('data', (chunk) => (err += String(chunk)));
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, out, err }));
  return { process: child, ended, err: () => err };
}

const run = (...args: string[]): Promise<Run> => start(args).ended;

describe('the command line', () => {
  test('explains itself: commands, options, exit codes', async () => {
    expect(await run('-h')).toEqual(await run('--help'));
    expect(await run('top', '-h')).toEqual(await run('top', '--help'));
    expect(await run('--help')).toMatchObject({ code: 0, out: expect.stringContaining('nanometer demo') });
    const help = await run('demo', '--help');
    expect(help.code).toBe(0);
    expect(help.out).toContain('--replay DIR|FILE');
    expect(help.out).toContain('Exit codes:');
    expect(await run('--version')).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
    expect(await run('help', 'top')).toEqual(await run('top', '--help'));
    expect(await run('-v')).toEqual(await run('--version'));
  });

  test('help loads no stream, no server and no rules', async () => {
    const { stderr } = await promisify(execFile)(process.execPath, ['--import', TELLS_FILES, MAIN, '--help']);
    const loaded = stderr.split('\n').filter((url) => url.startsWith('file:'));
    expect(loaded).toContain(pathToFileURL(MAIN).href);
    const needless = /\/node_modules\/(ws|yaml|@grpc)\/|\/packages\/(bridge|alerting|history|demo|live)\//;
    const address = expect.stringMatching(/\/packages\/live\/dist\/protocol\/socket-url\.js$/);
    expect(loaded.filter((url) => needless.test(url))).toEqual([address]);
  });

  test('doctor ends with its last line, however long it may have waited', async () => {
    const bridge = await createBridge({ port: 0, otlpGrpcPort: 0, otlpHttpPort: 0 });
    try {
      const { page, otlpHttp } = bridge.addresses;
      // Longer than this test may take.
      expect(await run('doctor', '--bridge', page, '--otlp', otlpHttp, '--wait', '100000')).toMatchObject({ code: 0 });
    } finally {
      await bridge.close();
    }
  });

  test('is there before there is a build, which is when npm links it, and says what is to be done', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'nanometer-unbuilt-'));
    try {
      mkdirSync(join(folder, 'bin'));
      const file = join(folder, 'bin', 'nanometer.mjs');
      copyFileSync(MAIN, file);
      const child = spawn(process.execPath, [file, 'up'], { stdio: ['ignore', 'ignore', 'pipe'] });
      let err = '';
      child.stderr.on('data', (chunk) => (err += String(chunk)));
      expect((await once(child, 'close'))[0]).toBe(69);
      expect(err).toContain('npm run build');
    } finally {
      rmSync(folder, { recursive: true });
    }
    const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as Manifest;
    expect(fileURLToPath(new URL(manifest.bin.nanometer, new URL('../package.json', import.meta.url)))).toBe(MAIN);
    expect(manifest.files).toContain('bin');
  });

  test.each(['up', 'demo', 'ledger', 'doctor', 'top', 'query', 'rules'])(
    'every option of `nanometer %s` is in the README',
    async (command) => {
      const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
      const { out } = await run(command, '--help');
      const options = [...out.matchAll(/^ {2}(--[a-z-]+)/gm)].map(([, option]) => option!);
      expect(options.length).toBeGreaterThan(5);
      expect(options.filter((option) => !new RegExp(`${option}(?![a-z-])`).test(readme))).toEqual([]);
    },
  );

  test.each([
    [[], 2, ''],
    [['dmo'], 2, 'did you mean "nanometer demo"?'],
    [['demo', '--sped', 'max'], 2, 'did you mean "--speed"?'],
    [['demo', '--speed', '3'], 2, 'expected 1, 10 or max'],
    [['up', '--otlp-http-port', '99999'], 2, 'expected a port from 0 to 65535'],
    [['up', '--statsd-dialect', 'etsy'], 2, '--statsd-dialect needs --statsd'],
    [['up', '--plaintext', '--host', 'host.invalid', '--port', '0'], 75, 'an address of this machine with --host'],
    [['demo', '--bridge', 'http://127.0.0.1:8080/'], 2, '--bridge needs --collector'],
    [['demo', '--push', 'ws://127.0.0.1:8081/push'], 2, '--push needs --bridge'],
    [['demo', '--state-limit', '1MiB'], 2, '--state-limit needs --state'],
    [['demo', '--wal', MAIN, ...ANY_PORT], 2, 'choose another folder with --wal DIR'],
    [['ledger', '--service', 'none', '--bridge', 'none'], 2, 'there is nothing to read'],
    [
      ['demo', '--bridge', 'http://127.0.0.1:1/', '--collector', '127.0.0.1:1'],
      69,
      'no bridge answers at http://127.0.0.1:1/',
    ],
    [['demo', '--replay', join(tmpdir(), 'no-such-market'), ...ANY_PORT], 78, 'no-such-market'],
  ])('%j exits with %d and says why', async (args, code, says) => {
    const result = await run(...args);
    expect(result.code).toBe(code);
    expect(result.err).toContain(says);
    expect(result.err).not.toContain('    at ');
  });

  test('a reader that has seen enough ends it quietly', async () => {
    const { process, ended, err } = start([
      'up',
      '--json',
      '--port',
      '0',
      '--otlp-grpc-port',
      '0',
      '--otlp-http-port',
      '0',
    ]);
    await once(process.stdout!, 'data');
    process.stdout!.destroy();
    expect(await ended).toMatchObject({ code: 0 });
    expect(err()).toBe('');
  });

  test('a failure is also a document with --json', async () => {
    const { out } = await run('demo', '--json', '--speed', 'warp');
    expect(JSON.parse(out)).toMatchObject({ error: { code: 'INVALID_VALUE', hint: 'expected 1, 10 or max' } });
  });

  test('a taken port is named, with the option that moves it', async () => {
    const squatter = createServer().listen(0, '127.0.0.1');
    await once(squatter, 'listening');
    const { port } = squatter.address() as { port: number };
    try {
      const refused = ['--port', '--otlp-grpc-port', '--otlp-http-port', '--metrics-port'].map(async (option) => {
        const others = ANY_PORT.flatMap((word, index) =>
          index % 2 === 0 && word !== option ? [word, ANY_PORT[index + 1] ?? ''] : [],
        );
        const { code, err } = await run('demo', '--speed', 'max', '--duration', '1', option, String(port), ...others);
        expect({ option, code }).toEqual({ option, code: 75 });
        expect(err).toContain(String(port));
        expect(err).toContain(option);
      });
      await Promise.all(refused);
    } finally {
      squatter.close();
    }
  });
});

interface Totals {
  readonly fills: number;
  readonly filledQuantity: number;
}

interface Report {
  readonly mode: string;
  readonly equal: boolean;
  readonly drops: number;
  readonly updatesPerSecond: number;
  readonly ledger: Totals;
  readonly prometheus: Totals;
  readonly statsd: Totals;
  readonly websocket: Totals;
}

describe('nanometer demo', () => {
  const seventh = (): Promise<Run> =>
    run('demo', '--speed', 'max', '--duration', '10', '--seed', '7', '--json', ...ANY_PORT);

  test('ends by itself with every output equal to the ledger, and the same seed trades the same', async () => {
    const runs = await Promise.all([seventh(), seventh()]);
    const reports = runs.map(({ code, out, err }) => {
      expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' });
      return JSON.parse(out) as Report;
    });
    for (const report of reports) {
      expect(report).toMatchObject({ mode: 'simulated', equal: true, drops: 0 });
      expect(report.ledger.fills).toBeGreaterThan(0);
      for (const output of ['prometheus', 'statsd', 'websocket'] as const) {
        expect(report[output].fills).toBe(report.ledger.fills);
        expect(report[output].filledQuantity).toBeCloseTo(report.ledger.filledQuantity, 6);
      }
    }
    expect(reports[1]?.ledger).toEqual(reports[0]?.ledger);
  });

  // These three beside each other: each waits for most of its time, the first until its last export is given up.
  test.concurrent('without its collector it trades on, says so once, and ends with what is missing', async () => {
    const args = ['demo', '--speed', 'max', '--duration', '5', '--collector', '127.0.0.1:1', '--json', ...ANY_PORT];
    const { code, out, err } = await run(...args);
    expect(code).toBe(1);
    expect(err.match(/no OTLP receiver at/g)).toHaveLength(1);
    expect(err).toContain('the last export failed');
    const report = JSON.parse(out) as Report;
    expect(report.equal).toBe(false);
    expect(report.ledger.fills).toBeGreaterThan(0);
    expect(report.prometheus.fills).toBe(0);
  });

  test.concurrent('an interrupt flushes and prints the totals', async () => {
    const { process, ended, err } = start(['demo', '--speed', '10', ...ANY_PORT]);
    await until(process, () => /\d events\/s/.test(err()));
    process.kill('SIGINT');
    const { code, out } = await ended;
    expect(code).toBe(0);
    expect(out).toContain('ledger of the desk');
    expect(out).toContain('All outputs equal the ledger.');
  });

  const usdm = sharedData('market/binance-usdm-btcusdt-20240808-trades.csv.gz');
  (usdm === undefined ? test.skip : test.concurrent)('replays one recorded file to its end', async () => {
    // The first minute and a half of six: the end of a short file is an end as well.
    const folder = mkdtempSync(join(tmpdir(), 'nanometer-recording-'));
    const file = join(folder, 'binance-usdm-btcusdt-20240808-trades.csv');
    const lines = gunzipSync(readFileSync(String(usdm)))
      .toString()
      .split('\n');
    writeFileSync(file, `${lines.slice(0, 3001).join('\n')}\n`);
    try {
      const { code, out, err } = await run('demo', '--replay', file, '--speed', 'max', '--json', ...ANY_PORT);
      expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' });
      const report = JSON.parse(out) as Report;
      expect(report).toMatchObject({ mode: 'replay', equal: true, drops: 0 });
      expect(report.ledger.fills).toBeGreaterThan(0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

/** Waits for output of a process, woken by it rather than by time. */
async function until(process: ChildProcess, condition: () => boolean): Promise<void> {
  while (!condition()) await once(process.stderr!, 'data');
}
