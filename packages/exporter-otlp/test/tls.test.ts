import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { until } from '@nanometer/testing';
import { OtlpExporter, type TlsSettings } from '../src/index.ts';
import { type Authority, createAuthority, type Credentials } from './support/authority.ts';
import { withTlsAdvice } from '../src/send/tls-advice.ts';
import { metricsOf } from './support/metrics.ts';
import { grpcReceiver, httpReceiver, type Receiver, type ReceiverTls } from './support/receiver.ts';

const POINTS = 10;
const PROTOCOLS = ['grpc', 'http/protobuf'] as const;

const closers: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

let ours: Authority;
let theirs: Authority;
let server: Credentials;
beforeAll(async () => {
  ours = await createAuthority('ours');
  theirs = await createAuthority('theirs');
  server = await ours.issue('receiver');
});

async function receiverOf(protocol: (typeof PROTOCOLS)[number], tls: ReceiverTls): Promise<Receiver> {
  const receiver = protocol === 'grpc' ? await grpcReceiver(0, undefined, tls) : await httpReceiver(0, tls);
  closers.push(async () => receiver.close());
  return receiver;
}

function exporterTo(receiver: Receiver, protocol: (typeof PROTOCOLS)[number], tls?: TlsSettings): OtlpExporter {
  const exporter = new OtlpExporter({
    protocol,
    url: receiver.url,
    initialBackoffMillis: 1,
    maxBackoffMillis: 20,
    ...(tls === undefined ? {} : { tls }),
  });
  closers.push(async () => exporter.shutdown({ timeoutMillis: 0 }).catch(() => undefined));
  exporter.export(metricsOf(0, POINTS), () => undefined);
  return exporter;
}

/** The reason that the exporter gives once it has been refused. */
async function refusal(exporter: OtlpExporter, receiver: Receiver): Promise<string> {
  await until('it has been refused', () => exporter.stats().lastError !== undefined && exporter.stats().retries > 1);
  expect(receiver.requests).toBe(0);
  expect(exporter.stats()).toMatchObject({ forwarded: 0, held: POINTS, dropped: {} });
  return exporter.stats().lastError!;
}

describe.each(PROTOCOLS)('%s over TLS', (protocol) => {
  test('a receiver with a certificate of the given authority gets everything', async () => {
    const receiver = await receiverOf(protocol, server);
    await exporterTo(receiver, protocol, { ca: ours.ca }).forceFlush();
    expect(receiver.points.size).toBe(POINTS);
  });

  test('the authority comes from the environment’s file too', async () => {
    const receiver = await receiverOf(protocol, server);
    const folder = mkdtempSync(join(tmpdir(), 'otlp-tls-'));
    closers.push(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, 'ca.pem'), ours.ca);
    process.env['OTEL_EXPORTER_OTLP_CERTIFICATE'] = join(folder, 'ca.pem');
    closers.push(() => {
      delete process.env['OTEL_EXPORTER_OTLP_CERTIFICATE'];
    });
    await exporterTo(receiver, protocol).forceFlush();
    expect(receiver.points.size).toBe(POINTS);
  });

  test.each([
    ['another authority', () => ({ ca: theirs.ca })],
    ['the system’s authorities', () => undefined],
  ])(
    'a receiver that %s did not sign gets nothing; the points are held and the reason says what to do',
    async (_, tls) => {
      const receiver = await receiverOf(protocol, server);
      const exporter = exporterTo(receiver, protocol, tls());
      const reason = await refusal(exporter, receiver);
      expect(reason).toContain(`127.0.0.1:${receiver.port}`);
      expect(reason).toMatch(/self-signed certificate|unable to (get|verify)/);
      expect(reason).toContain('tls.ca or OTEL_EXPORTER_OTLP_CERTIFICATE');
      await expect(exporter.forceFlush({ timeoutMillis: 50 })).rejects.toThrow('tls.ca');
    },
  );

  test('a receiver that asks for certificates takes a client of its authority', async () => {
    const receiver = await receiverOf(protocol, { ...server, clientCa: theirs.ca });
    await exporterTo(receiver, protocol, { ca: ours.ca, ...(await theirs.issue('desk')) }).forceFlush();
    expect(receiver.points.size).toBe(POINTS);
  });

  test.each([
    ['none', async () => undefined],
    ['one of another authority', async () => ours.issue('desk')],
  ])('a receiver that asks for certificates refuses a client that has %s', async (_, client) => {
    const receiver = await receiverOf(protocol, { ...server, clientCa: theirs.ca });
    const exporter = exporterTo(receiver, protocol, { ca: ours.ca, ...(await client()) });
    // The alert that says why comes after the handshake, and may be lost with the connection.
    expect(await refusal(exporter, receiver)).toContain(`127.0.0.1:${receiver.port}`);
  });

  test('a receiver without TLS is told from one whose certificate is wrong', async () => {
    const receiver = protocol === 'grpc' ? await grpcReceiver() : await httpReceiver();
    closers.push(async () => receiver.close());
    const secure = Object.assign(Object.create(receiver) as Receiver, {
      url: receiver.url.replace('http:', 'https:'),
    });
    expect(await refusal(exporterTo(secure, protocol, { ca: ours.ca }), receiver)).toContain('does not speak TLS');
  });
});

test.each([
  ['SSL routines:ssl3_read_bytes:tlsv13 alert certificate required:rec_layer_s3.c:918:\n ', 'tls.cert and tls.key'],
  ['SSL routines:ssl3_read_bytes:tlsv1 alert unknown ca:SSL alert number 48', 'tls.cert and tls.key'],
  ["Hostname/IP does not match certificate's altnames: IP: 127.0.0.1 is not in the cert's list", 'another name'],
  ['DEPTH_ZERO: self-signed certificate', 'tls.ca'],
])('the reason %p comes on one line with what to do: %s', (reason, advice) => {
  expect(withTlsAdvice(reason)).toContain(advice);
  expect(withTlsAdvice(reason)).not.toContain('\n');
});

test('a reason that has nothing to do with TLS comes without advice', () => {
  expect(withTlsAdvice('connect ECONNREFUSED 127.0.0.1:4317')).toBe('connect ECONNREFUSED 127.0.0.1:4317');
});
