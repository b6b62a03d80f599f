import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { until } from '@nanometer/testing';
import { LINK_TROUBLES } from './fault.ts';
import { LiveLink } from './live-link.ts';

const PAYLOAD = Buffer.from(Array.from({ length: 40_000 }, (_, index) => index % 251));
const ended: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ended.splice(0).toReversed()) await end();
});

/** A server that keeps its sides of connections, behind a link. */
async function standing() {
  const sides: Socket[] = [];
  const heard: Buffer[] = [];
  const server: Server = createServer({ allowHalfOpen: true }, (side) => {
    sides.push(side);
    side.on('error', () => undefined);
    side.on('data', (bytes: Buffer) => heard.push(bytes));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const address = server.address();
  const link = await LiveLink.listen(typeof address === 'object' && address !== null ? address.port : 0);
  ended.push(async () => {
    await link.stop();
    for (const side of sides) side.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return { link, sides, heard: (): string => Buffer.concat(heard).toString() };
}

/** A client of the link, and what it has received. */
function client(link: LiveLink) {
  const socket = connect({ port: link.port, host: '127.0.0.1', allowHalfOpen: true });
  const pieces: Buffer[] = [];
  const state = { ended: false, closed: false };
  socket.on('data', (bytes: Buffer) => pieces.push(bytes));
  socket.on('error', () => undefined);
  socket.on('end', () => (state.ended = true));
  socket.on('close', () => (state.closed = true));
  ended.push(async () => void socket.destroy());
  return { socket, state, received: (): Buffer => Buffer.concat(pieces) };
}

describe('the link of a live subscriber', () => {
  test('passes everything both ways as long as there is no trouble', async () => {
    const { link, sides, heard } = await standing();
    const { socket, received } = client(link);
    socket.write('hello');
    await until('the server hears', () => heard() === 'hello');
    sides[0]?.write(PAYLOAD);
    await until('all arrived', () => received().length === PAYLOAD.length);
    expect(received().equals(PAYLOAD)).toBe(true);
    expect(link.met).toEqual({ cut: 0, 'half-close': 0, stall: 0 });
  });

  test.each([1, 2, 3, 4, 5, 6])(
    'cuts after a number of bytes that seed %i decides, and every later connection',
    async (seed) => {
      const { link, sides } = await standing();
      const first = client(link);
      await until('the server has it', () => sides.length === 1);
      link.begin('cut', seed);
      sides[0]?.write(PAYLOAD);
      await until('it is cut', () => first.state.ended || first.state.closed);
      const second = client(link);
      const isCut = (): boolean => second.state.ended || second.state.closed;
      await until('the server has it, or it is cut at once', () => sides.length === 2 || isCut());
      sides[1]?.write(PAYLOAD);
      await until('it is cut, too', isCut);
      for (const { received } of [first, second]) {
        expect(received().length).toBeLessThan(2 ** 14);
        expect(received().equals(PAYLOAD.subarray(0, received().length))).toBe(true);
      }
      expect(link.met.cut).toBe(2);
    },
  );

  test('closes one direction only: over many seeds the one and the other', async () => {
    const ways = new Set<string>();
    for (let seed = 1; seed <= 12 && ways.size < 2; seed += 1) {
      const { link, sides, heard } = await standing();
      const { socket, state, received } = client(link);
      await until('the server has it', () => sides.length === 1);
      let serverHeardEnd = false;
      sides[0]?.on('end', () => (serverHeardEnd = true));
      link.begin('half-close', seed);
      sides[0]?.write(PAYLOAD);
      await until('one side is told the end', () => state.ended || serverHeardEnd);
      if (state.ended) {
        ways.add('towards the client');
        expect(received().length).toBeLessThan(2 ** 14);
        socket.write('still there');
        await until('the server hears', () => heard() === 'still there');
      } else {
        ways.add('towards the server');
        await until('the client is told the rest', () => received().length === PAYLOAD.length);
        expect(received().equals(PAYLOAD)).toBe(true);
      }
    }
    expect(ways.size).toBe(2);
  });

  test.each([1, 2, 3])('stalls within the stream, and loses no byte when it flows again (seed %i)', async (seed) => {
    const { link, sides, heard } = await standing();
    const { socket, state, received } = client(link);
    await until('the server has it', () => sides.length === 1);
    link.begin('stall', seed);
    sides[0]?.write(PAYLOAD);
    await until('it stalls', () => link.met.stall === 1);
    socket.write('into the stall');
    const other = client(link);
    await until('another one stalls or waits', () => other.socket.readyState === 'open');
    expect(received().length).toBeLessThan(2 ** 14);
    expect([heard(), state.closed]).toEqual(['', false]);
    link.mend();
    await until('the rest arrives', () => received().length === PAYLOAD.length && heard() === 'into the stall');
    expect(received().equals(PAYLOAD)).toBe(true);
  });

  test.each(LINK_TROUBLES)(
    '%s of a connection on which nothing passes comes at the latest when it is mended',
    async (trouble) => {
      const { link, sides } = await standing();
      const { socket, state, received } = client(link);
      await until('the server has it', () => sides.length === 1);
      link.begin(trouble, 5);
      link.mend();
      sides[0]?.write('x');
      let serverHeardEnd = false;
      sides[0]?.on('end', () => (serverHeardEnd = true));
      if (trouble === 'stall') await until('it passes', () => received().length === 1);
      else await until('it is over', () => state.closed || state.ended || serverHeardEnd);
      socket.destroy();
      await until('the server knows', () => serverHeardEnd || sides[0]?.destroyed === true);
    },
  );
});
