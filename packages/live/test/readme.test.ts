import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import * as live from '@nanometer/live';
import * as client from '@nanometer/live/client';

const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
const run = promisify(execFile);

test('the example of the README runs and prints what it says', async () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const code = /<!-- example:[^>]*-->\n\n```js\n(.*?)```/s.exec(readme)![1]!;
  const args = ['--conditions=@nanometer/source', '--disable-warning=ExperimentalWarning', '--input-type=module', '-e'];
  const { stdout } = await run(process.execPath, [...args, code], { cwd: PACKAGE });
  expect(stdout).toBe('exposure of BTCUSDT: 125000\n');
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
     "FRAME_HEADER_BYTES",
     "FrameError",
     "LiveClient",
     "LiveError",
     "LiveServer",
     "PROTOCOL_VERSION",
     "SYSTEM_CLOCK",
     "SeriesStore",
     "compileFilter",
     "decodeFrame",
     "encodeFrame",
     "frameBytes",
     "hostAllowed",
     "hostsOf",
     "inflateFrame",
     "isLoopback",
     "originAllowed",
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
