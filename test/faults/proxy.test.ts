import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterEach, describe, expect, test } from '@jest/globals';
import { until } from '@nanometer/testing';
import { freeTcpPorts } from '../stack/ports.ts';
import { FaultProxy, readRequest } from './proxy.ts';

describe('the proxy', () => {
  const closers: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0).toReversed()) await close();
  });

  async function standing(): Promise<{ proxy: FaultProxy; url: string; bodies: string[] }> {
    const bodies: string[] = [];
    const server: Server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (text: string) => (body += text));
      request.on('end', () => {
        bodies.push(body);
        response.end('a whole answer');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closers.push(
      () => server.close(),
      () => server.closeAllConnections(),
    );
    const [port = 0] = await freeTcpPorts(1);
    const proxy = await FaultProxy.listen(port, (server.address() as AddressInfo).port);
    closers.push(() => proxy.stop());
    return { proxy, url: `http://127.0.0.1:${port}/`, bodies };
  }

  interface Answer {
    readonly status: number;
    readonly retryAfter: string | undefined;
    readonly text: string;
  }

  // A connection for each request: one that was kept might be cut by the proxy just as it is used again.
  const post = (
    url: string,
    body: string | Buffer = 'hello',
    headers: Record<string, string> = {},
    signal?: AbortSignal,
  ): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const sent = request(url, { method: 'POST', agent: false, headers, ...(signal && { signal }) }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (piece: string) => (text += piece));
        response.on('error', reject);
        response.on('end', () => {
          const retryAfter = response.headers['retry-after'];
          resolve({ status: response.statusCode ?? 0, retryAfter, text });
        });
      });
      sent.on('error', reject);
      sent.end(body);
    });

  test('passes requests on while there is no trouble', async () => {
    const { url, bodies } = await standing();
    expect((await post(url)).text).toBe('a whole answer');
    expect(bodies).toEqual(['hello']);
  });

  test.each(['429', '503'] as const)(
    'answers %s with Retry-After, and passes on again when it is over',
    async (trouble) => {
      const { proxy, url, bodies } = await standing();
      proxy.set(trouble);
      const response = await post(url);
      expect([response.status, response.retryAfter]).toEqual([Number(trouble), '1']);
      expect(bodies).toEqual([]);
      expect(proxy.refused).toEqual([]);
      proxy.set(undefined);
      expect((await post(url)).status).toBe(200);
      expect(proxy.met).toEqual({ [trouble]: 1 });
    },
  );

  test('keeps what it answered 400, unpacked', async () => {
    const { proxy, url } = await standing();
    proxy.set('400');
    expect((await post(url, gzipSync('packed'), { 'content-encoding': 'gzip' })).status).toBe(400);
    expect((await post(url, zstdCompressSync('tight'), { 'content-encoding': 'zstd' })).status).toBe(400);
    expect(proxy.refused.map(String)).toEqual(['packed', 'tight']);
  });

  test('lets a sender wait, refuses it, or loses the answer to a request that arrived', async () => {
    const { proxy, url, bodies } = await standing();
    proxy.set('refuse');
    await expect(post(url)).rejects.toThrow();
    proxy.set('hang');
    const impatience = new AbortController();
    const unanswered = post(url, 'hello', {}, impatience.signal);
    await Promise.all([
      expect(unanswered).rejects.toThrow(/abort/i),
      until('the request is there', () => proxy.met.hang === 1).then(() => impatience.abort()),
    ]);
    expect(bodies).toEqual([]);
    proxy.set('lose-answer');
    await expect(post(url)).rejects.toThrow();
    expect(bodies).toEqual(['hello']);
    proxy.set('half-close');
    await expect(post(url)).rejects.toThrow();
    expect(bodies).toEqual(['hello', 'hello']);
  });

  test('a request is read however it was cut, and never before it is whole', () => {
    const chunked = Buffer.from(
      'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n',
    );
    const sized = Buffer.from('POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nabcde');
    for (const whole of [chunked, sized]) {
      for (let length = 0; length < whole.length; length += 1) {
        expect(readRequest(whole.subarray(0, length))).toBeUndefined();
      }
      const two = Buffer.concat([whole, whole]);
      const read = readRequest(two);
      expect([read?.length, read?.body.toString()]).toEqual([whole.length, 'abcde']);
    }
    expect(readRequest(Buffer.from('GET / HTTP/1.1\r\n\r\n'))?.body).toHaveLength(0);
  });
});
