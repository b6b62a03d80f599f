import { once } from 'node:events';
import { existsSync, linkSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { BridgeOptions } from '@nanometer/bridge';
import { LaneReader, LiveClient, LivePublisher } from '@nanometer/live';
import { MeterProvider } from '@nanometer/metrics';
import { testCertificate, until } from '@nanometer/testing';
import { WebSocket } from 'ws';
import { atEnd, cleanUp, FAN_OUTS, serveBy, startBridge } from './support/bridge.ts';

afterEach(cleanUp);

/** A path in a folder of its own. */
function freshPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'nm-'));
  atEnd(() => rmSync(folder, { recursive: true }));
  return join(folder, 'bridge.sock');
}

async function read(socketPath: string, path: string): Promise<{ status: number | undefined; body: string }> {
  const [response] = (await once(get({ socketPath, path, agent: false }), 'response')) as [IncomingMessage];
  return { status: response.statusCode, body: await text(response) };
}

/** HTTP status of a handshake that is refused; 101 when it is not. */
async function statusOf(url: string): Promise<number | undefined> {
  const socket = new WebSocket(url);
  socket.on('error', () => undefined);
  return new Promise((resolve) => {
    socket.on('unexpected-response', (_request, response) => {
      resolve(response.statusCode);
      socket.terminate();
    });
    socket.on('open', () => {
      resolve(101);
      socket.terminate();
    });
  });
}

/** The socket of a process that was killed: its file is there, and nobody listens. */
async function leaveBehind(path: string): Promise<void> {
  const server = createServer();
  server.listen(`${path}.first`);
  await once(server, 'listening');
  linkSync(`${path}.first`, path);
  server.close();
  await once(server, 'close');
}

describe.each(FAN_OUTS)('a Unix socket, the stream served %s:', (fanOut) => {
  beforeEach(() => serveBy(fanOut));

  test('what is pushed there is received, and page and numbers are read there', async () => {
    const socketPath = freshPath();
    const bridge = await startBridge({ socketPath });
    const lane = new LaneReader({ url: bridge.addresses.socket!.push });
    const provider = new MeterProvider({ readers: [lane] });
    atEnd(() => provider.shutdown());
    provider.getMeter('desk').createUpDownCounter('risk.net').add(7);
    lane.flush();
    await until('the value in the exposition', async () =>
      (await read(socketPath, '/metrics')).body.includes('risk_net{'),
    );
    expect(bridge.stats().receivedBy.push).toBe(1);
    expect(await read(socketPath, '/healthz')).toEqual({ status: 200, body: 'ok\n' });
  });

  test('is no way around tokens', async () => {
    const socketPath = freshPath();
    const token = 'a-secret-of-the-desk';
    const bridge = await startBridge({ socketPath, pushTokens: [token], metricsTokens: [token] });
    const { push } = bridge.addresses.socket!;
    expect(await statusOf(push)).toBe(401);
    expect((await read(socketPath, '/metrics')).status).toBe(401);
    const publisher = new LivePublisher({ url: push, token });
    atEnd(() => publisher.close());
    publisher.connect();
    await until('its bearer is let in', () => publisher.status.state === 'open');
  });

  test('a host is not asked for, and what leads nowhere is answered', async () => {
    const bridge = await startBridge({ socketPath: freshPath(), allowedHosts: ['bridge.example'] });
    const { push } = bridge.addresses.socket!;
    expect(await statusOf(push)).toBe(101);
    expect(await statusOf(push.replace(/push$/, 'elsewhere'))).toBe(404);
    expect(await statusOf(push.replace(/push$/, 'live'))).toBe(fanOut === 'inline' ? 101 : 404);
  });

  test('beside TLS it is plain, as nothing of it leaves the machine', async () => {
    const { cert, key } = await testCertificate();
    const bridge = await startBridge({ socketPath: freshPath(), tls: { cert, key } });
    expect(bridge.addresses.push).toMatch(/^wss:/);
    expect(await statusOf(bridge.addresses.socket!.push)).toBe(101);
  });

  test('its file goes with the bridge, whoever is connected', async () => {
    const socketPath = freshPath();
    const bridge = await startBridge({ socketPath });
    const publisher = new LivePublisher({ url: bridge.addresses.socket!.push });
    atEnd(() => publisher.close());
    publisher.connect();
    await until('the desk is connected', () => publisher.status.state === 'open');
    await bridge.close();
    expect(existsSync(socketPath)).toBe(false);
    await until('the desk knows', () => publisher.status.state !== 'open');
  });
});

