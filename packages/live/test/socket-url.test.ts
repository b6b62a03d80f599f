import { describe, expect, test } from '@jest/globals';
import { isSocketUrl, LiveClient, LivePublisher, socketPathTrouble, socketUrl } from '@nanometer/live';
import * as fc from 'fast-check';

describe('the URL of a Unix socket', () => {
  test('has the file, a colon and the path, as `ws` reads it', () => {
    expect(socketUrl('/run/bridge.sock', '/push')).toBe('ws+unix:/run/bridge.sock:/push');
  });

  test.each(['ws+unix:/run/x.sock:/push', 'ws+unix:///run/x.sock:/push', 'ws+unix:/x:/'])('%s is one', (url) => {
    expect(isSocketUrl(url)).toBe(true);
  });

  test.each([
    'ws+unix:/run/x.sock',
    'ws+unix:/run/x.sock/push',
    'ws+unix:run/x.sock:/push',
    'ws+unix:/run/x.sock:push',
    'ws+unix:/:/push',
    'ws+unix:/a:b:/push',
    'ws://127.0.0.1:80/push',
    'unix:/x:/push',
    '',
  ])('%j is none', (url) => {
    expect(isSocketUrl(url)).toBe(false);
  });

  test('is read back for every path that has one', () => {
    const usual = fc.constantFrom('a', 'b', 'c', '.', '/', '-', '_', '~');
    const unusual = fc.constantFrom(' ', ':', '?', '#', '%', '\\', '\n', 'ü', '\0');
    const paths = fc
      .array(fc.oneof({ weight: 20, arbitrary: usual }, unusual), { maxLength: 120 })
      .map((parts) => `/${parts.join('')}`);
    fc.assert(
      fc.property(paths, (file) => {
        fc.pre(socketPathTrouble(file) === undefined);
        const url = new URL(socketUrl(file, '/push'));
        expect(isSocketUrl(url.href)).toBe(true);
        expect(url.pathname.split(':')).toEqual([file, '/push']);
        expect(Buffer.byteLength(file)).toBeLessThan(104);
      }),
    );
  });
});

test('a publisher refuses one without the path of the request', () => {
  expect(() => new LivePublisher({ url: 'ws+unix:/run/x.sock' })).toThrow('ws+unix:/run/nanometer/bridge.sock:/push');
  expect(() => new LivePublisher({ url: 'ws+unix:/run/x.sock:/push' })).not.toThrow();
});

test('a client with a token is told that no ticket can be had over one', () => {
  const url = 'ws+unix:/run/x.sock:/live';
  const token = 'a-secret-of-the-desk';
  expect(() => new LiveClient({ url, token })).toThrow('no ticket can be asked for over a Unix socket');
  expect(() => new LiveClient({ url, token, ticketUrl: 'http://127.0.0.1:8080/ticket' })).not.toThrow();
  expect(() => new LiveClient({ url, ticket: () => Promise.resolve('ticket') })).not.toThrow();
});
