import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { testCertificate, until } from '@nanometer/testing';
import { FrameError, decodeFrame, inflateFrame } from '@nanometer/live';
import { encodeRows } from '../src/server/streams/encode-rows.ts';
import { FrameTexts } from '../src/server/streams/frame-texts.ts';
import { SeriesTable } from '../src/server/series-table.ts';
import { Bench, gauge } from './fixtures.ts';

const bench = new Bench();
afterEach(() => bench.end());

const CLIENT = fileURLToPath(new URL('../python/nanometer_live.py', import.meta.url));
const VECTORS = JSON.parse(readFileSync(new URL('../vectors/frames.json', import.meta.url), 'utf8')) as {
  valid: { name: string; hex: string }[];
  compressed: { name: string; hex: string; plain: string }[];
  invalid: { name: string; hex: string; code: string }[];
};
const hasPython = spawnSync('python3', ['--version']).status === 0;
const withPython = hasPython ? test : test.skip;

/** Runs the Python client; `input` is its standard input. */
function python(args: readonly string[], input = '', env: Record<string, string> = {}): Promise<{ stdout: string }> {
  const running = promisify(execFile)('python3', [CLIENT, ...args], {
    env: { ...process.env, ...env },
    maxBuffer: 2 ** 28,
  });
  running.child.stdin!.end(input);
  return running;
}

/** What Python makes of frames: content with doubles as their bits, or the code of the error. */
async function decodedByPython(frames: readonly string[]): Promise<unknown[]> {
  const { stdout } = await python(['decode'], frames.map((hex) => `${hex}\n`).join(''));
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
}

/** The same, of the decoder in TypeScript. */
async function decoded(hex: string): Promise<unknown> {
  const bits = (value: number): string => Buffer.from(new Float64Array([value]).buffer).toString('hex');
  try {
    const {
      count: _count,
      ids,
      dt,
      values,
      baseTimeMs,
      ...header
    } = decodeFrame(await inflateFrame(new Uint8Array(Buffer.from(hex, 'hex'))));
    return { ...header, baseTimeMs: bits(baseTimeMs), ids: [...ids], dt: [...dt], values: Array.from(values, bits) };
  } catch (error) {
    if (error instanceof FrameError) return { code: error.code };
    throw error;
  }
}

