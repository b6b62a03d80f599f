import { once } from 'node:events';
import { createServer, request as send, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, test } from '@jest/globals';
import { LiveClient, type LiveFrame, type Recovery } from '@nanometer/live';
import { until } from '@nanometer/testing';
import { startWorker, WorkerFanOut, type WorkerFanOutOptions } from '../src/fan-out/worker-fan-out.ts';
import { PrivateDoor } from '../src/fan-out/private-door.ts';
import { atEnd, cleanUp, startBridge } from './support/bridge.ts';

afterEach(cleanUp);

const counter = (name: string) =>
  ({ name, kind: 'counter', field: 'value', unit: '', attributes: {}, resource: {} }) as const;

/** A stream in a worker beside a page that says what it was asked, and every worker that was started for it. */
async function fanOut(options: Partial<WorkerFanOutOptions> = {}, program?: (life: number) => string | undefined) {
  const page = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method, url, rawHeaders, socket } = request;
      response.setHeader('x-answer', ['a', 'b']);
      response.end(
        JSON.stringify({
          method,
          url,
          rawHeaders,
          address: socket.remoteAddress,
          bytes: Buffer.concat(chunks).length,
        }),
      );
    });
  });
  const workers: Worker[] = [];
  const troubles: string[] = [];
  const made = new WorkerFanOut(
    page,
    {
      host: '127.0.0.1',
      port: 0,
      tls: undefined,
      requestTimeoutMillis: 30_000,
      live: { path: '/live', name: 'test' },
      history: undefined,
      ringBytes: 2 ** 20,
      queueBytes: 2 ** 24,
      stallMillis: 60_000,
      onTrouble: (text) => void troubles.push(text),
      ...options,
    },
    (order) => {
      const text = program?.(workers.length);
      const worker = text === undefined ? startWorker(order) : new Worker(text, { eval: true, workerData: order });
      workers.push(worker);
      return worker;
    },
  );
  atEnd(() => made.close());
  const port = await made.listen();
  return { made, page, port, workers, troubles, url: `ws://127.0.0.1:${port}/live` };
}

/** A lossless subscriber and what it was told. */
async function follow(url: string) {
  const frames: LiveFrame[] = [];
  const recoveries: Recovery[] = [];
  const resets: number[] = [];
  const client = new LiveClient({
    url,
    backoffInitialMs: 1,
    backoffMaxMs: 20,
    onFrame: (frame) => frames.push(frame),
    onReset: (epoch) => resets.push(epoch),
    onRecovery: (_, recovery) => recoveries.push(recovery),
  });
  atEnd(() => client.close());
  await client.connect();
  await client.subscribe({ names: ['fills'], delivery: 'lossless', lane: 'risk' }).ready;
  return { client, frames, recoveries, resets };
}

/** Asks the page, and reads its answer. */
async function ask(port: number, options: object, body?: Buffer | readonly Buffer[]) {
  const asked = send({ host: '127.0.0.1', port, ...options });
  for (const part of Array.isArray(body) ? (body as readonly Buffer[]) : []) asked.write(part);
  asked.end(Buffer.isBuffer(body) ? body : undefined);
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  let text = '';
  for await (const chunk of answer) text += String(chunk);
  return { answer, text };
}

const valuesOf = (frames: readonly LiveFrame[], which: (frame: LiveFrame) => boolean): number[] =>
  frames.filter(which).flatMap(({ values }) => Array.from(values));

const valueOf = (client: LiveClient): number | undefined => {
  const [series] = client.store.all();
  return series === undefined ? undefined : client.store.values[series.id];
};

