// Files of tokens, certificates and keys that `nanometer up` takes.
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { createBridge } from '@nanometer/bridge';
import { testCertificate } from '@nanometer/testing';
import { bearerOf } from '../src/access/bearer.ts';
import { otlpHeaders } from '../src/access/otlp-headers.ts';
import { tlsFrom } from '../src/access/tls-files.ts';
import { tokensFrom } from '../src/access/tokens-file.ts';
import { runCli } from '../src/cli.ts';
import { CliError } from '../src/cli-error.ts';
import { remoteBridge } from '../src/demo/desk-bridge.ts';
import { fetchHop } from '../src/ledger/fetch-hop.ts';
import { readBridge } from '../src/ledger/read-bridge.ts';

const folder = mkdtempSync(join(tmpdir(), 'nanometer-access-'));
afterAll(() => rmSync(folder, { recursive: true }));

const SECRET = '0123456789abcdef';

function fileOf(text: string): string {
  const file = join(folder, 'tokens.yaml');
  writeFileSync(file, text);
  return file;
}

describe('a file of tokens', () => {
  test('says who may open the stream, what they see and hear, and who may push', () => {
    const file = fileOf(`
live:
  - { name: risk-office, token: ${SECRET} }
  - name: desk-a
    token: ${SECRET}-a
    scope: { desk.name: a, exchange.name: [kraken, bybit] }
    topics: [alerts]
push: [${SECRET}-push]
metrics: [${SECRET}-metrics]
otlp: [${SECRET}-otlp]
`);
    expect(tokensFrom(file)).toEqual({
      liveTokens: [
        { name: 'risk-office', token: SECRET },
        {
          name: 'desk-a',
          token: `${SECRET}-a`,
          scope: { 'desk.name': 'a', 'exchange.name': ['kraken', 'bybit'] },
          topics: ['alerts'],
        },
      ],
      pushTokens: [`${SECRET}-push`],
      metricsTokens: [`${SECRET}-metrics`],
      otlpTokens: [`${SECRET}-otlp`],
    });
    expect(tokensFrom(fileOf(JSON.stringify({ push: [SECRET] })))).toEqual({ pushTokens: [SECRET] });
  });

  test.each([
    ['live: []', '1:7', 'live must be a list that is not empty'],
    ['push: 5', '1:7', 'push must be a list'],
    ['', '1:1', 'must be a map of live, push, metrics, otlp'],
    [`live:\n  - { name: a, tokn: ${SECRET} }`, '2:16', 'live[0] has no "tokn"'],
    [`live:\n  - { token: ${SECRET} }`, '2:5', 'live[0].name must be a text'],
    ['live:\n  - { name: a, token: short-secret }', '2:23', 'live[0].token has 12 characters, expected at least 16'],
    ['push: [1234567890123456]', '1:8', 'push[0] must be a text'],
    ['otlp: [short-secret]', '1:8', 'otlp[0] has 12 characters, expected at least 16'],
    ['metrics: [short-secret]', '1:11', 'metrics[0] has 12 characters, expected at least 16'],
    [`live:\n  - { name: a, token: ${SECRET}, scope: [b] }`, '2:48', 'live[0].scope must be a map'],
    [`live:\n  - { name: a, token: ${SECRET}, topics: [3] }`, '2:50', 'live[0].topics must be a text'],
    [`live: [${SECRET}`, '1:', 'this is no YAML'],
  ])('%j is refused at %s, and the token is not told', (text, place, says) => {
    const refusal = (() => {
      try {
        return tokensFrom(fileOf(text));
      } catch (error) {
        return error as Error;
      }
    })();
    expect(refusal).toMatchObject({ code: 'TOKENS_INVALID', exitCode: 78 });
    expect((refusal as Error).message).toContain(`tokens.yaml:${place}`);
    expect((refusal as Error).message).toContain(says);
    expect((refusal as Error).message).not.toMatch(/0123456789abcdef|short-secret/);
  });

  test('that is not there is named', () => {
    expect(() => tokensFrom(join(folder, 'none.yaml'))).toThrow(expect.objectContaining({ code: 'FILE_UNREADABLE' }));
  });
});