describe('the Python client (skipped without python3)', () => {
  withPython('decodes the golden vectors as the one in TypeScript does, and refuses with the same code', async () => {
    const { valid, compressed, invalid } = VECTORS;
    const all = [...valid, ...compressed, ...invalid];
    const got = await decodedByPython(all.map(({ hex }) => hex));
    const expected = await Promise.all(all.map(({ hex }) => decoded(hex)));
    expect(all.map(({ name }, index) => [name, got[index]])).toEqual(
      all.map(({ name }, index) => [name, expected[index]]),
    );
    expect(got.slice(valid.length + compressed.length)).toEqual(invalid.map(({ code }) => ({ code })));
    expect(await Promise.all(compressed.map(({ plain }) => decoded(plain)))).toEqual(
      got.slice(valid.length, valid.length + compressed.length),
    );
  });

  withPython('agrees with the one in TypeScript on damaged frames, plain and compressed', async () => {
    const sources = [...VECTORS.valid, ...VECTORS.compressed].map(({ hex }) => Buffer.from(hex, 'hex'));
    const damage = fc.array(fc.tuple(fc.nat(600), fc.nat(255)), { maxLength: 3 });
    const frames = fc
      .sample(fc.tuple(fc.constantFrom(...sources), damage, fc.option(fc.nat(600), { freq: 4, nil: 600 })), {
        numRuns: 2_000,
        seed: 6,
      })
      .map(([source, flips, length]) => {
        const bytes = Buffer.from(source.subarray(0, length));
        for (const [at, value] of flips) if (at < bytes.length) bytes[at] = value;
        return bytes.toString('hex');
      });
    const got = await decodedByPython(frames);
    const expected = await Promise.all(frames.map(decoded));
    const differing = frames.flatMap((hex, index) => {
      const [one, other] = [JSON.stringify(got[index]), JSON.stringify(expected[index])];
      return sorted(one) === sorted(other) ? [] : [{ hex, python: got[index], typescript: expected[index] }];
    });
    expect(differing).toEqual([]);
    expect(new Set(expected.map((one) => (one as { code?: string }).code)).size).toBeGreaterThan(8);
  });

  withPython('prints live values', async () => {
    const { server, url } = await bench.server();
    const id = server.register(gauge('risk.exposure.net', { 'trading.symbol': 'BTCUSDT' }));
    server.update(server.register(gauge('risk.exposure.net', { 'trading.symbol': 'ETHUSDT' })), 1, 1);
    server.update(id, 1_700_000_000_000.25, -0);
    const options = ['--attribute', 'trading.symbol=BTCUSDT', '--count', '1', '--compress'];
    expect((await python([url, 'risk.exposure.*', ...options])).stdout).toBe(
      '1700000000000.250 risk.exposure.net{trading.symbol=BTCUSDT} value -0.0\n',
    );
  });

  withPython('follows a lossless stream and acknowledges what it has worked off', async () => {
    const { server, url } = await bench.server({ limits: { unackedBytes: 20_000 } });
    const ids = Array.from({ length: 100 }, (_, index) => server.register(gauge('x', { index })));
    const running = python([url, 'x', '--lossless', '--count', '20000']);
    await until('it has subscribed', () => server.stats().subscriptions === 1);
    for (let round = 0; round < 200; round++) {
      for (const id of ids) server.update(id, round, round);
      await new Promise((resolve) => setImmediate(resolve));
    }
    const lines = (await running).stdout.trimEnd().split('\n');
    expect(lines.length).toBe(20_000);
    expect(lines.filter((line) => line.includes('{index=7} '))).toEqual(
      Array.from({ length: 200 }, (_, round) => `${round}.000 x{index=7} value ${round}.0`),
    );
  });

  withPython('prints events', async () => {
    const { server, url } = await bench.server();
    server.publishEvent('alerts', { rule: 'exposure' }, { retain: true });
    const { stdout } = await python([url, '--listen', 'alerts', '--count', '1']);
    expect(stdout).toMatch(/^\d+\.000 alerts \{"rule": "exposure"\}\n$/);
  });

  withPython('prints a line per update whatever an attribute holds', async () => {
    const { server, url } = await bench.server();
    server.update(server.register({ ...gauge('x'), attributes: { symbol: 'a\nb\u001b[2J 🚀' } }), 1, 2);
    expect((await python([url, 'x', '--count', '1'])).stdout).toBe('1.000 x{symbol=a�b�[2J 🚀} value 2.0\n');
  });

  withPython('says what the server refused', async () => {
    const { url } = await bench.server({ limits: { patternsPerSubscription: 1 } });
    await expect(python([url, 'a', 'b'])).rejects.toMatchObject({
      stderr: 'too_many_patterns: subscribe.names has 2 patterns, the limit is 1\n',
    });
  });

  withPython('comes in by a Unix socket', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'nm-'));
    bench.defer(() => rmSync(folder, { recursive: true }));
    const http = createServer();
    http.listen(join(folder, 'live.sock'));
    bench.defer(() => void http.close());
    const { server, url } = await bench.server({ server: http, path: '/stream' });
    expect(url).toBe(`ws+unix:${folder}/live.sock:/stream`);
    server.update(server.register(gauge('x')), 1, 2);
    expect((await python([url, 'x', '--count', '1'])).stdout).toBe('1.000 x{} value 2.0\n');
    await expect(python(['ws+unix:/nowhere', 'x'])).rejects.toMatchObject({
      stderr: expect.stringContaining('ws+unix:/run/bridge.sock:/live'),
    });
  });

  withPython('comes in with its token, and over TLS', async () => {
    const { cert, key, path } = await testCertificate();
    const token = 'a-token-of-this-test';
    const { server, url } = await bench.server({ tls: { cert, key }, tokens: [{ name: 'test', token }] });
    server.update(server.register(gauge('x')), 1, 2);
    const secure = url.replace('127.0.0.1', 'localhost');
    const args = [secure, 'x', '--count', '1', '--cafile', path];
    expect((await python(args, '', { NANOMETER_TOKEN: token })).stdout).toBe('1.000 x{} value 2.0\n');
    await expect(python([...args, '--token', 'a-token-of-no-test'])).rejects.toMatchObject({
      stderr: expect.stringContaining('the server answered HTTP/1.1 401 Unauthorized: expected the header'),
    });
  });
});