describe('a worker that is lost under a lossless subscriber', () => {
  test('is replaced: the subscriber begins a new epoch and its sums are equal, again and again', async () => {
    const { made, workers, troubles, port, url } = await fanOut();
    const id = made.register(counter('fills'));
    const { client, resets } = await follow(url);
    let sum = 0;
    const add = (count: number): void => {
      for (let each = 0; each < count; each++) made.update(id, 1000 + sum, (sum += 1));
    };
    for (let kill = 1; kill <= 2; kill++) {
      add(500);
      void workers.at(-1)!.terminate();
      add(500);
      await until('the loss is noticed', () => !made.fanOutStats().isUp);
      add(500);
      await until('another worker serves', () => made.fanOutStats().isUp);
      await until('the sums are equal', () => valueOf(client) === sum);
      expect(made.fanOutStats().restarts).toEqual({ ended: kill, stalled: 0, overflow: 0 });
      expect(resets.length).toBe(kill);
    }
    add(1);
    await until('it goes on', () => valueOf(client) === sum);
    expect(workers.length).toBe(3);
    expect(troubles.length).toBe(2);
    expect(troubles[0]).toContain(`port ${port} is served without the stream`);
    expect(made.stats()).toMatchObject({ series: 1, updatesReceived: sum });
  });

  test('told every row in between, however small the ring', async () => {
    const { made, url } = await fanOut();
    const id = made.register(counter('fills'));
    const { client, frames } = await follow(url);
    let sum = 0;
    for (let turn = 0; turn < 20; turn++) {
      for (let each = 0; each < 5_000; each++) made.update(id, 1, (sum += 1));
      await made.room();
    }
    await until('the last', () => valueOf(client) === sum);
    const told = valuesOf(frames, ({ type }) => type === 'update');
    expect(told.length).toBe(sum);
    expect(told.findIndex((value, row) => value !== row + 1)).toBe(-1);
    await until('the worker has counted', () => made.stats().updatesSent >= sum);
    expect(made.fanOutStats().rowsConflated).toBe(0);
  });

  test('because it does nothing any more', async () => {
    const hangs = `const { parentPort } = require('node:worker_threads');
      parentPort.postMessage({ kind: 'listening', port: 1 });
      for (;;);`;
    const { made, troubles } = await fanOut({ stallMillis: 40 }, (life) => (life === 0 ? hangs : undefined));
    await until('it is replaced', () => made.fanOutStats().restarts.stalled === 1);
    expect(troubles[0]).toContain('no sign of life');
  });
});

describe('until a lost worker is replaced', () => {
  /** A worker that never has what it needs to begin. */
  const DAWDLES = 'setInterval(() => undefined, 1e6)';

  test('its port serves all but the stream, whose subscribers are told to come again; then the next one has it', async () => {
    const { made, page, port, workers, url } = await fanOut({}, (life) => (life === 1 ? DAWDLES : undefined));
    page.on('upgrade', (request: IncomingMessage, socket: Socket) => {
      socket.write(`HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n${request.url}`);
      socket.pipe(socket);
    });
    const id = made.register(counter('fills'));
    made.update(id, 1000, 1);
    const { client } = await follow(url);
    void workers[0]!.terminate();
    await until('the second begins', () => workers.length === 2);
    expect(made.fanOutStats().isUp).toBe(false);
    const { answer, text } = await ask(port, { path: '/a', localAddress: '127.0.0.9' });
    expect(answer.statusCode).toBe(200);
    expect(JSON.parse(text)).toMatchObject({ url: '/a', address: '127.0.0.9' });
    const upgrade = { connection: 'Upgrade', upgrade: 'websocket' };
    const refused = (await ask(port, { path: '/live?names=a', headers: upgrade })).answer;
    expect([refused.statusCode, refused.headers['retry-after']]).toEqual([503, '1']);
    const pushing = connect(port, '127.0.0.1');
    atEnd(() => pushing.destroy());
    let heard = '';
    pushing.on('data', (chunk) => (heard += String(chunk)));
    pushing.write('GET /push HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n');
    await until('who pushes is let in', () => heard.endsWith('/push'));
    made.update(id, 2000, 7);
    void workers[1]!.terminate();
    await until('the third serves', () => made.fanOutStats().isUp);
    await until('the subscriber has what it missed', () => valueOf(client) === 7);
    // A connection that was taken in between goes on.
    pushing.write('still');
    await until('the echo', () => heard.endsWith('still'));
    expect((await ask(port, { path: '/b' })).answer.statusCode).toBe(200);
    expect(made.fanOutStats().restarts.ended).toBe(2);
    pushing.destroy();
  });

  test('no ticket is given that nobody would take', async () => {
    const { made } = await fanOut();
    const statuses: unknown[] = [];
    const page = createServer((request, response) => {
      const isStreams = made.handleRequest(request, response);
      statuses.push(isStreams);
      if (!isStreams) response.end();
    }).listen(0, '127.0.0.1');
    await once(page, 'listening');
    atEnd(() => page.close());
    const { port } = page.address() as AddressInfo;
    expect((await ask(port, { method: 'POST', path: '/ticket?x' })).answer.statusCode).toBe(503);
    expect((await ask(port, { path: '/tickets' })).answer.statusCode).toBe(200);
    expect(statuses).toEqual([true, false]);
  });

  test('a bridge can be closed, with what its port has taken', async () => {
    const { made, port, workers } = await fanOut({}, (life) => (life === 1 ? DAWDLES : undefined));
    void workers[0]!.terminate();
    await until('the second begins', () => workers.length === 2);
    const idle = connect(port, '127.0.0.1');
    await once(idle, 'connect');
    idle.on('error', () => undefined);
    const closed = made.close();
    void workers[1]!.terminate();
    await closed;
    await until('it is cut off', () => idle.destroyed || idle.readyState !== 'open');
    await expect(ask(port, { path: '/' })).rejects.toThrow('ECONNREFUSED');
  });
});

