import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import {
  type Clocks,
  ExchangeInstrumentation,
  InstrumentationTargetError,
  instrumentWebSocket,
  instrumentWebSocketClass,
} from '@nanometer/exchange';
import { ATTR_EXCHANGE_NAME, METRIC_EXCHANGE_MESSAGE_COUNT } from '@nanometer/semconv';
import { Recording, until } from '@nanometer/testing';
import { type RawData, WebSocket, WebSocketServer } from 'ws';
import { CAPTURES, capturedFrames } from './captured-frames.ts';

const closers: (() => void)[] = [];
afterEach(() => closers.splice(0).forEach((close) => close()));

function setUp() {
  const recording = new Recording();
  const telemetry = new ExchangeInstrumentation({ meterProvider: recording.meterProvider });
  return { telemetry, series: (prefix = 'exchange.') => recording.series(prefix) };
}

/** A server that sends these to whoever connects, then closes as it is told. */
async function serve(payloads: readonly (string | Buffer)[], close?: (socket: WebSocket) => void): Promise<string> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  closers.push(() => {
    for (const client of server.clients) client.terminate();
    server.close();
  });
  server.on('connection', (socket) => {
    for (const payload of payloads) socket.send(payload);
    close?.(socket);
  });
  await once(server, 'listening');
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function connect(url: string): WebSocket {
  const socket = new WebSocket(url);
  closers.push(() => socket.terminate());
  return socket;
}

/** A message of ws is one buffer unless it is told otherwise. */
const textOf = (data: RawData): string => (data as Buffer).toString();

/** The method itself, to be compared and not called. */
const emitOf = (socket: WebSocket): unknown => Reflect.get(socket, 'emit');

const TRADE = JSON.stringify({ e: 'trade', E: 1_000, s: 'BTCUSDT', t: 1, p: '1', q: '1' });

describe('a client of ws', () => {
  test('hears what it would have heard, in its order, and is measured beside it', async () => {
    const payloads = [TRADE, Buffer.from(TRADE), 'no JSON'];
    const socket = connect(await serve(payloads, (peer) => peer.close(1000)));
    const { telemetry, series } = setUp();
    const wall = [1_010, 1_020, 1_030];
    const clocks: Clocks = { wallMs: () => wall.shift()!, monotonicMs: () => 0 };
    const heard: string[] = [];
    socket.on('message', (data, isBinary) => heard.push(`first ${textOf(data)} ${isBinary}`));
    instrumentWebSocket(socket, telemetry, { exchange: 'binance', clocks });
    socket.on('message', (data) => heard.push(`second ${textOf(data)}`));
    await once(socket, 'close');
    expect(heard).toEqual(
      payloads.flatMap((payload) => [
        `first ${String(payload)} ${typeof payload !== 'string'}`,
        `second ${String(payload)}`,
      ]),
    );
    expect(await series()).toEqual({
      'exchange.message.count{trade,binance}': 2,
      'exchange.message.count{control,binance}': 1,
      'exchange.message.io{trade,binance}': 2 * TRADE.length,
      'exchange.message.io{control,binance}': 7,
      'exchange.message.handler.duration{trade,binance}': [2, 0],
      'exchange.message.handler.duration{control,binance}': [1, 0],
      'exchange.feed.delay.apparent{trade,binance}': 0.02,
      'exchange.feed.delay.floor{trade,binance}': 0.01,
      'exchange.feed.delay.excess{trade,binance}': [2, 0.01],
      'exchange.connection.active{binance}': 0,
      'exchange.event.dropped{invalid_message}': 1,
    });
  });

  test('that loses its connection is told from one that closes it', async () => {
    const { telemetry, series } = setUp();
    for (const close of [(peer: WebSocket) => peer.terminate(), (peer: WebSocket) => peer.close(4001)]) {
      const socket = connect(await serve([], close));
      instrumentWebSocket(socket, telemetry, { exchange: 'okx' });
      await once(socket, 'close');
    }
    expect(await series('exchange.connection')).toEqual({
      'exchange.connection.active{okx}': 0,
      'exchange.connection.lost{close_1006,okx}': 1,
      'exchange.connection.lost{close_4001,okx}': 1,
      'exchange.connection.reconnect{okx}': 1,
    });
  });

  test('keeps the error of a listener, and the crash of an error that nobody listens to', async () => {
    const socket = connect(await serve([TRADE]));
    const { telemetry, series } = setUp();
    instrumentWebSocket(socket, telemetry, { exchange: 'binance' });
    const ours = new Error('of the service');
    await once(socket, 'open');
    await until(
      'it is counted',
      async () => (await series('exchange.message.count'))['exchange.message.count{trade,binance}'] === 1,
    );
    socket.on('message', () => {
      throw ours;
    });
    expect(() => socket.emit('message', Buffer.from(TRADE), false)).toThrow(ours);
    // Node wraps an error of another realm, as tests have them.
    expect(() => socket.emit('error', ours)).toThrow(/Error: of the service/);
  });

  test('is as it was after unpatch, and counts no more', async () => {
    const socket = connect(await serve([TRADE]));
    const { telemetry, series } = setUp();
    const emit = emitOf(socket);
    const instrumented = instrumentWebSocket(socket, telemetry, { exchange: 'binance' });
    expect(emitOf(socket)).not.toBe(emit);
    instrumented.unpatch();
    instrumented.unpatch();
    expect(Object.hasOwn(socket, 'emit')).toBe(false);
    await once(socket, 'message');
    expect(await series()).toEqual({});
  });

  test('patched by somebody else after us is left to them', async () => {
    const socket = connect(await serve([]));
    const { telemetry, series } = setUp();
    const instrumented = instrumentWebSocket(socket, telemetry, { exchange: 'binance' });
    await once(socket, 'open');
    const before = await series('exchange.');
    const ours = emitOf(socket) as WebSocket['emit'];
    const theirs: WebSocket['emit'] = (...args) => ours.apply(socket, args);
    socket.emit = theirs;
    instrumented.unpatch();
    expect(emitOf(socket)).toBe(theirs);
    socket.emit('message', Buffer.from(TRADE), false);
    expect(await series()).toEqual(before);
  });

  test('with messages above the limit counts them without looking into them', async () => {
    const { telemetry, series } = setUp();
    const socket = connect(await serve([TRADE]));
    instrumentWebSocket(socket, telemetry, { exchange: 'binance', maxParseBytes: 10 });
    await once(socket, 'message');
    const plain = connect(await serve([TRADE]));
    instrumentWebSocket(plain, telemetry, { exchange: 'unheard-of' });
    await once(plain, 'message');
    expect(await series('exchange.message.count')).toEqual({
      'exchange.message.count{control,binance}': 1,
      'exchange.message.count{message,unheard-of}': 1,
    });
  });
});

