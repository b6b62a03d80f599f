import { describe, expect, test } from '@jest/globals';
import { Metadata } from '@grpc/grpc-js';
import { until } from '@nanometer/testing';
import type { OtlpExporter } from '../src/index.ts';
import { Backoff } from '../src/send/backoff.ts';
import { retryAfterMs } from '../src/send/http-transport.ts';
import { readJsonResponse, readResponse, readRetryDelay } from '../src/send/response.ts';
import { folder } from './support/folder.ts';
import { metricsOf } from './support/metrics.ts';
import { type Behaviour, grpcReceiver, type Receiver } from './support/receiver.ts';
import { closers, quickClock, http, exporterTo, expectBalance } from './support/exporting.ts';

const UNAVAILABLE = 14;

const RESOURCE_EXHAUSTED = 8;

const INVALID_ARGUMENT = 3;

async function grpc(maxReceiveBytes?: number): Promise<Receiver> {
  const receiver = await grpcReceiver(0, maxReceiveBytes);
  closers.push(async () => receiver.close());
  return receiver;
}

async function put(exporter: OtlpExporter, first: number, count: number, padding = ''): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    exporter.export(metricsOf(first, count, padding), ({ error }) => (error ? reject(error) : resolve()));
  });
}

/** google.rpc.Status with RetryInfo { retry_delay { seconds } }. */
function retryInfo(seconds: number): Metadata {
  const typeUrl = Buffer.from('type.googleapis.com/google.rpc.RetryInfo');
  const info = Buffer.from([0x0a, 2, 0x08, seconds]);
  const any = Buffer.concat([Buffer.from([0x0a, typeUrl.length]), typeUrl, Buffer.from([0x12, info.length]), info]);
  const metadata = new Metadata();
  metadata.set('grpc-status-details-bin', Buffer.concat([Buffer.from([0x1a, any.length]), any]));
  return metadata;
}

