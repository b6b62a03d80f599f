import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createSocket } from 'node:dgram';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { type Bridge, createBridge } from '@nanometer/bridge';
import { runCli } from '../src/cli.ts';
import type { Check } from '../src/doctor/check.ts';
import { environmentChecks } from '../src/doctor/environment-checks.ts';
import { reachCheck } from '../src/doctor/reach-checks.ts';
import { apiCopiesCheck, moduleSystemCheck, nodeVersionCheck } from '../src/doctor/runtime-checks.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function doctor(...args: string[]): Promise<{ code: number; ok: boolean; checks: Record<string, Check> }> {
  const out: string[] = [];
  const terminal = { out: (line: string) => void out.push(line), err: () => {}, status: () => {} };
  const code = await runCli(['doctor', '--json', ...args], { terminal, interrupted: new AbortController().signal });
  const { ok, checks } = JSON.parse(out.join('')) as { ok: boolean; checks: Check[] };
  return { code, ok, checks: Object.fromEntries(checks.map((check) => [check.id, check])) };
}

async function bridge(options: Parameters<typeof createBridge>[0] = {}): Promise<Bridge> {
  const made = await createBridge({ port: 0, otlpGrpcPort: 0, otlpHttpPort: 0, ...options });
  cleanups.push(() => made.close());
  return made;
}

/** New values of two thousand gauges. */
async function post(otlpHttp: string, value: number): Promise<void> {
  const timeUnixNano = `${BigInt(Date.now()) * 1_000_000n}`;
  const metrics = Array.from({ length: 2_000 }, (_, index) => {
    return { name: `busy.${index}`, gauge: { dataPoints: [{ timeUnixNano, asInt: String(value) }] } };
  });
  const body = JSON.stringify({ resourceMetrics: [{ scopeMetrics: [{ metrics }] }] });
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(new URL('v1/metrics', `${otlpHttp}/`), { method: 'POST', headers, body });
  await answer.arrayBuffer();
}

describe('nanometer doctor', () => {
  test('sees its probe at every hop of a bridge', async () => {
    const { addresses } = await bridge();
    const { code, ok, checks } = await doctor('--bridge', addresses.page, '--otlp', addresses.otlpHttp);
    expect({ code, ok }).toEqual({ code: 0, ok: true });
    for (const hop of ['probe → OTLP', 'live stream', 'bridge /metrics']) {
      expect(checks[hop]).toMatchObject({ status: 'ok', durationMs: expect.any(Number) });
    }
    expect(checks['prometheus']?.status).toBe('skip');
  });

  test('sees its probe leave for StatsD while the bridge is busy and always holds something', async () => {
    const server = createSocket('udp4').bind(0, '127.0.0.1');
    cleanups.push(() => server.close());
    await once(server, 'listening');
    const { addresses } = await bridge({
      statsd: { host: '127.0.0.1', port: server.address().port, flushIntervalMillis: 50 },
    });
    const busy = new AbortController();
    const producer = (async () => {
      for (let value = 0; !busy.signal.aborted; value++) await post(addresses.otlpHttp, value);
    })();
    const { checks } = await doctor('--bridge', addresses.page, '--otlp', addresses.otlpHttp);
    busy.abort();
    await producer;
    expect(checks['statsd']).toMatchObject({ status: 'ok' });
  });

  test('shows a bridge that asks for tokens the one of the environment at every hop', async () => {
    const liveTokens = [{ name: 'me', token: 'a-token-of-this-test' }];
    const folder = mkdtempSync(join(tmpdir(), 'nanometer-doctor-'));
    cleanups.push(() => rmSync(folder, { recursive: true }));
    const { addresses } = await bridge({ liveTokens, history: { path: join(folder, 'history.sqlite') } });
    process.env['NANOMETER_TOKEN'] = liveTokens[0]!.token;
    cleanups.push(() => delete process.env['NANOMETER_TOKEN']);
    const { code, checks } = await doctor('--bridge', addresses.page, '--otlp', addresses.otlpHttp);
    expect(code).toBe(0);
    for (const hop of ['live stream', 'bridge /metrics', 'history'])
      expect(checks[hop]).toMatchObject({ status: 'ok' });
  });

  test('ends with 1 and says how to start a bridge where there is none', async () => {
    const { code, ok, checks } = await doctor('--bridge', 'http://127.0.0.1:9/');
    expect({ code, ok }).toEqual({ code: 1, ok: false });
    expect(checks['bridge']).toMatchObject({ status: 'fail', fix: expect.stringContaining('nanometer up') });
    expect(checks['probe → OTLP']).toBeUndefined();
  });

  test('names the hop that the probe does not reach', async () => {
    const shown = await bridge();
    const other = await bridge();
    const args = ['--bridge', shown.addresses.page, '--otlp', other.addresses.otlpHttp, '--wait', '0.2'];
    const { code, checks } = await doctor(...args);
    expect(code).toBe(1);
    expect(checks['probe → OTLP']?.status).toBe('ok');
    expect(checks['live stream']).toMatchObject({ status: 'fail', fix: expect.stringContaining('--bridge') });
    expect(checks['bridge /metrics']?.status).toBe('fail');
  });

  test('tells what an OTLP address answers that takes no metrics', async () => {
    const { addresses } = await bridge();
    const { code, checks } = await doctor('--bridge', addresses.page, '--otlp', addresses.page);
    expect(code).toBe(1);
    expect(checks['probe → OTLP']).toMatchObject({ status: 'fail', detail: expect.stringContaining('HTTP 405') });
  });
});