test('a worker that throws is told of with what it threw', async () => {
  const throws = `const { parentPort } = require('node:worker_threads');
    parentPort.postMessage({ kind: 'listening', port: 1 });
    parentPort.once('message', () => {});
    setImmediate(() => { throw new Error('of this test'); });`;
  const { made, troubles } = await fanOut({}, (life) => (life === 0 ? throws : undefined));
  await until('it is replaced', () => made.fanOutStats().restarts.ended === 1);
  expect(troubles[0]).toContain('of this test');
});

test('a port that is taken is an error of the option, and nothing is left open', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  atEnd(() => taken.close());
  const { port } = taken.address() as { port: number };
  await expect(fanOut({ port })).rejects.toMatchObject({ code: 'PORT_IN_USE', option: 'port' });
});

test('a lossless subscriber whose ring is gone is told what it missed from the history of the other thread', async () => {
  const asked: unknown[] = [];
  const history: WorkerFanOutOptions['history'] = {
    read: ({ series, rowsLimit }) => {
      asked.push([series.map(({ name }) => name), rowsLimit]);
      const [{ id } = { id: 0 }] = series;
      return Promise.resolve({
        ids: Uint32Array.of(id, id),
        timesMs: Float64Array.of(2000, 3000),
        values: Float64Array.of(20, 30),
      });
    },
  };
  const { made, workers, url } = await fanOut({ history });
  const id = made.register(counter('fills'));
  const { client, frames, recoveries } = await follow(url);
  made.update(id, 1000, 10);
  await until('the first', () => valueOf(client) === 10);
  void workers[0]!.terminate();
  await until('the loss is noticed', () => !made.fanOutStats().isUp);
  made.update(id, 4000, 40);
  await until('the sums are equal', () => valueOf(client) === 40);
  expect(recoveries).toEqual(['backfill']);
  expect(valuesOf(frames, ({ backfill }) => backfill)).toEqual([20, 30]);
  expect(asked).toEqual([[['fills'], 100_000]]);
});

