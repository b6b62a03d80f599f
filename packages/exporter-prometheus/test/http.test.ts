import { afterEach, describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { PrometheusExporter, type PrometheusExporterOptions, VERSION } from '@nanometer/exporter-prometheus';
import { MeterProvider } from '@nanometer/metrics';
import { until } from '@nanometer/testing';
import { readFileSync } from 'node:fs';
import { parseText } from './support/parse-text.ts';
import { GivenProducer, metric } from './support/producer.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function served(
  options: PrometheusExporterOptions = {},
): Promise<{ exporter: PrometheusExporter; producer: GivenProducer; url: string }> {
  const exporter = new PrometheusExporter({ port: 0, withoutTargetInfo: true, ...options });
  const producer = new GivenProducer();
  producer.metrics = [metric('gauge', 'g', [{ attributes: {}, value: 1 }])];
  exporter.setMetricProducer(producer);
  closing.push(() => exporter.shutdown());
  return { exporter, producer, url: await exporter.startServer() };
}

async function get(
  url: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<{ status: number; headers: IncomingHttpHeaders; body: Buffer }> {
  const sent = request(url, { headers, method }).end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  const parts: Buffer[] = [];
  for await (const part of response) parts.push(part as Buffer);
  return { status: response.statusCode!, headers: response.headers, body: Buffer.concat(parts) };
}

describe('negotiation', () => {
  const OM = 'application/openmetrics-text';
  test.each([
    [undefined, 'text/plain; version=0.0.4; charset=utf-8'],
    ['', 'text/plain; version=0.0.4; charset=utf-8'],
    ['image/png, application/json;q=1', 'text/plain; version=0.0.4; charset=utf-8'],
    ['*/*', 'text/plain; version=0.0.4; charset=utf-8'],
    ['text/plain;version=9', 'text/plain; version=0.0.4; charset=utf-8'],
    ['text/plain;version=1.0.0', 'text/plain; version=1.0.0; charset=utf-8; escaping=underscores'],
    [
      `${OM};version=1.0.0;escaping=allow-utf-8;q=0.5,text/plain;q=0.4`,
      `${OM}; version=1.0.0; charset=utf-8; escaping=allow-utf-8`,
    ],
    [`${OM};version=1.0.0;escaping=allow-utf8;q=0.5`, `${OM}; version=1.0.0; charset=utf-8; escaping=allow-utf-8`],
    [`${OM};version=1.0.0;escaping="dots"`, `${OM}; version=1.0.0; charset=utf-8; escaping=dots`],
    [`${OM};version=1.0.0;escaping=other`, `${OM}; version=1.0.0; charset=utf-8; escaping=underscores`],
    [`${OM};version=1.0.0;q=0,${OM};version=0.0.1;q=0.1`, `${OM}; version=0.0.1; charset=utf-8`],
    [`text/plain;version=0.0.4;q=0.3,${OM};version=0.0.1;q=0.9`, `${OM}; version=0.0.1; charset=utf-8`],
    [
      `${OM};q=nonsense,text/plain;version=1.0.0;q=0.1`,
      'text/plain; version=1.0.0; charset=utf-8; escaping=underscores',
    ],
    [
      'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.6,text/plain;q=0.5',
      'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited; escaping=underscores',
    ],
    [
      'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=text;q=0.6,text/plain;version=0.0.4;q=0.5',
      'text/plain; version=0.0.4; charset=utf-8',
    ],
  ])('Accept %p gets %p', async (accept, expected) => {
    const { url } = await served();
    const { status, headers } = await get(url, accept === undefined ? {} : { accept });
    expect([status, headers['content-type']]).toEqual([200, expected]);
  });

  test.each([
    ['gzip', 'gzip'],
    ['gzip, zstd', 'zstd'],
    ['gzip;q=1, zstd;q=0.5', 'gzip'],
    ['*', 'zstd'],
    ['br', undefined],
    ['gzip;q=0', undefined],
    ['gzip;q=0.5, identity;q=0.9', undefined],
    ['', undefined],
  ])('Accept-Encoding %p gets %p', async (acceptEncoding, expected) => {
    const { url, producer } = await served();
    const points = Array.from({ length: 5000 }, (_, id) => ({ attributes: { id }, value: id }));
    producer.metrics = [metric('gauge', 'g', points)];
    const plain = (await get(url)).body.toString();
    const { headers, body } = await get(url, { 'accept-encoding': acceptEncoding });
    expect(headers['content-encoding']).toBe(expected);
    const text = expected === 'gzip' ? gunzipSync(body) : expected === 'zstd' ? zstdDecompressSync(body) : body;
    expect(text.toString()).toBe(plain);
    expect(parseText(plain).get('g')!.samples).toHaveLength(5000);
  });
});

describe('requests', () => {
  test.each([
    ['GET', '/other', 404],
    ['GET', '/metrics/', 404],
    ['GET', '/metrics?name=x', 200],
    ['HEAD', '/metrics', 200],
    ['POST', '/metrics', 405],
    ['DELETE', '/metrics', 405],
  ])('%s %s is %p, on a connection that stays open', async (method, path, status) => {
    const { url } = await served();
    const answer = await get(new URL(path, url).href, {}, method);
    expect([answer.status, answer.headers.connection]).toEqual([status, 'keep-alive']);
    if (method === 'HEAD') expect(answer.body).toHaveLength(0);
    if (status === 405) expect(answer.headers.allow).toBe('GET, HEAD');
  });

  test('in a server of one’s own are answered on any path', async () => {
    const exporter = new PrometheusExporter({ preventServerStart: true });
    const provider = new MeterProvider({ readers: [exporter] });
    const server = createServer((incoming, response) => exporter.getMetricsRequestHandler(incoming, response));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    closing.push(async () => {
      server.closeAllConnections();
      server.close();
      await provider.shutdown();
    });
    const { port } = server.address() as { port: number };
    expect((await get(`http://127.0.0.1:${port}/any`)).body.toString()).toContain('target_info{');
  });

  test('fail with 500 when collecting fails, and the next one succeeds', async () => {
    const { url, producer, exporter } = await served();
    producer.gate = () => Promise.reject(new Error('broken'));
    expect((await get(url)).status).toBe(500);
    producer.gate = () => Promise.resolve();
    expect((await get(url)).status).toBe(200);
    expect(exporter.stats()).toMatchObject({ errors: { failed: 1 }, scrapes: { 'text/0.0.4': 1 } });
  });

  test('that take longer than the scraper waits are answered 503 and counted', async () => {
    const { url, producer, exporter } = await served();
    let release: () => void = () => undefined;
    producer.gate = () =>
      new Promise((resolve) => {
        release = resolve;
      });
    expect((await get(url, { 'x-prometheus-scrape-timeout-seconds': '0.05' })).status).toBe(503);
    expect(exporter.stats().errors).toEqual({ timeout: 1 });
    release();
  });

  test('that come while one is under way share the next collection', async () => {
    const { exporter, producer } = await served();
    const first = exporter.render();
    await until('the first collection is under way', () => producer.collections === 1);
    const others = await Promise.all(Array.from({ length: 10 }, () => exporter.render()));
    expect(new Set(others.map(({ chunks }) => chunks)).size).toBe(1);
    expect(others[0]!.chunks).not.toBe((await first).chunks);
    expect(producer.collections).toBe(2);
  });

  test('beyond the limit are refused with 503', async () => {
    const { url, producer, exporter } = await served({ scrapeLimit: 1 });
    let release: () => void = () => undefined;
    producer.gate = () =>
      new Promise((resolve) => {
        release = resolve;
      });
    const first = get(url);
    await until('the first is under way', () => producer.collections === 1);
    const second = await get(url);
    expect([second.status, second.headers['retry-after']]).toEqual([503, '1']);
    release();
    expect((await first).status).toBe(200);
    expect(exporter.stats().errors).toEqual({ overloaded: 1 });
  });
});

/** More than sockets take in on their own: 20 MB. */
function largePoints(): { attributes: object; value: number }[] {
  return Array.from({ length: 2000 }, (_, id) => ({
    attributes: Object.freeze({ id, text: 'x'.repeat(10_000) }),
    value: id,
  }));
}

describe('a scraper that reads nothing', () => {
  async function stalled(url: string): Promise<Socket> {
    const { port } = new URL(url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.pause();
    // It is cut off in the end, which is what is waited for.
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    socket.write('GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n');
    return socket;
  }

  test('is cut off after the timeout, and what it held is free', async () => {
    const { url, producer, exporter } = await served({ scrapeTimeoutMillis: 300 });
    const points = largePoints();
    producer.metrics = [metric('gauge', 'g', points)];
    const socket = await stalled(url);
    await until('it is cut off', () => exporter.stats().errors.timeout === 1);
    await until('nothing is held', () => exporter.stats().heldBytes === 0);
    socket.destroy();
  });

  test('holds bytes that count against the limit; others are then refused', async () => {
    const { url, producer, exporter } = await served({ heldBytesLimit: 1000 });
    const points = largePoints();
    producer.metrics = [metric('gauge', 'g', points)];
    const socket = await stalled(url);
    await until('it holds an exposition', () => exporter.stats().heldBytes > 1000);
    expect((await get(url)).status).toBe(503);
    socket.destroy();
    await until('nothing is held', () => exporter.stats().heldBytes === 0);
    expect(exporter.stats().errors).toEqual({ overloaded: 1, aborted: 1 });
  });
});

describe('memory kept between scrapes', () => {
  /** 1 MB, every value the same. */
  const pointsOf = (value: number): { attributes: object; value: number }[] =>
    Array.from({ length: 1000 }, (_, id) => ({ attributes: Object.freeze({ id, text: 'x'.repeat(1000) }), value }));
  const valuesOf = (text: string): number[] => [
    ...new Set(
      parseText(text)
        .get('g')!
        .samples.map(({ value }) => value),
    ),
  ];

  test('is written again and does not grow', async () => {
    const { url, producer, exporter } = await served();
    const kept: number[] = [];
    for (let value = 1; value <= 4; value++) {
      producer.metrics = [metric('gauge', 'g', pointsOf(value))];
      const { body } = await get(url, value % 2 === 0 ? { 'accept-encoding': 'gzip' } : {});
      expect(valuesOf((value % 2 === 0 ? gunzipSync(body) : body).toString())).toEqual([value]);
      await until('it is given back', () => exporter.stats().pooledBytes > 0);
      kept.push(exporter.stats().pooledBytes);
    }
    expect(kept[0]).toBeGreaterThanOrEqual(1e6);
    expect(kept).toEqual(kept.map(() => kept[0]));
  });

  test.each([
    [0, 0],
    [600_000, 2 * 256 * 1024],
  ])('a limit of %p bytes keeps %p', async (pooledBytesLimit, expected) => {
    const { url, producer, exporter } = await served({ pooledBytesLimit });
    producer.metrics = [metric('gauge', 'g', pointsOf(1))];
    await get(url);
    await until('nothing is held', () => exporter.stats().heldBytes === 0);
    expect(exporter.stats().pooledBytes).toBe(expected);
  });

  test('is not that of a scraper that is still reading', async () => {
    const { url, producer, exporter } = await served();
    producer.metrics = [
      metric(
        'gauge',
        'g',
        largePoints().map(({ attributes }) => ({ attributes, value: 7 })),
      ),
    ];
    const slow = request(url).end();
    const [response] = (await once(slow, 'response')) as [IncomingMessage];
    await until('it holds an exposition', () => exporter.stats().heldBytes > 0);
    producer.metrics = [metric('gauge', 'g', pointsOf(8))];
    for (let scrape = 0; scrape < 5; scrape++) expect(valuesOf((await get(url)).body.toString())).toEqual([8]);
    const parts: Buffer[] = [];
    for await (const part of response) parts.push(part as Buffer);
    expect(valuesOf(Buffer.concat(parts).toString())).toEqual([7]);
  });

  test('is not that of a scrape that was cut off, nor of what render gave', async () => {
    const { url, producer, exporter } = await served({ scrapeTimeoutMillis: 300 });
    producer.metrics = [metric('gauge', 'g', largePoints())];
    const socket = connect(Number(new URL(url).port), '127.0.0.1').on('error', () => undefined);
    socket.pause();
    socket.write('GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n');
    await until('it is cut off', () => exporter.stats().errors.timeout === 1);
    socket.destroy();
    await exporter.render();
    expect(exporter.stats().pooledBytes).toBe(0);
  });

  test('comes back when the last of all who share an exposition has released it', async () => {
    const { producer, exporter } = await served();
    producer.metrics = [metric('gauge', 'g', pointsOf(1))];
    const [first, second] = await Promise.all([exporter.render(), exporter.render()]);
    expect(first.chunks).toBe(second.chunks);
    first.release();
    first.release();
    expect(exporter.stats().pooledBytes).toBe(0);
    second.release();
    expect(exporter.stats().pooledBytes).toBeGreaterThan(0);
  });
});

describe('options', () => {
  test.each<[PrometheusExporterOptions, string, string]>([
    [{ port: 70_000 }, 'INVALID_OPTION', 'port is 70000'],
    [{ port: NaN }, 'INVALID_OPTION', 'port is NaN'],
    [{ sliceMillis: 0 }, 'INVALID_OPTION', 'sliceMillis is 0'],
    [{ pooledBytesLimit: -1 }, 'INVALID_OPTION', 'pooledBytesLimit is -1; expected a whole number from 0'],
    [{ scrapeLimit: 1.5 }, 'INVALID_OPTION', 'scrapeLimit is 1.5'],
    [{ translationStrategy: 'Nothing' as never }, 'INVALID_OPTION', 'translationStrategy is "Nothing"'],
    [{ appendTimestamp: true as never }, 'UNSUPPORTED_OPTION', 'appendTimestamp'],
  ])('%p is refused with what would be right', (options, code, text) => {
    let thrown: unknown;
    try {
      void new PrometheusExporter({ preventServerStart: true, ...options });
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ code, message: expect.stringContaining(text) });
  });

  test('the environment gives host and port, and 127.0.0.1:9090 is the default', async () => {
    const { resolveOptions } = await import('../src/options.ts');
    expect(resolveOptions({}, {})).toMatchObject({ host: '127.0.0.1', port: 9090, endpoint: '/metrics' });
    const environment = { OTEL_EXPORTER_PROMETHEUS_HOST: '0.0.0.0', OTEL_EXPORTER_PROMETHEUS_PORT: '9464' };
    expect(resolveOptions({ endpoint: 'm' }, environment)).toMatchObject({
      host: '0.0.0.0',
      port: 9464,
      endpoint: '/m',
    });
    expect(resolveOptions({ port: 1 }, environment)).toMatchObject({ port: 1 });
    expect(() => resolveOptions({}, { OTEL_EXPORTER_PROMETHEUS_PORT: 'x' })).toThrow(
      'OTEL_EXPORTER_PROMETHEUS_PORT is "x"',
    );
  });

  test('a port in use is told to the callback', async () => {
    const { url } = await served();
    const error = await new Promise((resolve) => {
      const second = new PrometheusExporter({ port: Number(new URL(url).port) }, resolve);
      closing.push(() => second.shutdown());
    });
    expect(error).toMatchObject({ code: 'PORT_IN_USE' });
  });

  test('the version is that of package.json', () => {
    const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
    expect((JSON.parse(manifest) as { version: string }).version).toBe(VERSION);
  });
});

test('its own metrics join those of a provider that observes itself, and balance', async () => {
  const exporter = new PrometheusExporter({ preventServerStart: true });
  const provider = new MeterProvider({ readers: [exporter], sdkMetricsEnabled: true });
  await exporter.render();
  const families = parseText(Buffer.concat((await exporter.render()).chunks).toString());
  const value = (name: string): number => families.get(name)!.samples[0]!.value;
  expect(value('nanometer_prometheus_point_received_total')).toBeGreaterThan(0);
  expect(value('nanometer_prometheus_point_held')).toBe(0);
  const collection = families.get('otel_sdk_metric_reader_collection_duration_seconds')!.samples[0]!;
  expect(collection.labels['otel_component_type']).toBe('prometheus_http_text_metric_exporter');
  await provider.shutdown();
  await expect(exporter.collect()).rejects.toThrow('shut down');
});
