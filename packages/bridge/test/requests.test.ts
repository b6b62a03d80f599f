import { createServer } from 'node:net';
import { deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { Client, credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Bridge, BridgeError, type BridgeOptions, createBridge } from '@nanometer/bridge';
import { until } from '@nanometer/testing';
import { atEnd, cleanUp, FAN_OUTS, post, scrape, serveBy, startBridge } from './support/bridge.ts';
import { parseExposition, sampleOf } from './support/exposition.ts';
import { request } from './support/otlp.ts';
import { RawHttp } from './support/raw-http.ts';

afterEach(cleanUp);

const gauge = (value: number, time = 2n): Buffer => request([{ name: 'level', gauge: [{ value, time }] }]);
const level = async (bridge: Bridge): Promise<number | undefined> => sampleOf(await scrape(bridge), 'level');

/** A google.rpc.Status. */
function rpcStatus(bytes: Uint8Array): { code: number; message: string } {
  const buffer = Buffer.from(bytes);
  expect([buffer[0], buffer[2]]).toEqual([0x08, 0x12]);
  const longMessage = buffer[3]! > 127;
  return { code: buffer[1]!, message: buffer.toString('utf8', longMessage ? 5 : 4) };
}

async function rawHttp(bridge: Bridge): Promise<RawHttp> {
  const raw = await RawHttp.open(bridge.addresses.otlpHttp);
  atEnd(() => raw.socket.destroy());
  return raw;
}

const head = (headers: string): string =>
  `POST /v1/metrics HTTP/1.1\nHost: localhost\nContent-Type: application/x-protobuf\n${headers}\n\n`;

describe('OTLP over HTTP', () => {
  test.each<[string, (bytes: Buffer) => Buffer, Record<string, string>]>([
    ['plain', (bytes) => bytes, {}],
    ['gzip', gzipSync, { 'content-encoding': 'gzip' }],
    ['GZIP and a charset', gzipSync, { 'content-encoding': 'GZIP', 'content-type': 'Application/X-Protobuf; v=1' }],
    ['deflate', deflateSync, { 'content-encoding': 'deflate' }],
    ['zstd', zstdCompressSync, { 'content-encoding': 'zstd' }],
    ['identity', (bytes) => bytes, { 'content-encoding': 'identity' }],
  ])('takes a body that is %s', async (_, encode, headers) => {
    const bridge = await startBridge();
    const response = await post(bridge, encode(gauge(4)), headers);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/x-protobuf');
    expect((await response.arrayBuffer()).byteLength).toBe(0);
    expect(await level(bridge)).toBe(4);
  });

  test('an empty request is a request without points', async () => {
    const bridge = await startBridge();
    expect((await post(bridge, new Uint8Array(0))).status).toBe(200);
    expect(bridge.stats()).toMatchObject({ receivedBy: { http: 0 }, requests: { http: { '': 1 } } });
  });

  test.each<[string, Uint8Array, Record<string, string>, number, number, RegExp]>([
    ['bytes that are no OTLP', Buffer.from('hello'), {}, 400, status.INVALID_ARGUMENT, /malformed OTLP metrics/],
    ['a cut request', gauge(1).subarray(0, 20), {}, 400, status.INVALID_ARGUMENT, /exceeds what is left at byte 1/],
    ['bytes that are no gzip', gauge(1), { 'content-encoding': 'gzip' }, 400, status.INVALID_ARGUMENT, /decompress/],
    [
      'a cut gzip',
      gzipSync(gauge(1)).subarray(0, 30),
      { 'content-encoding': 'gzip' },
      400,
      status.INVALID_ARGUMENT,
      /unexpected end/,
    ],
    ['brotli', gauge(1), { 'content-encoding': 'br' }, 415, status.INVALID_ARGUMENT, /use gzip, deflate, zstd or none/],
    ['bytes that are no zstd', gauge(1), { 'content-encoding': 'zstd' }, 400, status.INVALID_ARGUMENT, /decompress/],
    [
      'a form',
      Buffer.from('a=b'),
      { 'content-type': 'text/plain' },
      415,
      status.INVALID_ARGUMENT,
      /application\/x-protobuf/,
    ],
    ['a body over the limit', Buffer.alloc(5000), {}, 413, status.RESOURCE_EXHAUSTED, /larger than 2048 bytes/],
    [
      'a gzip bomb',
      gzipSync(Buffer.alloc(50_000_000)).subarray(0, 2000),
      { 'content-encoding': 'gzip' },
      413,
      status.RESOURCE_EXHAUSTED,
      /larger than 2048 bytes/,
    ],
  ])('%s is refused with a google.rpc.Status and nothing is stored', async (_, body, headers, code, rpc, message) => {
    const bridge = await startBridge({ maxRequestBytes: 2048 });
    const response = await post(bridge, body, headers);
    expect(response.status).toBe(code);
    const answer = rpcStatus(new Uint8Array(await response.arrayBuffer()));
    expect(answer.code).toBe(rpc);
    expect(answer.message).toMatch(message);
    expect(bridge.stats()).toMatchObject({ receivedBy: { http: 0 }, series: 0, requests: { http: { [code]: 1 } } });
    expect((await post(bridge, gauge(3))).status).toBe(200);
    expect(await level(bridge)).toBe(3);
  });

  test('another path or method says where to go', async () => {
    const bridge = await startBridge();
    const traces = await fetch(`${bridge.addresses.otlpHttp}/v1/traces`, { method: 'POST', body: 'x' });
    expect(traces.status).toBe(404);
    const get = await fetch(`${bridge.addresses.otlpHttp}/v1/metrics`);
    expect([get.status, get.headers.get('allow')]).toEqual([405, 'POST']);
  });

  test('after any refusal the same connection takes the next request', async () => {
    const bridge = await startBridge({ maxRequestBytes: 4096 });
    const raw = await rawHttp(bridge);
    const bomb = gzipSync(Buffer.alloc(100_000));
    const refusals: [string, Uint8Array, number][] = [
      [head('Content-Length: 5'), Buffer.from('hello'), 400],
      [head('Content-Length: 200000'), Buffer.alloc(200_000), 413],
      [head(`Content-Encoding: gzip\nContent-Length: ${bomb.length}`), bomb, 413],
      [head('Transfer-Encoding: chunked'), Buffer.from(`1770\r\n${'x'.repeat(6000)}\r\n0\r\n\r\n`), 413],
      [head('Content-Encoding: br\nContent-Length: 3'), Buffer.from('abc'), 415],
    ];
    for (const [index, [headers, body, code]] of refusals.entries()) {
      raw.write(headers, body);
      expect((await raw.response()).status).toBe(code);
      const good = gauge(index, BigInt(index + 2));
      raw.write(head(`Content-Length: ${good.length}`), good);
      expect((await raw.response()).status).toBe(200);
    }
    expect(await level(bridge)).toBe(refusals.length - 1);
  });

  test('a sender that asks first is told at once, and sends its body only when it is wanted', async () => {
    const bridge = await startBridge({ maxRequestBytes: 4096 });
    const good = gauge(7);
    const raw = await rawHttp(bridge);
    raw.write(head(`Expect: 100-continue\nContent-Length: ${good.length}`));
    expect((await raw.response()).status).toBe(100);
    raw.socket.write(good);
    expect((await raw.response()).status).toBe(200);
    raw.write(head('Expect: 100-continue\nContent-Length: 5000'));
    const refusal = await raw.response();
    expect([refusal.status, refusal.headers['connection']]).toEqual([413, 'close']);
    await raw.closed;
    expect(await level(bridge)).toBe(7);
  });

  test('a connection cut in the middle of a body leaves nothing but a count', async () => {
    const bridge = await startBridge();
    for (const encoding of ['', 'Content-Encoding: gzip\n']) {
      const raw = await rawHttp(bridge);
      raw.write(head(`${encoding}Content-Length: 1000`), gzipSync(gauge(1)).subarray(0, 20));
      raw.socket.end();
    }
    await until('both are counted', () => bridge.stats().requests.http['400'] === 2);
    expect(bridge.stats().series).toBe(0);
    expect((await post(bridge, gauge(1))).status).toBe(200);
  });

  test('a sender that dawdles over head or body is cut off', async () => {
    const bridge = await startBridge({ requestTimeoutMillis: 200 });
    const slowHead = await rawHttp(bridge);
    slowHead.write('POST /v1/metrics HTTP/1.1\nHost: localhost\n');
    const slowBody = await rawHttp(bridge);
    slowBody.write(head('Content-Length: 100'), Buffer.alloc(10));
    const slowPage = await RawHttp.open(bridge.addresses.page);
    slowPage.write('GET /metrics HTTP/1.1\n');
    await Promise.all([slowHead.closed, slowBody.closed, slowPage.closed]);
    expect(bridge.stats().series).toBe(0);
  });

  test('points that were refused are told as a partial success', async () => {
    const bridge = await startBridge({ seriesLimit: 1 });
    const body = request([
      { name: 'a', gauge: [{ value: 1 }] },
      { name: 'b', gauge: [{ value: 1 }, { value: 1 }] },
      { name: 'c', summary: 1 },
    ]);
    const response = await post(bridge, body);
    expect(response.status).toBe(200);
    const answer = Buffer.from(await response.arrayBuffer());
    const text = '2 series_limit, 1 unsupported_type';
    expect(answer).toEqual(
      Buffer.concat([Buffer.from([0x0a, 4 + text.length, 0x08, 3, 0x12, text.length]), Buffer.from(text)]),
    );
  });
});

describe('OTLP over gRPC', () => {
  const PATH = '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export';
  const pass = (bytes: Buffer): Buffer => bytes;

  function grpcClient(bridge: Bridge): Client {
    const client = new Client(bridge.addresses.otlpGrpc, credentials.createInsecure(), {
      'grpc.default_compression_algorithm': 2,
    });
    atEnd(() => client.close());
    return client;
  }

  function call(client: Client, body: Uint8Array, path = PATH): Promise<Buffer | ServiceError> {
    return new Promise((resolve) => {
      client.makeUnaryRequest(path, pass, pass, Buffer.from(body), new Metadata(), (error, value) =>
        resolve(error ?? value!),
      );
    });
  }

  test('malformed bytes are INVALID_ARGUMENT, too many RESOURCE_EXHAUSTED, and the channel goes on', async () => {
    const bridge = await startBridge({ maxRequestBytes: 4096 });
    const client = grpcClient(bridge);
    expect(await call(client, Buffer.from('hello'))).toMatchObject({
      code: status.INVALID_ARGUMENT,
      details: expect.stringContaining('malformed OTLP metrics'),
    });
    // Compressed it is small: the limit holds for what it inflates to.
    expect(await call(client, Buffer.alloc(1_000_000))).toMatchObject({ code: status.RESOURCE_EXHAUSTED });
    expect(await call(client, gauge(1), '/opentelemetry.proto.collector.trace.v1.TraceService/Export')).toMatchObject({
      code: status.UNIMPLEMENTED,
    });
    expect(await call(client, gauge(5))).toEqual(Buffer.alloc(0));
    expect(await level(bridge)).toBe(5);
    expect(bridge.stats().requests.grpc).toEqual({ INVALID_ARGUMENT: 1, '': 1 });
  });

  test('refused points are a partial success', async () => {
    const bridge = await startBridge();
    const answer = (await call(grpcClient(bridge), request([{ name: 'a', summary: 2 }]))) as Buffer;
    expect(answer.toString('latin1')).toContain('2 unsupported_type');
  });

  test('closing ends idle channels and lets the bridge go', async () => {
    const bridge = await startBridge();
    const client = grpcClient(bridge);
    await call(client, gauge(5));
    await bridge.close();
    expect(await call(client, gauge(6))).toMatchObject({ code: status.UNAVAILABLE });
  });
});

describe('start and end', () => {
  test.each<[keyof BridgeOptions & `${string}ort`]>([['port'], ['otlpHttpPort'], ['otlpGrpcPort']])(
    'a taken %s is named, and what had started is closed',
    async (option) => {
      const taken = createServer().listen(0, '127.0.0.1');
      atEnd(() => taken.close());
      await until('it listens', () => taken.listening);
      const { port } = taken.address() as { port: number };
      const free = { port: 0, otlpHttpPort: 0, otlpGrpcPort: 0 };
      const failure = await createBridge({ ...free, [option]: port, statsd: {} }).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(BridgeError);
      expect(failure).toMatchObject({
        code: 'PORT_IN_USE',
        option,
        message: `port ${port} on 127.0.0.1 is in use; choose another with ${option} (0 takes any free port)`,
      });
    },
  );

  test('an address that is not ours is named', async () => {
    const failure = await createBridge({ host: '192.0.2.1', port: 0, plaintext: true }).catch(
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({ code: 'LISTEN_FAILED', option: 'port' });
    expect(String(failure)).toContain('cannot listen on 192.0.2.1:0 (port)');
  });

  test.each<[BridgeOptions, string, string]>([
    [{ port: 70_000 }, 'port', 'port is 70000; it must be a whole number from 0 to 65535'],
    [{ otlpGrpcPort: -1 }, 'otlpGrpcPort', 'otlpGrpcPort is -1'],
    [{ otlpHttpPort: Number.NaN }, 'otlpHttpPort', 'otlpHttpPort is NaN'],
    [{ host: '' }, 'host', 'host is ""'],
    [{ seriesLimit: 0 }, 'seriesLimit', 'seriesLimit is 0'],
    [{ maxRequestBytes: 1.5 }, 'maxRequestBytes', 'maxRequestBytes is 1.5'],
    [{ requestTimeoutMillis: 0 }, 'requestTimeoutMillis', 'requestTimeoutMillis is 0'],
    [{ percentileWindowMillis: 1 }, 'percentileWindowMillis', 'percentileWindowMillis is 1'],
    [{ statsd: { port: 0 } }, 'statsd.port', 'statsd.port is 0'],
    [{ statsd: { mtuBytes: 1 } }, 'statsd.mtuBytes', 'statsd.mtuBytes is 1'],
    [{ statsd: { flushIntervalMillis: 0 } }, 'statsd.flushIntervalMillis', 'statsd.flushIntervalMillis is 0'],
    [{ statsd: { packetsPerSecond: 0 } }, 'statsd.packetsPerSecond', 'statsd.packetsPerSecond is 0'],
    [{ statsd: { dialect: 'cobol' as never } }, 'statsd.dialect', 'statsd.dialect is "cobol"; one of etsy'],
    [{ statsd: { initialValue: 'no' as never } }, 'statsd.initialValue', 'statsd.initialValue is "no"'],
  ])('%j is an error that names the option', async (options, option, message) => {
    const failure = await createBridge({ port: 0, otlpGrpcPort: 0, otlpHttpPort: 0, ...options }).catch(
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(BridgeError);
    expect(failure).toMatchObject({ code: 'INVALID_OPTION', option });
    expect(String(failure)).toContain(message);
  });

  test('close can be asked for twice, and everything is over then', async () => {
    const bridge = await startBridge();
    await Promise.all([bridge.close(), bridge.close()]);
    await bridge.close();
    for (const url of [bridge.addresses.page, bridge.addresses.otlpHttp]) await expect(fetch(url)).rejects.toThrow();
  });

  test('IPv6 addresses are written as URLs want them', async () => {
    const bridge = await startBridge({ host: '::1' });
    expect(bridge.addresses.page).toMatch(/^http:\/\/\[::1\]:\d+\/$/);
    expect((await fetch(`${bridge.addresses.page}healthz`)).status).toBe(200);
    expect(bridge.addresses.otlpGrpc).toMatch(/^\[::1\]:\d+$/);
  });
});

describe.each(FAN_OUTS)('page server, the stream served %s:', (fanOut) => {
  beforeEach(() => serveBy(fanOut));

  test('healthz, stats and an unknown path', async () => {
    const bridge = await startBridge();
    await post(bridge, gauge(1));
    const health = await fetch(`${bridge.addresses.page}healthz`);
    expect([health.status, await health.text()]).toEqual([200, 'ok\n']);
    const stats = await fetch(`${bridge.addresses.page}api/v1/stats`);
    expect(stats.headers.get('content-type')).toBe('application/json');
    expect(await stats.json()).toEqual(JSON.parse(JSON.stringify(bridge.stats())));
    expect((await fetch(`${bridge.addresses.page}nothing`)).status).toBe(404);
    const posted = await fetch(bridge.addresses.page, { method: 'POST', body: 'x' });
    expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });

  test('the page comes with its policy and only when it has changed, or says why there is none', async () => {
    const bridge = await startBridge();
    const page = await fetch(bridge.addresses.page);
    const body = await page.text();
    if (page.status === 503) {
      expect(body).toContain('npm run build');
      return;
    }
    expect(page.status).toBe(200);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(body).toContain('<!doctype html>');
    const etag = page.headers.get('etag')!;
    expect(etag).toMatch(/^"[\w-]{43}"$/);
    const again = await fetch(bridge.addresses.page, { headers: { 'if-none-match': `"other", W/${etag}` } });
    expect([again.status, await again.text()]).toEqual([304, '']);
    const changed = await fetch(bridge.addresses.page, { headers: { 'if-none-match': '"other"' } });
    expect(changed.status).toBe(200);
  });

  test('HEAD of /metrics has the length of GET and no body', async () => {
    const bridge = await startBridge();
    await post(bridge, gauge(1));
    const get = await fetch(bridge.addresses.metrics);
    const headed = await fetch(bridge.addresses.metrics, { method: 'HEAD' });
    expect(headed.status).toBe(200);
    expect(headed.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(headed.headers.get('content-length')).toBe(get.headers.get('content-length'));
    expect(await headed.text()).toBe('');
  });

  test('concurrent scrapes while points arrive are each whole', async () => {
    const bridge = await startBridge();
    const rounds = Array.from({ length: 20 }, (_, index) => BigInt(index + 1));
    const bodies = rounds.map((time) =>
      request([
        { name: 'c', sum: [{ value: Number(time), time }], monotonic: true },
        { name: 'h', histogram: [{ count: Number(time), sum: 1, bounds: [1], counts: [Number(time), 0], time }] },
      ]),
    );
    const texts = await Promise.all(
      bodies.flatMap((body) => [post(bridge, body).then(() => ''), scrape(bridge), scrape(bridge)]),
    );
    for (const text of texts) parseExposition(text);
    const last = await scrape(bridge);
    const { received, forwarded, dropped } = bridge.stats().outputs.prometheus!;
    expect(received).toBe(40);
    expect(forwarded + Object.values(dropped).reduce((a, b) => a + b, 0)).toBe(40);
    expect(sampleOf(last, 'c_total')).toBe(20);
  });

  test('the bridge’s own numbers stand beside what it received', async () => {
    const bridge = await startBridge();
    await post(bridge, Buffer.from('hello'));
    await post(bridge, gauge(1));
    await post(bridge, gauge(1));
    const text = await scrape(bridge);
    const own = (name: string, labels: Record<string, string> = {}): number | undefined =>
      sampleOf(text, `nanometer_bridge_${name}`, labels);
    expect(own('request_count_total', { nanometer_transport: 'http', error_type: '400' })).toBe(1);
    expect(own('point_received_total', { nanometer_transport: 'http' })).toBe(2);
    expect(own('point_forwarded_total', { nanometer_output: 'live' })).toBe(1);
    expect(own('point_held', { nanometer_output: 'live' })).toBe(0);
    expect(
      own('point_dropped_total', { nanometer_output: 'prometheus', nanometer_drop_cause: 'duplicate_point' }),
    ).toBe(1);
    expect(own('series_active')).toBe(1);
  });
});