test("Node's own WebSocket is measured by its events, and let go by unpatch", async () => {
  const socket = new globalThis.WebSocket(await serve([TRADE, TRADE]));
  closers.push(() => socket.close());
  const { telemetry, series } = setUp();
  const instrumented = instrumentWebSocket(socket, telemetry, { exchange: 'binance' });
  await until(
    'it is counted',
    async () => (await series('exchange.message.count'))['exchange.message.count{trade,binance}'] === 2,
  );
  expect(await series('exchange.connection')).toEqual({ 'exchange.connection.active{binance}': 1 });
  instrumented.unpatch();
  socket.dispatchEvent(new MessageEvent('message', { data: TRADE }));
  expect(await series('exchange.message.count')).toEqual({ 'exchange.message.count{trade,binance}': 2 });
});

test('a class makes sockets that are instrumented by their host, and are of the class', async () => {
  const url = await serve([TRADE]);
  const { telemetry, series } = setUp();
  const Socket = instrumentWebSocketClass(WebSocket, telemetry, { hosts: { [new URL(url).host]: 'binance' } });
  expect(Socket.OPEN).toBe(WebSocket.OPEN);
  const socket = new Socket(url);
  closers.push(() => socket.terminate());
  expect(socket).toBeInstanceOf(WebSocket);
  expect(socket).toBeInstanceOf(Socket);
  await once(socket, 'message');
  const other = new Socket(await serve([TRADE]));
  closers.push(() => other.terminate());
  await once(other, 'message');
  expect(await series('exchange.message.count')).toEqual({ 'exchange.message.count{trade,binance}': 1 });
  expect(() => new Socket('no url')).toThrow(SyntaxError);
});

test('what is no socket is refused at once', () => {
  const { telemetry } = setUp();
  const refused = (): unknown => instrumentWebSocket({ url: '' } as never, telemetry, { exchange: 'x' });
  expect(refused).toThrow(InstrumentationTargetError);
  expect(refused).toThrow('neither emit() nor addEventListener()');
});

(CAPTURES === undefined ? describe.skip : describe)('a server that replays captured frames (shared data)', () => {
  const captures = CAPTURES === undefined ? new Map<string, never>() : capturedFrames(CAPTURES);

  test.each([...(captures.keys() as Iterable<string>)])('of %s loses and changes none of them', async (exchange) => {
    const frames = captures.get(exchange)!;
    const url = await serve(
      frames.map(({ payload }) => payload),
      (peer) => peer.close(1000),
    );
    const { telemetry, series } = setUp();
    const socket = connect(url);
    let at = 0;
    instrumentWebSocket(socket, telemetry, {
      exchange,
      clocks: { wallMs: () => frames[at]!.receiveTimeMs, monotonicMs: () => 0 },
    });
    socket.on('message', (data) => {
      if (textOf(data) !== frames[at]?.payload) throw new Error(`frame ${at} is not what was sent`);
      at++;
    });
    await once(socket, 'close');
    expect(at).toBe(frames.length);
    const counts = Object.values(await series(METRIC_EXCHANGE_MESSAGE_COUNT.name)) as number[];
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(frames.length);
    expect(telemetry.dropped).toBe(0);
    const excess = (await series('exchange.feed.delay.excess')) as Readonly<Record<string, [number, number]>>;
    for (const [, sum] of Object.values(excess)) expect(sum).toBeGreaterThanOrEqual(0);
    expect(Object.keys(await series('exchange.connection.active'))).toEqual([
      `exchange.connection.active{${exchange}}`,
    ]);
  });
});

test('the attributes of a message are the exchange and the channel alone', async () => {
  const recording = new Recording();
  const telemetry = new ExchangeInstrumentation({ meterProvider: recording.meterProvider });
  const socket = connect(await serve([TRADE]));
  instrumentWebSocket(socket, telemetry, { exchange: 'binance' });
  await once(socket, 'message');
  const attributes = (await recording.collect()).seriesOf(METRIC_EXCHANGE_MESSAGE_COUNT);
  expect(attributes).toEqual([{ [ATTR_EXCHANGE_NAME]: 'binance', 'exchange.channel': 'trade' }]);
});
