// Who may send OTLP, over gRPC and HTTP, with and without TLS.
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request as send } from 'node:https';
import { networkInterfaces } from 'node:os';
import { Client, credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { afterEach, describe, expect, test } from '@jest/globals';
import { type Bridge, type BridgeOptions, createBridge } from '@nanometer/bridge';
import { OtlpExporter } from '@nanometer/exporter-otlp';
import { MeterProvider } from '@nanometer/metrics';
import { testCertificate } from '@nanometer/testing';
import { PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { atEnd, cleanUp, post, startBridge } from './support/bridge.ts';
import { request } from './support/otlp.ts';

afterEach(cleanUp);

const SENDER = 'a-secret-of-a-service';
const BODY = request([{ name: 'desk.fills', gauge: [{ value: 3 }] }]);
const OPEN_HOST: BridgeOptions = { host: '0.0.0.0', plaintext: true };
/** An address of this machine that is not loopback: from there a service is as good as one in another container. */
const OUTSIDE = Object.values(networkInterfaces())
  .flat()
  .find((each) => each !== undefined && !each.internal && each.family === 'IPv4')?.address;

const bearer = (token: string | undefined): Record<string, string> =>
  token === undefined ? {} : { authorization: `Bearer ${token}` };

/** The status of a gRPC export, and its details. */
function grpcStatus(
  address: string,
  headers: Record<string, string>,
  channel = credentials.createInsecure(),
): Promise<Partial<ServiceError>> {
  const client = new Client(address, channel, { 'grpc.ssl_target_name_override': 'localhost' });
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
  const pass = (bytes: Buffer): Buffer => bytes;
  const path = '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export';
  return new Promise((resolve) => {
    client.makeUnaryRequest(path, pass, pass, BODY, metadata, (error) => {
      client.close();
      resolve(error ?? { code: status.OK });
    });
  });
}

/** HTTP status and gRPC code of an export by `host`. */
async function answers(
  { addresses }: Bridge,
  headers: Record<string, string>,
  host = '127.0.0.1',
): Promise<readonly (number | undefined)[]> {
  const at = (address: string): string => address.replace('0.0.0.0', host);
  const response = await fetch(`${at(addresses.otlpHttp)}/v1/metrics`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf', ...headers },
    body: new Uint8Array(BODY),
  });
  if (response.status === 401) expect(response.headers.get('www-authenticate')).toBe('Bearer');
  return [response.status, (await grpcStatus(at(addresses.otlpGrpc), headers)).code];
}

const TAKEN = [200, status.OK];
const REFUSED = [401, status.UNAUTHENTICATED];

describe('OTLP is taken', () => {
  test('with tokens, from their bearers only, and refusals are counted', async () => {
    const bridge = await startBridge({ otlpTokens: ['another-secret-of-one', SENDER] });
    expect(await answers(bridge, {})).toEqual(REFUSED);
    expect(await answers(bridge, bearer('a-secret-of-a-stranger'))).toEqual(REFUSED);
    expect(await answers(bridge, { authorization: SENDER })).toEqual(REFUSED);
    expect(bridge.stats()).toMatchObject({ series: 0, requests: { http: { 401: 3 }, grpc: { UNAUTHENTICATED: 3 } } });
    expect(await answers(bridge, bearer(SENDER))).toEqual(TAKEN);
    expect(bridge.stats()).toMatchObject({ series: 1, receivedBy: { http: 1, grpc: 1 } });
  });

  test('and a refusal says what is asked for, in the encoding of the request, and no token', async () => {
    const bridge = await startBridge({ otlpTokens: [SENDER] });
    const response = await post(bridge, Buffer.from('{}'), { 'content-type': 'application/json' });
    const refusal = (await response.json()) as { code: number; message: string };
    expect(refusal).toEqual({ code: status.UNAUTHENTICATED, message: expect.stringContaining('otlpTokens') });
    const { details } = await grpcStatus(bridge.addresses.otlpGrpc, {});
    expect(details).toBe(refusal.message);
    expect(details).not.toContain(SENDER);
  });

  test('beyond loopback without tokens, from this machine', async () => {
    expect(await answers(await startBridge(OPEN_HOST), {})).toEqual(TAKEN);
  });

  const testOutside = OUTSIDE === undefined ? test.skip : test;
  testOutside.each<[string, BridgeOptions, Record<string, string>, typeof TAKEN]>([
    ['not from elsewhere without tokens', OPEN_HOST, {}, REFUSED],
    ['from elsewhere with one', { ...OPEN_HOST, otlpTokens: [SENDER] }, bearer(SENDER), TAKEN],
    ['from everyone where the bridge says so', { ...OPEN_HOST, otlpAccess: 'open' }, {}, TAKEN],
  ])('beyond loopback, %s (skipped on a machine with no address but loopback)', async (_, options, headers, answer) => {
    expect(await answers(await startBridge(options), headers, OUTSIDE)).toEqual(answer);
  });

  test.each(['grpc', 'http/protobuf'] as const)(
    'of our exporter by %s, whose headers carry the token',
    async (protocol) => {
      const bridge = await startBridge({ otlpTokens: [SENDER] });
      const { otlpGrpc, otlpHttp } = bridge.addresses;
      const url = protocol === 'grpc' ? `http://${otlpGrpc}` : `${otlpHttp}/v1/metrics`;
      const exporter = new OtlpExporter({ protocol, url, headers: bearer(SENDER) });
      const provider = new MeterProvider({ readers: [new PeriodicExportingMetricReader({ exporter })] });
      atEnd(() => provider.shutdown());
      provider.getMeter('desk').createCounter('fills').add(1);
      await provider.forceFlush();
      expect(bridge.stats().receivedBy[protocol === 'grpc' ? 'grpc' : 'http']).toBe(1);
    },
  );

  test('with a certificate over TLS, and not without', async () => {
    const { cert, key } = await testCertificate();
    const bridge = await startBridge({ tls: { cert, key }, otlpTokens: [SENDER] });
    const { otlpGrpc, otlpHttp } = bridge.addresses;
    expect(new URL(otlpHttp).protocol).toBe('https:');
    const trusting = credentials.createSsl(Buffer.from(cert));
    expect(await grpcStatus(otlpGrpc, bearer(SENDER), trusting)).toEqual({ code: status.OK });
    expect(await grpcStatus(otlpGrpc, {}, trusting)).toMatchObject({ code: status.UNAUTHENTICATED });
    expect(await grpcStatus(otlpGrpc, bearer(SENDER))).toMatchObject({ code: status.UNAVAILABLE });
    const headers = { 'content-type': 'application/x-protobuf', ...bearer(SENDER) };
    const sent = send(`${otlpHttp}/v1/metrics`, { method: 'POST', ca: cert, headers });
    sent.end(BODY);
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    answer.resume();
    expect(answer.statusCode).toBe(200);
    await expect(fetch(otlpHttp.replace('https:', 'http:'))).rejects.toThrow('fetch failed');
  });
});

test.each<[BridgeOptions, string]>([
  [{ otlpAccess: 'all' as 'open' }, 'otlpAccess'],
  [{ otlpAccess: 'open', otlpTokens: [SENDER] }, 'otlpAccess'],
  [{ otlpTokens: ['short'] }, 'otlpTokens'],
  [{ otlpTokens: [] }, 'otlpTokens'],
])('%j is an error of the option %s', async (options, option) => {
  const ports = { port: 0, otlpGrpcPort: 0, otlpHttpPort: 0 };
  await expect(createBridge({ ...ports, ...options })).rejects.toMatchObject({ code: 'INVALID_OPTION', option });
});