describe('the environment', () => {
  test.each([
    ['OTEL_EXPORTER_OTLP_PROTOCOL', 'http', 'expected one of grpc, http/protobuf, http/json'],
    ['OTEL_METRICS_EXPORTER', 'otlp,promethus', 'expected otlp, prometheus, console, none, or several'],
    ['OTEL_METRIC_EXPORT_INTERVAL', '10s', 'expected whole milliseconds above 0'],
    ['OTEL_METRIC_EXPORT_INTERVAL', '0', 'expected whole milliseconds above 0'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'localhost:4317', 'expected a URL with http:// or https://'],
    ['OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE', 'DELTA', 'expected one of cumulative, delta, lowmemory'],
    ['OTEL_RESOURCE_ATTRIBUTES', 'desk', 'expected key=value pairs'],
    ['OTEL_EXPORTER_PROMETHEUS_PORT', '99999', 'expected a port'],
  ])('%s=%s is refused with what would be right', (name, value, fix) => {
    expect(environmentChecks({ [name]: value })).toMatchObject([
      { status: 'fail', detail: `${name} cannot be "${value}"`, fix: expect.stringContaining(fix) },
    ]);
  });

  test('with a misspelled name gets a guess, one of another signal none', () => {
    expect(environmentChecks({ OTEL_METRICS_EXPORTR: 'otlp' })).toMatchObject([
      { status: 'warn', fix: 'did you mean OTEL_METRICS_EXPORTER?' },
    ]);
    expect(environmentChecks({ OTEL_TRACES_SAMPLER: 'always_on' })).toMatchObject([{ status: 'ok' }]);
  });

  test('keeps the values of headers to itself', () => {
    const [check] = environmentChecks({ OTEL_EXPORTER_OTLP_HEADERS: 'hunter2' });
    expect(check).toMatchObject({ status: 'fail' });
    expect(JSON.stringify(check)).not.toContain('hunter2');
  });

  test('says that nothing is recorded when the SDK is disabled', () => {
    expect(environmentChecks({ OTEL_SDK_DISABLED: 'true' })).toMatchObject([{ status: 'warn' }]);
    expect(environmentChecks({ OTEL_SDK_DISABLED: 'false', OTEL_SERVICE_NAME: 'desk' })).toMatchObject([
      { status: 'ok', detail: '2 OTEL_ variables, all readable' },
    ]);
  });
});

describe('the runtime', () => {
  test.each([
    ['v20.19.0', 'fail'],
    ['v22.14.9', 'fail'],
    ['v22.15.0', 'ok'],
    ['v24.0.0', 'ok'],
  ])('Node %s is %s', (version, status) => {
    expect(nodeVersionCheck(version).status).toBe(status);
  });

  function project(files: Readonly<Record<string, string>>): string {
    const folder = mkdtempSync(join(tmpdir(), 'nanometer-doctor-'));
    cleanups.push(() => rmSync(folder, { recursive: true }));
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(join(folder, path, '..'), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    return folder;
  }

  test('with two versions of the API is warned, wherever the second one hides', () => {
    const folder = project({
      'node_modules/@opentelemetry/api/package.json': '{"version":"1.10.0"}',
      'node_modules/@desk/lib/node_modules/@opentelemetry/api/package.json': '{"version":"1.4.1"}',
    });
    const check = apiCopiesCheck(folder);
    expect(check).toMatchObject({ status: 'warn', fix: expect.stringContaining('npm dedupe') });
    expect(check.detail).toContain('1.4.1 in node_modules/@desk/lib/node_modules/@opentelemetry/api');
  });

  test('with one version, or none, is not', () => {
    const one = { 'node_modules/@opentelemetry/api/package.json': '{"version":"1.10.0"}' };
    expect(apiCopiesCheck(project(one))).toMatchObject({ status: 'ok', detail: '@opentelemetry/api 1.10.0' });
    expect(apiCopiesCheck(project({}))).toMatchObject({ status: 'skip' });
  });

  test('tells the module system, and a package.json that cannot be read', () => {
    expect(moduleSystemCheck(project({ 'package.json': '{"type":"module"}' })).detail).toContain('ES modules');
    expect(moduleSystemCheck(project({ 'package.json': '{}' })).detail).toContain('CommonJS');
    expect(moduleSystemCheck(project({ 'package.json': '{' }))).toMatchObject({ status: 'fail' });
    expect(moduleSystemCheck(project({}))).toMatchObject({ status: 'skip' });
  });
});

test('a clock that is off is told', async () => {
  const server = createServer((_, response) => {
    response.setHeader('date', new Date(Date.now() + 3_600_000).toUTCString());
    response.end('ok');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanups.push(() => server.close());
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  expect(await reachCheck('bridge', url, 'healthz', 'fix')).toMatchObject({
    status: 'warn',
    detail: expect.stringMatching(/clock is (3599|3600) s/),
  });
});
