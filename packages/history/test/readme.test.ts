import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const HOME = new URL('..', import.meta.url);

test('the README’s example prints what it says', () => {
  const readme = readFileSync(new URL('README.md', HOME), 'utf8');
  const example = /```js\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--conditions=@nanometer/source', '--input-type=module', '--eval', example],
    { cwd: fileURLToPath(HOME), encoding: 'utf8' },
  );
  const printed = /It prints `(.*)`/.exec(readme)?.[1];
  expect({ status, stderr, stdout }).toEqual({ status: 0, stderr: '', stdout: `${printed}\n` });
});
