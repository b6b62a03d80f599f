import { execFile, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { decodeFrame } from '@nanometer/live';
import { encodeRows } from '../src/server/encode-rows.ts';
import { SeriesTable } from '../src/server/series-table.ts';
import { Bench, gauge } from './fixtures.ts';

const bench = new Bench();
afterEach(() => bench.end());

const DECODER = fileURLToPath(new URL('../reference/decode.py', import.meta.url));
const VECTORS = fileURLToPath(new URL('vectors/frames.json', import.meta.url));
const hasPython = spawnSync('python3', ['--version']).status === 0;
const withPython = hasPython ? test : test.skip;
const python = (...args: string[]): Promise<{ stdout: string }> => promisify(execFile)('python3', [DECODER, ...args]);

describe('the Python reference decoder (skipped without python3)', () => {
  withPython('agrees with the golden vectors', async () => {
    expect((await python('vectors', VECTORS)).stdout).toBe('6 frames decoded, 14 refused\n');
  });

  withPython('reads a live stream', async () => {
    const { server, url } = await bench.server();
    const id = server.register(gauge('risk.exposure', { 'trading.symbol': 'BTCUSDT' }));
    server.update(id, 1_700_000_000_000.25, -0);
    expect((await python(url, 'risk.*', '--count', '1')).stdout).toBe(
      '1700000000000.250 risk.exposure{trading.symbol=BTCUSDT} value -0.0\n',
    );
  });

  withPython('says what the server refused', async () => {
    const { url } = await bench.server({ limits: { patternsPerSubscription: 1 } });
    await expect(python(url, 'a', 'b')).rejects.toMatchObject({
      stderr: 'too_many_patterns: subscribe.names has 2 patterns, the limit is 1\n',
    });
  });
});

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
        const frames = encodeRows(source, source.dirtyIds, { ...HEADER, numbered: true }).map(({ bytes }) =>
          decodeFrame(bytes),
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
    const counts = encodeRows(source, source.dirtyIds, { ...HEADER, numbered: false }).map(({ bytes }) => {
      const { count, final, sequence } = decodeFrame(bytes);
      return [count, final, sequence];
    });
    expect(counts).toEqual([
      [16_384, false, 5],
      [16_384, false, 5],
      [7_232, true, 5],
    ]);
  });

  test('without rows is one final frame', () => {
    const frames = encodeRows(table([]), new Uint32Array(0), { ...HEADER, numbered: false });
    expect(frames.map(({ bytes }) => decodeFrame(bytes))).toMatchObject([{ count: 0, final: true, baseTimeMs: 7 }]);
  });
});
