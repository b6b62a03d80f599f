import { afterEach, describe, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import {
  createSender,
  type PacketSender,
  type SendFailure,
  StatsdExporter,
  type StatsdExporterOptions,
  StatsdReceiver,
  StreamSender,
  UnixgramSender,
} from '@nanometer/exporter-statsd';
import { until } from '@nanometer/testing';
import { exported, sumsOf } from './support/metrics.ts';
import { UnixDatagrams } from './support/unix-datagrams.ts';

const cleanups: (() => unknown)[] = [];
const folder = mkdtempSync(join(tmpdir(), 'statsd-transports-'));
let sockets = 0;

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const socketPath = (): string => join(folder, `${++sockets}.sock`);
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

function exporterTo(options: StatsdExporterOptions): StatsdExporter {
  const made = new StatsdExporter({ onTrouble: () => {}, ...options });
  cleanups.push(() => made.shutdown().catch(() => {}));
  return made;
}

/** At a new path, or at a port of its own when `path` is 0. */
async function streamServer<At extends string | number = string>(
  onConnection: (socket: Socket) => void,
  path: At = socketPath() as At,
): Promise<At> {
  const connections = new Set<Socket>();
  const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
    connections.add(socket.on('error', () => {}));
    onConnection(socket);
  });
  await new Promise<void>((resolve) => {
    server.listen(path === 0 ? { port: 0, host: '127.0.0.1' } : { path: String(path) }, resolve);
  });
  cleanups.push(async () => {
    for (const socket of connections) socket.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
  return (path === 0 ? (server.address() as AddressInfo).port : path) as At;
}

function sent(sender: PacketSender, text: string): Promise<SendFailure | undefined> {
  return new Promise((resolve) => sender.send({ bytes: Buffer.from(text), lineCount: 1 }, resolve));
}

describe('streams', () => {
  test.each(['tcp', 'unix'] as const)(
    'over %s a success says that the server has read everything',
    async (transport) => {
      const server = new StatsdReceiver(transport === 'tcp' ? { transport } : { transport, path: socketPath() });
      const { host, port } = await server.start();
      cleanups.push(() => server.close());
      const target = transport === 'tcp' ? { host, port } : { path: join(folder, `${sockets}.sock`) };
      const exporter = exporterTo({ transport, ...target });
      for (let value = 1; value <= 20; value++) {
        const many = Array.from({ length: 300 }, (_, index) => ({
          value: value * index,
          name: `m${index}`,
          end: value + 1,
        }));
        expect(await exported(exporter, sumsOf(...many))).toBeUndefined();
        expect(server.counter('m299')).toBe(value * 299);
      }
      expect(server.badLines).toEqual([]);
      expect(exporter.stats()).toMatchObject({ pointsForwarded: 6000, pointsHeld: 0 });
    },
  );

  test('length framing puts four little-endian bytes before each packet', async () => {
    const chunks: Buffer[] = [];
    const path = await streamServer((socket) => {
      socket.on('data', (bytes) => chunks.push(bytes));
      socket.on('end', () => socket.end());
    });
    const sender = new StreamSender({ path, framing: 'length' });
    expect(await Promise.all([sent(sender, 'a:1|c'), sent(sender, 'bb:2|c')])).toEqual([undefined, undefined]);
    expect(Buffer.concat(chunks).toString('latin1')).toBe('\x05\0\0\0a:1|c\x06\0\0\0bb:2|c');
  });

  test('a server that goes away without having read leaves it unconfirmed', async () => {
    const path = await streamServer((socket) => {
      socket.pause();
      setImmediate(() => socket.destroy());
    });
    const sender = new StreamSender({ path });
    expect(await sent(sender, `a:1|c\n${'x'.repeat(1000)}:1|c`)).toBe('unconfirmed');
    expect(sender.stats().packetsDropped.unconfirmed).toBe(1);
  });

  test('a server that reads nothing, and one that never closes, end the wait', async () => {
    const deaf = await streamServer((socket) => socket.pause());
    const big = new StreamSender({ path: deaf, timeoutMillis: 50 });
    const results = await Promise.all(Array.from({ length: 100 }, () => sent(big, 'x'.repeat(60_000))));
    // What was not even begun is surely not there.
    expect(results[0]).toBe('unconfirmed');
    expect(results.at(-1)).toBe('send_failed');
    const open = await streamServer((socket) => socket.resume());
    expect(await sent(new StreamSender({ path: open, timeoutMillis: 50 }), 'a:1|c')).toBe('unconfirmed');
    expect(await sent(new StreamSender({ path: open, confirm: false }), 'a:1|c')).toBeUndefined();
  });

  test('nobody there is refused, and nothing is lost when somebody comes', async () => {
    const path = socketPath();
    const exporter = exporterTo({ transport: 'unix', path });
    expect(await exported(exporter, sumsOf({ value: 3 }))).toMatchObject({ code: 'SEND_FAILED' });
    expect(await exported(exporter, sumsOf({ value: 5, end: 3 }))).toMatchObject({ code: 'SEND_FAILED' });
    expect(exporter.stats()).toMatchObject({ points: 2, pointsHeld: 2, pointsForwarded: 0 });
    const server = new StatsdReceiver({ transport: 'unix', path });
    await server.start();
    cleanups.push(() => server.close());
    // No new point: what is held goes out by itself.
    await exporter.forceFlush();
    expect(server.counter('fills')).toBe(5);
    expect(server.lineCount).toBe(1);
    expect(exporter.stats()).toMatchObject({ points: 2, pointsHeld: 0, pointsForwarded: 2 });
  });

  test('what is unconfirmed is dropped and named, or sent again when told to', async () => {
    for (const unconfirmed of ['drop', 'resend'] as const) {
      let broken = true;
      const lines: string[] = [];
      const path = await streamServer((socket) => {
        if (broken) {
          socket.pause();
          setImmediate(() => socket.destroy());
          return;
        }
        socket.on('data', (bytes) => lines.push(bytes.toString()));
        socket.on('end', () => socket.end());
      });
      const exporter = exporterTo({ transport: 'unix', path, unconfirmed });
      expect(await exported(exporter, sumsOf({ value: 3 }))).toMatchObject({ code: 'SEND_FAILED' });
      broken = false;
      expect(await exported(exporter, sumsOf({ value: 5, end: 3 }))).toBeUndefined();
      expect(lines.join('')).toBe(unconfirmed === 'drop' ? 'fills:2|c\n' : 'fills:5|c\n');
      const { points, pointsForwarded, pointsHeld, pointsDropped } = exporter.stats();
      expect(pointsDropped.unconfirmed).toBe(unconfirmed === 'drop' ? 1 : 0);
      expect(points).toBe(pointsForwarded + pointsHeld + pointsDropped.unconfirmed);
    }
  });

  test('a receiver that breaks connections at any point: the total is right or the difference is named', async () => {
    await fc.assert(
      fc.asyncProperty(
        // Per flush: bytes the server reads before it breaks the connection; -1 to read all.
        fc.array(fc.integer({ min: -1, max: 4000 }), { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 150 }),
        fc.constantFrom('drop' as const, 'resend' as const),
        async (breaks, series, unconfirmed) => {
          const server = new StatsdReceiver();
          let flush = 0;
          const port = await streamServer<number>((socket) => {
            let left = breaks[flush++] ?? -1;
            let rest = Buffer.alloc(0);
            socket.on('data', (bytes) => {
              const taken = left < 0 ? bytes : bytes.subarray(0, left);
              rest = Buffer.concat([rest, taken]);
              const end = rest.lastIndexOf(10) + 1;
              if (end > 0) server.read(rest.subarray(0, end));
              rest = rest.subarray(end);
              if (left < 0 || socket.destroyed) return;
              left -= taken.length;
              if (taken.length < bytes.length) socket.resetAndDestroy();
            });
            socket.on('end', () => (left < 0 || rest.length === 0 ? socket.end() : socket.resetAndDestroy()));
          }, 0);
          const exporter = exporterTo({ transport: 'tcp', port, unconfirmed });
          let truth = 0;
          let unsure = 0;
          for (const [index] of [...breaks, -1].entries()) {
            const value = index + 1;
            truth = series * value;
            const points = Array.from({ length: series }, (_, n) => ({ value, end: value + 1, name: `m${n}` }));
            const before = exporter.stats().sender.packetsDropped.unconfirmed;
            await exported(exporter, sumsOf(...points));
            if (exporter.stats().sender.packetsDropped.unconfirmed > before) unsure += series * value;
          }
          const got = server.counters().reduce((sum, { value }) => sum + value, 0);
          const { points, pointsForwarded, pointsHeld, pointsDropped } = exporter.stats();
          expect(points).toBe(pointsForwarded + pointsHeld + pointsDropped.unconfirmed);
          if (unsure === 0) expect(got).toBe(truth);
          else if (unconfirmed === 'drop') expect(got).toBeLessThanOrEqual(truth);
          else expect(got).toBeGreaterThanOrEqual(truth);
          if (unconfirmed === 'drop') expect(truth - got).toBeLessThanOrEqual(unsure);
          await exporter.shutdown();
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('Unix datagrams', () => {
  test('arrive whole, and a server that is behind makes the sender wait instead of losing any', async () => {
    const path = socketPath();
    const server = new UnixDatagrams(path);
    cleanups.push(() => server.close());
    const sender = new UnixgramSender({ path });
    cleanups.push(() => sender.close());
    const results = Array.from({ length: 200 }, (_, index) => sent(sender, `a:${index}|c`));
    const got: string[] = [];
    await until('all have arrived', () => got.push(...server.read()) >= 0 && got.length === 200);
    expect(got).toEqual(results.map((_, index) => `a:${index}|c`));
    expect(new Set(await Promise.all(results))).toEqual(new Set([undefined]));
  });

  test('a server that never reads ends the wait, and one that is restarted gets what follows', async () => {
    const path = socketPath();
    const first = new UnixDatagrams(path);
    const sender = new UnixgramSender({ path, timeoutMillis: 20 });
    cleanups.push(() => sender.close());
    const results = await Promise.all(Array.from({ length: 20 }, (_, index) => sent(sender, `a:${index}|c`)));
    expect(results[0]).toBeUndefined();
    expect(results.at(-1)).toBe('send_failed');
    first.close();
    expect(await sent(sender, 'b:1|c')).toBe('refused');
    const second = new UnixDatagrams(path);
    cleanups.push(() => second.close());
    expect(await sent(sender, 'c:1|c')).toBeUndefined();
    expect(second.read()).toEqual(['c:1|c']);
    second.close();
    const third = new UnixDatagrams(path);
    cleanups.push(() => third.close());
    expect(await sent(sender, 'd:1|c')).toBeUndefined();
    expect(third.read()).toEqual(['d:1|c']);
  });

  test('exports over them', async () => {
    const path = socketPath();
    const server = new UnixDatagrams(path);
    cleanups.push(() => server.close());
    const exporter = exporterTo({ transport: 'unixgram', path });
    expect(
      await exported(exporter, sumsOf({ value: 3 }, { value: -2, name: 'pnl', monotonic: false })),
    ).toBeUndefined();
    expect(server.read()).toEqual(['fills:3|c\npnl:0|g\npnl:-2|g']);
  });
});

test('options that name no server are errors with a code', () => {
  for (const options of [
    { transport: 'unix' as const },
    { transport: 'unixgram' as const },
    { transport: 'unixgram' as const, path: 'x'.repeat(108) },
    { transport: 'unix' as const, path: '' },
    { transport: 'tcp' as const, port: 0 },
    { transport: 'tcp' as const, timeoutMillis: 0 },
    { transport: 'pigeon' as 'udp' },
  ]) {
    expect(() => createSender(options)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
  }
});