const says = (text: string): string => expect.stringContaining(text) as unknown as string;

async function pairOfFiles(): Promise<{ cert: string; key: string }> {
  const { cert, key } = await testCertificate();
  const files = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
  writeFileSync(files.cert, cert);
  writeFileSync(files.key, key);
  return files;
}

/** A key that no certificate of these tests has. */
function strangeKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const file = join(folder, 'strange-key.pem');
  writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  return file;
}

function caught(act: () => unknown): CliError {
  try {
    act();
  } catch (error) {
    if (error instanceof CliError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('certificate and key', () => {
  test('are read as they are; without both there is no TLS', async () => {
    const pair = await pairOfFiles();
    expect(tlsFrom(undefined, undefined)).toBeUndefined();
    expect(tlsFrom(pair.cert, pair.key)).toEqual({ cert: readFileSync(pair.cert), key: readFileSync(pair.key) });
  });

  test('that are no PEM, or not of each other, are refused before anything listens', async () => {
    const [pair, other] = [await pairOfFiles(), strangeKey()];
    const noPem = fileOf('PEM');
    const refused = (cert: string, key: string): CliError => caught(() => tlsFrom(cert, key));
    expect(refused(noPem, pair.key)).toMatchObject({ code: 'TLS_INVALID', exitCode: 78, message: says('--tls-cert') });
    expect(refused(pair.cert, noPem)).toMatchObject({ code: 'TLS_INVALID', exitCode: 78, message: says('--tls-key') });
    expect(refused(pair.cert, other)).toMatchObject({ message: says(other), hint: says(pair.cert) });
  });

  test.each<[string | undefined, string | undefined, string]>([
    ['cert.pem', undefined, '--tls-cert is given and --tls-key is not'],
    [undefined, 'key.pem', '--tls-key is given and --tls-cert is not'],
    ['/nonexistent/cert.pem', 'key.pem', '--tls-cert cannot be read'],
  ])('%s and %s are refused', (cert, key, says) => {
    expect(() => tlsFrom(cert, key)).toThrow(says);
  });
});

test('the token to present is that of the environment', () => {
  expect(bearerOf({ NANOMETER_TOKEN: SECRET })).toEqual({ token: SECRET });
  expect([bearerOf({}), bearerOf({ NANOMETER_TOKEN: '' })]).toEqual([{}, {}]);
});

test.each<[Record<string, string>, Record<string, string>]>([
  [{}, {}],
  [
    { OTEL_EXPORTER_OTLP_HEADERS: 'Authorization=Bearer%20a%3Db , x-desk = a' },
    { authorization: 'Bearer a=b', 'x-desk': 'a' },
  ],
  [
    { OTEL_EXPORTER_OTLP_HEADERS: 'x=1,y=2', OTEL_EXPORTER_OTLP_METRICS_HEADERS: 'x=3' },
    { x: '3', y: '2' },
  ],
  [{ OTEL_EXPORTER_OTLP_HEADERS: ',=,=1,no pair,a b=1,x=%,y=' }, { y: '' }],
])('headers of OTLP exports are those of %j', (environment, headers) => {
  expect(otlpHeaders(environment)).toEqual(headers);
});

interface Outcome {
  readonly exit: number;
  readonly code?: string;
  readonly hint?: string | undefined;
  readonly out: string;
}

/** The exit status of a command line, with the error's code and hint. */
function exitOf(...args: string[]): Promise<Outcome> {
  return outcomeOf(args, new AbortController().signal);
}

async function outcomeOf(args: string[], interrupted: AbortSignal): Promise<Outcome> {
  const out: string[] = [];
  const terminal = { out: (line: string) => void out.push(line), err: () => {}, status: () => {} };
  try {
    const exit = await runCli(args, { terminal, interrupted });
    return { exit, out: out.join('\n') };
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return { exit: error.exitCode, code: error.code, hint: error.hint, out: out.join('\n') };
  }
}

test('a bridge listens on a Unix socket when it is told to, and says where to push', async () => {
  const ports = ['--port', '0', '--otlp-grpc-port', '0', '--otlp-http-port', '0'];
  const socket = join(folder, 'bridge.sock');
  const up = ['up', ...ports, '--json', '--socket', socket];
  const { exit, out } = await outcomeOf(up, AbortSignal.abort());
  expect(exit).toBe(0);
  expect(JSON.parse(out.split('\n')[0]!)).toMatchObject({
    event: 'ready',
    socket: { push: `ws+unix:${socket}:/push` },
  });
  writeFileSync(socket, '');
  expect(await outcomeOf(up, AbortSignal.abort())).toMatchObject({
    exit: 75,
    code: 'PATH_IN_USE',
    hint: expect.stringContaining('--socket PATH'),
  });
});

test('every command that a bridge lets in only with a token says so, with one exit status', async () => {
  const token = process.env['NANOMETER_TOKEN'];
  delete process.env['NANOMETER_TOKEN'];
  const liveTokens = [{ name: 'office', token: SECRET }];
  const history = { path: join(folder, 'history.sqlite') };
  const bridge = await createBridge({ port: 0, otlpGrpcPort: 0, otlpHttpPort: 0, liveTokens, history });
  const rules = join(folder, 'rules.yaml');
  writeFileSync(
    rules,
    'rules:\n  - {name: L, kind: threshold, metric: risk.limit.utilization, above: 1, severity: info, summary: s}\n',
  );
  const { page, otlpHttp } = bridge.addresses;
  try {
    const unauthorized = { exit: 69, code: 'UNAUTHORIZED', hint: expect.stringContaining('NANOMETER_TOKEN') };
    const commands = [
      ['top', '--once', '--bridge', page],
      ['query', 'risk.limit.utilization', '--bridge', page],
      ['rules', 'preview', rules, '--history', page],
      ['demo', '--collector', '127.0.0.1:9', '--bridge', page],
    ];
    for (const command of commands) expect(await exitOf(...command)).toMatchObject(unauthorized);
    // These tell of hops and checks, of which a bridge is one.
    expect(await exitOf('ledger', '--service', page, '--bridge', page)).toMatchObject({
      exit: 3,
      code: 'HOP_UNREADABLE',
    });
    // It does not wait for what is refused, here longer than this test may take.
    const doctor = await exitOf('doctor', '--bridge', page, '--otlp', otlpHttp, '--wait', '100000', '--json');
    expect(doctor.exit).toBe(1);
    expect(doctor.out).toContain('HTTP 401');
  } finally {
    if (token !== undefined) process.env['NANOMETER_TOKEN'] = token;
    await bridge.close();
  }
});

test('a desk pushes to a running bridge where that says, or where it is told to', async () => {
  const ports = { port: 0, otlpGrpcPort: 0, otlpHttpPort: 0 };
  for (const options of [{}, { pushPort: 0 }]) {
    const bridge = await createBridge({ ...ports, ...options });
    try {
      const { page, push } = bridge.addresses;
      expect((await remoteBridge(new URL(page))).addresses.push).toBe(push);
      const given = new URL('ws://bridge:9000/way/push');
      expect((await remoteBridge(new URL(page), given)).addresses.push).toBe(given.href);
    } finally {
      await bridge.close();
    }
  }
});

describe('a bridge that asks who reads its metrics', () => {
  const before = process.env['NANOMETER_TOKEN'];
  afterEach(() => {
    if (before === undefined) delete process.env['NANOMETER_TOKEN'];
    else process.env['NANOMETER_TOKEN'] = before;
  });

  test('is read with the token of the environment, which no other program is told', async () => {
    const ports = { port: 0, otlpGrpcPort: 0, otlpHttpPort: 0 };
    const bridge = await createBridge({ ...ports, metricsTokens: [SECRET] });
    try {
      const page = new URL(bridge.addresses.page);
      delete process.env['NANOMETER_TOKEN'];
      await expect(readBridge(page, [])).rejects.toThrow('HTTP 401, set NANOMETER_TOKEN');
      process.env['NANOMETER_TOKEN'] = SECRET;
      expect(await readBridge(page, [])).toMatchObject({ received: 0, note: '0 series' });
      await expect(fetchHop('prometheus', new URL('metrics', page))).rejects.toThrow('HTTP 401');
    } finally {
      await bridge.close();
    }
  });
});