/** The order of keys is not the point, and neither is which NaN it was. */
function sorted(text: string): string {
  const entries = Object.entries(JSON.parse(text) as object).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(entries, (_key, value: unknown) => {
    if (typeof value !== 'string' || !/^[0-9a-f]{16}$/.test(value)) return value;
    return Number.isNaN(Buffer.from(value, 'hex').readDoubleLE()) ? 'NaN' : value;
  });
}

describe('a batch of rows', () => {
  const HEADER = { type: 'snapshot', conflated: false, stream: 1, epoch: 2, sequence: 5, nowMs: 7 } as const;

  function table(rows: readonly (readonly [number, number])[]): SeriesTable {
    const filled = new SeriesTable(100_000);
    rows.forEach(([timeMs, value], index) => filled.write(filled.register(gauge('x', { index })), timeMs, value));
    return filled;
  }

  test('comes back whole from its frames, whatever its times', () => {
    const time = fc.oneof(
      fc.double({ min: 1.7e12, max: 1.7e12 + 1e7, noNaN: true }),
      fc.double({ min: -1e9, max: 1e13, noNaN: true }),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(time, fc.double()), { maxLength: 60 }), (rows) => {
        const source = table(rows);
        const frames = encodeRows(source, source.dirtyIds, { ...HEADER, numbered: true }, new FrameTexts(source)).map(
          ({ bytes }) => decodeFrame(bytes),
        );
        const seen: [number, number][] = [];
        for (const frame of frames) {
          frame.ids.forEach((id, row) => {
            seen.push([id, frame.values[row]!]);
            expect(Math.abs(frame.baseTimeMs + frame.dt[row]! / 1_000 - rows[id]![0])).toBeLessThan(0.003);
          });
        }
        expect(seen.sort((a, b) => a[0] - b[0])).toEqual(rows.map(([, value], id) => [id, value]));
        expect(frames.map(({ sequence }) => sequence)).toEqual(frames.map((_, index) => 5 + index));
        expect(frames.map(({ final }) => final)).toEqual(frames.map((_, index) => index === frames.length - 1));
      }),
    );
  });

  test('of more rows than a frame takes goes into several', () => {
    const source = table(Array.from({ length: 40_000 }, (_, index) => [index, index]));
    const counts = encodeRows(source, source.dirtyIds, { ...HEADER, numbered: false }, new FrameTexts(source)).map(
      ({ bytes }) => {
        const { count, final, sequence } = decodeFrame(bytes);
        return [count, final, sequence];
      },
    );
    expect(counts).toEqual([
      [16_384, false, 5],
      [16_384, false, 5],
      [7_232, true, 5],
    ]);
  });

  test('without rows is one final frame', () => {
    const empty = table([]);
    const frames = encodeRows(empty, new Uint32Array(0), { ...HEADER, numbered: false }, new FrameTexts(empty));
    expect(frames.map(({ bytes }) => decodeFrame(bytes))).toMatchObject([{ count: 0, final: true, baseTimeMs: 7 }]);
  });
});
