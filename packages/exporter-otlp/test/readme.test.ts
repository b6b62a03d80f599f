import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import * as api from '@nanometer/exporter-otlp';
import packageJson from '../package.json' with { type: 'json' };

const HOME = new URL('..', import.meta.url);

test('the README’s example runs as it is printed', () => {
  const readme = readFileSync(new URL('README.md', HOME), 'utf8');
  const example = /```js\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--conditions=@nanometer/source', '--input-type=module', '--eval', example],
    { cwd: fileURLToPath(HOME), encoding: 'utf8' },
  );
  expect({ status, stderr, stdout }).toEqual({
    status: 0,
    stderr: '',
    stdout: '{ received: 1, forwarded: 1, held: 0, dropped: {} }\n',
  });
});

test('exports this and nothing else', () => {
  expect(Object.keys(api).sort()).toEqual([
    'OtlpError',
    'OtlpExporter',
    'OtlpReader',
    'RequestEncoder',
    'UndeliveredError',
    'VERSION',
  ]);
  expect(api.VERSION).toBe(packageJson.version);
});
