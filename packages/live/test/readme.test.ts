import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import * as live from '@nanometer/live';
import * as client from '@nanometer/live/client';
import * as closeCodes from '../src/protocol/close-codes.ts';

const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
const run = promisify(execFile);

test('the example of the README runs and prints what it says', async () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const code = /<!-- example:[^>]*-->\n\n```js\n(.*?)```/s.exec(readme)![1]!;
  const args = ['--conditions=@nanometer/source', '--disable-warning=ExperimentalWarning', '--input-type=module', '-e'];
  const { stdout } = await run(process.execPath, [...args, code], { cwd: PACKAGE });
  expect(stdout).toBe('exposure of BTCUSDT: 125000\n');
});

describe('the documents', () => {
  const text = (name: string): string => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8');

  test('name every limit with its default', () => {
    for (const name of Object.keys(live.DEFAULT_LIMITS)) {
      // Two that belong together share a row.
      expect(text('README.md')).toMatch(
        name === 'messageBurst' ? /`messageBurst`/ : new RegExp(`\\| \`limits\\.${name}\``),
      );
    }
  });

  test('name every close code, every error that travels and every limit that is announced', () => {
    const protocol = text('PROTOCOL.md');
    for (const code of Object.values(closeCodes)) expect(protocol).toContain(`| ${code} | \``);
    const travelling = /Sent to a client.*?\n(.*?)\/\/ Counted/s.exec(text('src/protocol/errors.ts'))![1]!;
    const codes = [...travelling.matchAll(/'(\w+)'/g)].map((match) => match[1]!);
    expect(codes.length).toBeGreaterThan(15);
    for (const code of codes) expect(protocol).toContain(`| \`${code}\` |`);
    const hello = JSON.parse(
      (JSON.parse(text('vectors/messages.json')) as { server: { text: string }[] }).server[0]!.text,
    ) as { limits: object };
    for (const limit of Object.keys(hello.limits)) expect(protocol).toContain(`\`${limit}\``);
  });
});

test('the client needs nothing of Node', async () => {
  const esbuild = fileURLToPath(new URL('../../../node_modules/.bin/esbuild', import.meta.url));
  const args = ['src/client/index.ts', '--bundle', '--platform=browser', '--format=esm', '--minify'];
  const { stdout } = await run(esbuild, args, { cwd: PACKAGE });
  expect(stdout).not.toMatch(/\bfrom"|\brequire\(|\bBuffer\b|\bprocess\./);
});

test('the package exports', () => {
  expect(Object.keys(live)).toMatchInlineSnapshot(`
   [
     "DEFAULT_LIMITS",
     "DEFAULT_PUSH_LIMITS",
     "FRAME_HEADER_BYTES",
     "FrameError",
     "LANE_NAMES",
     "LaneReader",
     "LiveClient",
     "LiveError",
     "LivePublisher",
     "LiveServer",
     "PROTOCOL_VERSION",
     "PUSH_ACCESS",
     "PushServer",
     "SYSTEM_CLOCK",
     "SeriesStore",
     "TOKEN_LENGTH_LEAST",
     "compileFilter",
     "decodeFrame",
     "encodeFrame",
     "frameBytes",
     "hearsTopic",
     "hostAllowed",
     "hostsOf",
     "inflateFrame",
     "isLoopback",
     "isSocketUrl",
     "originAllowed",
     "socketPathTrouble",
     "socketUrl",
   ]
  `);
  expect(Object.keys(client)).toMatchInlineSnapshot(`
   [
     "FrameError",
     "LiveClient",
     "LiveError",
     "SYSTEM_CLOCK",
     "SeriesStore",
     "compileFilter",
     "decodeFrame",
     "inflateFrame",
   ]
  `);
});
