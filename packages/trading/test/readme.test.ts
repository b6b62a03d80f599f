import { expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const HOME = new URL('..', import.meta.url);

test('the example of the README runs as it is printed', () => {
  const readme = readFileSync(new URL('README.md', HOME), 'utf8');
  const example = /```js\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--conditions=@nanometer/source', '--input-type=module', '--eval', example],
    { cwd: fileURLToPath(HOME), encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '' } },
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  // What the comments of the example promise, in order.
  const promised = [...example.matchAll(/console\.log\(.*\/\/ (.*)$/gm)].map((match) => match[1]);
  expect(promised.length).toBeGreaterThan(0);
  const printed = stdout.split('\n');
  for (const line of promised) expect(printed).toContain(line);
});