test('subscribers of this machine get the stream there', async () => {
  const bridge = await startBridge({ socketPath: freshPath(), fanOut: 'inline' });
  const { push, live } = bridge.addresses.socket!;
  const values: number[] = [];
  const client = new LiveClient({ url: live!, WebSocket, onFrame: (frame) => values.push(...frame.values) });
  atEnd(() => client.close());
  await client.connect();
  await client.subscribe({ names: ['risk.net'], lane: 'risk' }).ready;
  const lane = new LaneReader({ url: push });
  const provider = new MeterProvider({ readers: [lane] });
  atEnd(() => provider.shutdown());
  const net = provider.getMeter('desk').createUpDownCounter('risk.net');
  for (const change of [3, 4]) {
    net.add(change);
    lane.flush();
  }
  await until('the last value', () => values.includes(7));
});

test('the socket of a bridge that was killed is taken over', async () => {
  const socketPath = freshPath();
  await leaveBehind(socketPath);
  expect(existsSync(socketPath)).toBe(true);
  await startBridge({ socketPath });
  expect((await read(socketPath, '/healthz')).status).toBe(200);
});

test('the socket of a bridge that runs is not', async () => {
  const socketPath = freshPath();
  await startBridge({ socketPath });
  await expect(startBridge({ socketPath })).rejects.toMatchObject({ code: 'PATH_IN_USE', option: 'socketPath' });
  expect((await read(socketPath, '/healthz')).status).toBe(200);
});

test('a file that is no socket is left as it is', async () => {
  const socketPath = freshPath();
  writeFileSync(socketPath, 'precious');
  await expect(startBridge({ socketPath })).rejects.toMatchObject({ code: 'PATH_IN_USE', option: 'socketPath' });
  expect(readFileSync(socketPath, 'utf8')).toBe('precious');
});

test('a folder that is not there is said', async () => {
  const socketPath = join(freshPath(), 'deeper.sock');
  await expect(startBridge({ socketPath })).rejects.toMatchObject({ code: 'LISTEN_FAILED', option: 'socketPath' });
});

test('a bridge that begins beside one whose file was moved away takes the path', async () => {
  const socketPath = freshPath();
  await startBridge({ socketPath });
  renameSync(socketPath, `${socketPath}.old`);
  await startBridge({ socketPath });
  expect((await read(socketPath, '/healthz')).status).toBe(200);
});

test.each<[string, string]>([
  ['', 'an absolute path'],
  ['bridge.sock', 'an absolute path'],
  ['/run/', 'an absolute path'],
  ['/run/a:b.sock', 'cannot stand in a URL'],
  ['/run/a b.sock', 'cannot stand in a URL'],
  ['/run/ü.sock', 'cannot stand in a URL'],
  ['/run/a?b', 'cannot stand in a URL'],
  ['/run/../b', 'cannot stand in a URL'],
  ['//a b', 'cannot stand in a URL'],
  [`/${'x'.repeat(103)}`, 'it has 104 bytes'],
])('%j is no path of a socket', async (socketPath, why) => {
  const options: BridgeOptions = { socketPath };
  const started = startBridge(options);
  await expect(started).rejects.toMatchObject({ code: 'INVALID_OPTION', option: 'socketPath' });
  await expect(started).rejects.toThrow(why);
});