describe('what is not the stream', () => {
  test('is answered by the page’s own server, as the client sent it and with the client’s address', async () => {
    const { port } = await fanOut();
    const headers = [
      'Host',
      'desk.example:1',
      'X-Odd',
      '1',
      'x-odd',
      '2',
      'X-Forwarded-For',
      '10.0.0.1',
      'Connection',
      'close, x-hop',
      'X-Hop',
      '3',
    ];
    const { answer, text } = await ask(port, { path: '/a?b=%20c', headers, localAddress: '127.0.0.9' });
    expect(answer.statusCode).toBe(200);
    expect(answer.rawHeaders.filter((_, at, all) => all[at - 1]?.toLowerCase() === 'x-answer')).toEqual(['a', 'b']);
    expect(JSON.parse(text)).toEqual({
      method: 'GET',
      url: '/a?b=%20c',
      rawHeaders: [
        'Host',
        'desk.example:1',
        'X-Odd',
        '1',
        'x-odd',
        '2',
        'X-Forwarded-For',
        '10.0.0.1',
        'Connection',
        'close',
      ],
      address: '127.0.0.9',
      bytes: 0,
    });
  });

  test.each<[string, object]>([
    ['of a known length', { 'content-length': 3_000_000 }],
    ['in chunks', { 'transfer-encoding': 'chunked' }],
  ])('takes a body %s', async (_, headers) => {
    const { port } = await fanOut();
    const part = Buffer.alloc(1_000_000, 7);
    const { text } = await ask(port, { method: 'POST', headers }, [part, part, part]);
    expect(JSON.parse(text)).toMatchObject({ method: 'POST', bytes: 3_000_000 });
    expect(JSON.parse((await ask(port, { method: 'POST' })).text)).toMatchObject({ bytes: 0 });
    expect((await ask(port, { method: 'HEAD' })).answer.statusCode).toBe(200);
  });

  test('may take the connection over, bytes both ways', async () => {
    const { port, page } = await fanOut();
    page.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
      socket.write(
        `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n${request.url}${String(head)}`,
      );
      socket.pipe(socket);
    });
    const socket = connect(port, '127.0.0.1');
    atEnd(() => socket.destroy());
    let text = '';
    socket.on('data', (chunk) => (text += String(chunk)));
    socket.write('GET /push?x HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\nearly');
    await until('it is taken over', () => text.endsWith('/push?xearly'));
    socket.write('later');
    await until('the echo', () => text.endsWith('later'));
    socket.end();
    await once(socket, 'close');
  });

  test('is cut off with a client that goes, and answered 502 when the page’s server gives no answer', async () => {
    const { port, page } = await fanOut();
    const [answer] = page.listeners('request') as [Parameters<Server['on']>[1]];
    page.off('request', answer);
    page.on('request', (request: IncomingMessage) => void request.socket.destroy());
    expect((await ask(port, { path: '/' })).answer.statusCode).toBe(502);
    page.removeAllListeners('request');
    const sockets: Socket[] = [];
    page.on('request', (request: IncomingMessage) => void sockets.push(request.socket));
    const client = connect(port, '127.0.0.1');
    client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    await until('it is asked', () => sockets.length === 1);
    client.destroy();
    await until('it is cut off', () => sockets[0]!.destroyed);
  });
});

test('the private door lets nobody in who does not know the secret, whatever the pieces it comes in', async () => {
  const page = createServer((request, response) => void response.end(request.socket.remoteAddress));
  const door = await PrivateDoor.open(page);
  atEnd(() => door.close());
  const { port, secret } = door.key;
  const stranger = connect(port, '127.0.0.1');
  stranger.on('error', () => undefined);
  stranger.write(Buffer.concat([Buffer.alloc(32, 1), Buffer.from('\u0009127.0.0.1GET / HTTP/1.1\r\nHost: a\r\n\r\n')]));
  let heard = '';
  stranger.on('data', (chunk) => (heard += String(chunk)));
  await once(stranger, 'close');
  expect(heard).toBe('');
  const known = connect(port, '127.0.0.1');
  atEnd(() => known.destroy());
  let text = '';
  known.on('data', (chunk) => (text += String(chunk)));
  known.setNoDelay(true);
  const bytes = Buffer.concat([secret, Buffer.from('\u000810.1.2.3GET / HTTP/1.1\r\nHost: a\r\n\r\n')]);
  for (const byte of bytes) {
    await new Promise((resolve) => known.write(Buffer.from([byte]), resolve));
  }
  await until('the answer', () => text.endsWith('10.1.2.3'));
});

test('a bridge says which way it serves, refuses another, and closes either way', async () => {
  const bridge = await startBridge({ fanOut: 'worker' });
  expect(bridge.stats().fanOut).toMatchObject({ mode: 'worker', isUp: true });
  expect((await fetch(`${bridge.addresses.page}healthz`)).status).toBe(200);
  await bridge.close();
  await bridge.close();
  await expect(fetch(`${bridge.addresses.page}healthz`)).rejects.toThrow('fetch failed');
  expect(bridge.stats().fanOut.isUp).toBe(false);
  await expect(startBridge({ fanOut: 'thread' as 'worker' })).rejects.toMatchObject({ option: 'fanOut' });
});