describe('answers that are worth another attempt', () => {
  const overHttp: readonly (readonly [string, Behaviour])[] = [
    ['429', { status: 429 }],
    ['502', { status: 502 }],
    ['503', { status: 503 }],
    ['504', { status: 504 }],
    ['a connection half closed', 'half-close'],
    ['no HTTP at all', 'garbage'],
    ['200 with a page', { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>' }],
    ['200 with bytes that are no answer', { status: 200, body: Buffer.from([0xff, 0xff]) }],
    ['silence', 'hang'],
  ];

  test.each(overHttp)('HTTP: %s', async (_, behaviour) => {
    const receiver = await http();
    const exporter = exporterTo(receiver, { timeoutMillis: behaviour === 'hang' ? 50 : 10_000 });
    receiver.script.push(behaviour, behaviour);
    await put(exporter, 0, 3);
    await exporter.forceFlush();
    expect(receiver.points.size).toBe(3);
    expect(exporter.stats()).toMatchObject({ forwarded: 3, held: 0, dropped: {}, retries: 2, requests: 1 });
  });

  const overGrpc: readonly (readonly [string, Behaviour])[] = [
    ...[1, 4, 10, 11, 14, 15].map((code) => [`status ${code}`, { code }] as const),
    ['RESOURCE_EXHAUSTED with RetryInfo', { code: RESOURCE_EXHAUSTED, metadata: retryInfo(0) }],
    ['bytes that are no answer', 'garbage'],
    ['silence', 'hang'],
  ];

  test.each(overGrpc)('gRPC: %s', async (_, behaviour) => {
    const receiver = await grpc();
    const exporter = exporterTo(receiver, { timeoutMillis: behaviour === 'hang' ? 100 : 10_000 });
    receiver.script.push(behaviour, behaviour);
    await put(exporter, 0, 3);
    await exporter.forceFlush();
    expect(receiver.points.size).toBe(3);
    expect(exporter.stats()).toMatchObject({ forwarded: 3, held: 0, dropped: {}, requests: 1 });
    // On a busy machine an attempt that would have been answered may run out of time as well.
    expect(exporter.stats().retries).toBeGreaterThanOrEqual(2);
  });

  test('Retry-After and RetryInfo are waited for, up to the limit', async () => {
    const clock = quickClock();
    const date = new Date(clock.now() + 7000).toUTCString();
    const first = await http();
    const overHttp = exporterTo(first, { clock, random: () => 0, maxRetryAfterMillis: 20_000 });
    for (const after of ['3', date, '4000', 'soon'])
      first.script.push({ status: 503, headers: { 'retry-after': after } });
    await put(overHttp, 0, 1);
    await overHttp.forceFlush();
    const second = await grpc();
    const overGrpc = exporterTo(second, { clock, random: () => 0 });
    second.script.push({ code: UNAVAILABLE, metadata: retryInfo(5) });
    await put(overGrpc, 0, 1);
    await overGrpc.forceFlush();
    expect(clock.waits).toEqual([3000, 7000, 20_000, 0, 5000]);
  });

  test('waits grow to their limit, with full jitter, and start again after a success', () => {
    const backoff = new Backoff({ initialMs: 100, maxMs: 1000, random: () => 0.5 });
    expect(Array.from({ length: 6 }, () => backoff.next())).toEqual([50, 100, 200, 400, 500, 500]);
    expect(backoff.next(9000)).toBe(9000);
    backoff.reset();
    expect(backoff.next()).toBe(50);
  });

  test.each(['401', 'UNAUTHENTICATED'])('a status that the options name (%s)', async (status) => {
    const receiver = status === '401' ? await http() : await grpc();
    const retryStatuses = status === '401' ? [401] : [status];
    const exporter = exporterTo(receiver, { retryStatuses });
    receiver.script.push(status === '401' ? { status: 401 } : { code: 16 });
    await put(exporter, 0, 2);
    await exporter.forceFlush();
    expect(exporter.stats()).toMatchObject({ forwarded: 2, dropped: {} });
  });
});

describe('answers that are final', () => {
  test.each([
    ['HTTP 400', http, { status: 400, body: 'out of order' }],
    ['HTTP 500', http, { status: 500 }],
    ['gRPC INVALID_ARGUMENT', grpc, { code: INVALID_ARGUMENT }],
    ['gRPC RESOURCE_EXHAUSTED without RetryInfo', grpc, { code: RESOURCE_EXHAUSTED }],
  ] as const)(
    '%s drops the record, counts it, is told by the flush once, and the next goes on',
    async (_, open, behaviour) => {
      const receiver = await open();
      const exporter = exporterTo(receiver, { directory: folder() });
      receiver.script.push(behaviour);
      await put(exporter, 0, 4);
      await expect(exporter.forceFlush()).rejects.toMatchObject({ code: 'UNDELIVERED', held: 0, dropped: 4 });
      await put(exporter, 4, 2);
      await exporter.forceFlush();
      expect(exporter.stats()).toMatchObject({ received: 6, forwarded: 2, held: 0, dropped: { refused: 4 } });
      expectBalance(exporter);
      await exporter.shutdown();
    },
  );

  test('of merged records only the bad one is lost', async () => {
    const receiver = await http();
    receiver.otherwise = { status: 503 };
    const exporter = exporterTo(receiver);
    await put(exporter, 0, 1, 'first');
    await until('an attempt failed', () => exporter.stats().retries > 0);
    for (let i = 1; i < 6; i++) await put(exporter, i, 1, i === 3 ? 'bad' : 'good');
    receiver.otherwise = (body) => (body.includes('bad') ? { status: 400 } : 'accept');
    await expect(exporter.forceFlush()).rejects.toMatchObject({ dropped: 1 });
    expect(receiver.points.size).toBe(5);
    expect(exporter.stats()).toMatchObject({ forwarded: 5, dropped: { refused: 1 } });
    expectBalance(exporter);
  });

  test.each([
    [
      'HTTP',
      async () => {
        const receiver = await http();
        receiver.otherwise = (body) => (body.length > 700 ? { status: 413 } : 'accept');
        return receiver;
      },
    ],
    ['gRPC', async () => grpc(700)],
  ])('%s: what is too large is halved until it fits; one point that never fits is dropped', async (_, open) => {
    const receiver = await open();
    const exporter = exporterTo(receiver);
    await put(exporter, 0, 40);
    await exporter.forceFlush();
    expect(receiver.points.size).toBe(40);
    await put(exporter, 40, 1, 'x'.repeat(1000));
    await expect(exporter.forceFlush()).rejects.toMatchObject({ dropped: 1 });
    expect(exporter.stats()).toMatchObject({ received: 41, forwarded: 40, dropped: { too_large: 1 } });
    expectBalance(exporter);
  });

  test.each([
    ['HTTP', http],
    ['gRPC', grpc],
  ])('%s: points of a partial success are counted as dropped', async (_, open) => {
    const receiver = await open();
    const exporter = exporterTo(receiver);
    receiver.script.push({ rejected: 2 });
    await put(exporter, 0, 5);
    await expect(exporter.forceFlush()).rejects.toMatchObject({ dropped: 2 });
    expect(exporter.stats()).toMatchObject({ forwarded: 3, dropped: { partial_success: 2 }, retries: 0 });
    expectBalance(exporter);
  });
});

describe('requests', () => {
  test.each([
    ['HTTP gzip', http, 'gzip'],
    ['HTTP zstd', http, 'zstd'],
    ['gRPC gzip', grpc, 'gzip'],
  ] as const)('%s arrives whole, with its headers', async (_, open, compression) => {
    const receiver = await open();
    const exporter = exporterTo(receiver, { compression, headers: { 'x-tenant': 'desk' } });
    await put(exporter, 0, 50);
    await exporter.forceFlush();
    expect(receiver.points.size).toBe(50);
    expect(receiver.headers[0]!['x-tenant']).toBe('desk');
    if (receiver.url.endsWith('metrics')) expect(receiver.headers[0]!['content-encoding']).toBe(compression);
  });

  test('records are merged up to one limit and split above the other', async () => {
    const receiver = await http();
    receiver.otherwise = { status: 503 };
    const exporter = exporterTo(receiver, { maxBatchBytes: 2000, maxRequestBytes: 2500 });
    await put(exporter, 0, 1);
    await until('an attempt failed', () => exporter.stats().retries > 0);
    for (let i = 0; i < 20; i++) await put(exporter, 1 + i, 1);
    await put(exporter, 100, 200);
    receiver.otherwise = 'accept';
    await exporter.forceFlush();
    expect(receiver.points.size).toBe(221);
    expect(Math.max(...receiver.bodies.map(({ length }) => length))).toBeLessThanOrEqual(2500);
    // 20 small records of about 130 bytes in two requests, 200 points of about 55 bytes in five.
    expect(receiver.bodies.length).toBeLessThan(12);
  });

  test('in order by default; with freshFirst what is new goes before the backlog, and all of it arrives once', async () => {
    for (const freshFirst of [false, true]) {
      const receiver = await http();
      const exporter = exporterTo(receiver, { freshFirst, maxBatchBytes: 1, directory: folder() });
      receiver.otherwise = { status: 503 };
      for (let i = 0; i < 5; i++) await put(exporter, i, 1, `number ${i};`);
      await until('attempts failed', () => exporter.stats().retries > 3);
      receiver.otherwise = (body) =>
        body.includes('number 5;') || accepted(receiver).includes(5) ? 'accept' : { status: 503 };
      if (!freshFirst) receiver.otherwise = 'accept';
      await put(exporter, 5, 1, 'number 5;');
      await exporter.forceFlush();
      const order = accepted(receiver);
      if (freshFirst) expect(order[0]).toBe(5);
      else expect(order).toEqual([0, 1, 2, 3, 4, 5]);
      expect([...order].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5]);
    }
  });

  function accepted({ bodies }: Receiver): number[] {
    return bodies.flatMap((body) => [...body.toString('latin1').matchAll(/number (\d+);/g)].map(([, n]) => Number(n)));
  }
});

describe('parsing what receivers say', () => {
  test('Retry-After is seconds or a date', () => {
    expect(
      [undefined, '', 'x', '-1', '0', ' 12 ', 'Thu, 01 Jan 1970 00:00:10 GMT', 'Thu, 01 Jan 1970 00:00:00 GMT'].map(
        (value) => retryAfterMs(value, 4000),
      ),
    ).toEqual([undefined, undefined, undefined, expect.anything(), 0, 12_000, 6000, 0]);
  });

  test('responses, whole, cut off and hostile', () => {
    const partial = Buffer.from([0x0a, 6, 0x08, 3, 0x12, 2, 0x6e, 0x6f]);
    expect(readResponse(partial)).toEqual({ rejectedPoints: 3, message: 'no' });
    expect(readResponse(Buffer.alloc(0))).toEqual({ rejectedPoints: 0, message: '' });
    for (let length = 1; length < partial.length; length++)
      expect(readResponse(partial.subarray(0, length))).toBeUndefined();
    const negative = Buffer.from([0x0a, 11, 0x08, ...Array.from({ length: 9 }, () => 0xff), 1]);
    expect(readResponse(negative)).toEqual({ rejectedPoints: 0, message: '' });
    expect(readJsonResponse('{"partialSuccess":{"rejectedDataPoints":"4","errorMessage":"x"}}')).toEqual({
      rejectedPoints: 4,
      message: 'x',
    });
    expect([readJsonResponse('{}'), readJsonResponse('nope'), readJsonResponse('null')]).toEqual([
      { rejectedPoints: 0, message: '' },
      undefined,
      undefined,
    ]);
    const [status] = retryInfo(9).get('grpc-status-details-bin') as Buffer[];
    expect(readRetryDelay(status!)).toBe(9000);
    for (let length = 0; length < status!.length; length++)
      expect(() => readRetryDelay(status!.subarray(0, length))).not.toThrow();
  });
});
