import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { outputsOf } from '../generator/outputs.ts';
import { ModelError } from '../generator/problem.ts';
import { readModel } from '../generator/read-model.ts';
import { fillBlocks } from '../generator/readme-blocks.ts';
import { folderOf, DESK } from './generator-folders.ts';

const CHECKOUT = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

const MAIN = join(CHECKOUT, 'packages', 'semconv', 'generator', 'main.ts');

describe('a README', () => {
  const groups = readModel(folderOf({ 'desk.yaml': DESK }));

  test('gets the tables between its markers, and keeps the rest to the byte', () => {
    const before = '# Desk\r\n\n<!-- semconv:begin group=desk -->\nold\n<!-- semconv:end -->\nafter  \n';
    const after = fillBlocks('README.md', before, groups);
    expect(after).toContain('| `desk.order.count` | Counter | `{order}` | `desk.name` | Orders. One per order. |');
    expect(after).toContain(
      '| `desk.wait.duration` | Histogram | `s` | – | Wait. Clock. Buckets: 0.1 to 1, 2 bounds. |',
    );
    expect(after).toContain('| `desk.name` | string | Name of the desk. | `a`, `b` |');
    expect(after).not.toContain('old');
    expect(after.startsWith('# Desk\r\n\n<!-- semconv:begin group=desk -->\n|')).toBe(true);
    expect(after.endsWith('|\n<!-- semconv:end -->\nafter  \n')).toBe(true);
    expect(fillBlocks('README.md', after, groups)).toBe(after);
  });

  test('without markers stays as it is', () => {
    expect(fillBlocks('README.md', '# Desk\n', groups)).toBe('# Desk\n');
  });

  test.each<[string, string, string]>([
    [
      'an unknown group',
      '# Desk\n<!-- semconv:begin group=disk -->\n<!-- semconv:end -->\n',
      'README.md:2:1: no group "disk"; did you mean "desk"? (known: desk)',
    ],
    [
      'a folder that proves nothing',
      '# Desk\n<!-- semconv:begin proof=packages/disk -->\n<!-- semconv:end -->\n',
      'README.md:2:1: no card is proven by a test in "packages/disk"',
    ],
    [
      'no end',
      '<!-- semconv:begin group=desk -->\n# Rest\n',
      'README.md:1:1: this block does not end with <!-- semconv:end -->',
    ],
    [
      'a block in a block',
      '<!-- semconv:begin group=desk -->\n<!-- semconv:begin group=desk -->\n<!-- semconv:end -->\n',
      'README.md:1:1: this block does not end',
    ],
  ])('with %s is refused at its place', (_, markdown, expected) => {
    expect(() => fillBlocks('README.md', markdown, groups)).toThrow(ModelError);
    expect(() => fillBlocks('README.md', markdown, groups)).toThrow(expected);
  });

  test('of a folder carries the cards that its tests and published answers prove, of every group', () => {
    const proven = readModel(
      folderOf({
        'desk.yaml': DESK.replace(
          '    definition: One per order.\n',
          '    definition: One per order.\n    proof: ["test:packages/desk/test/a.test.ts#counts"]\n',
        ).concat('    proof: ["test:packages/other/test/a.test.ts#waits"]\n'),
      }),
    );
    const filled = fillBlocks('R', '<!-- semconv:begin proof=packages/desk -->\n<!-- semconv:end -->', proven);
    expect(filled).toContain('| `desk.order.count` | One per order. |');
    expect(filled).not.toContain('desk.wait.duration');
  });

  test('escapes what would break a table', () => {
    const [group] = readModel(folderOf({ 'desk.yaml': DESK.replace('Orders.', 'a | b') }));
    expect(fillBlocks('R', '<!-- semconv:begin group=desk -->\n<!-- semconv:end -->', [group!])).toContain('a \\| b');
  });
});

describe('the generator', () => {
  const README = '<!-- semconv:begin group=desk -->\n<!-- semconv:end -->\n';
  const checkoutOf = (model: string): string =>
    folderOf({
      'packages/semconv/model/desk.yaml': model,
      'packages/semconv/src/generated/gone.ts': 'export {};\n',
      'packages/desk/README.md': README,
    });
  const run = (...args: string[]): { status: number | null; stderr: string; stdout: string } =>
    spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8' });

  test('writes what is stale, removes what is gone, and then finds nothing stale', () => {
    const checkout = checkoutOf(DESK);
    const stale = run('--check', '--checkout', checkout);
    expect(stale.status).toBe(1);
    expect(stale.stderr.split('\n').sort()).toEqual([
      '',
      'run: npm run generate -w packages/semconv',
      'stale docs/metrics.md',
      'stale packages/desk/README.md',
      'stale packages/semconv/src/generated/desk.ts',
      'stale packages/semconv/src/generated/gone.ts',
      'stale packages/semconv/src/generated/index.ts',
    ]);
    expect(readFileSync(join(checkout, 'packages/desk/README.md'), 'utf8')).toBe(README);

    expect(run('--checkout', checkout)).toMatchObject({ status: 0 });
    expect(run('--check', '--checkout', checkout)).toMatchObject({ status: 0, stderr: '' });

    for (const path of ['docs/metrics.md', 'packages/desk/README.md', 'packages/semconv/src/generated/desk.ts']) {
      const text = readFileSync(join(checkout, path), 'utf8');
      writeFileSync(join(checkout, path), text.replace('Orders.', 'Edited by hand.'));
      const edited = run('--check', '--checkout', checkout);
      expect([edited.status, edited.stderr.split('\n')[0]]).toEqual([1, `stale ${path}`]);
      writeFileSync(join(checkout, path), text);
    }
  });

  test('exits with 78 and the places of mistakes, and writes nothing', () => {
    const checkout = checkoutOf(DESK.replace('unit: s', 'unit: ms'));
    const { status, stderr } = run('--checkout', checkout);
    expect(status).toBe(78);
    expect(stderr).toMatch(/^packages\/semconv\/model\/desk\.yaml:18:11: unit "ms"/);
    expect(readFileSync(join(checkout, 'packages/desk/README.md'), 'utf8')).toBe(README);
  });

  test('exits with 2 on an unknown option, and explains itself', () => {
    expect(run('--chek')).toMatchObject({ status: 2, stderr: expect.stringContaining("'--chek'") });
    expect(run('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('Exit codes') });
  });

  test('writes typed constants that hold the whole definition', () => {
    const outputs = outputsOf(checkoutOf(DESK.replace('Orders.', 'Orders */ all.')));
    const source = [...outputs].find(([path]) => path.endsWith('generated/desk.ts'))?.[1];
    expect(source).toContain('export const ATTR_DESK_NAME = "desk.name" as const;');
    expect(source).toContain("export const METRIC_DESK_ORDER_COUNT: MetricDefinition<'counter'> = {");
    expect(source).toContain('/** Orders *\\/ all. Unit `{order}`. */');
  });

  test('finds this checkout up to date', () => {
    const stale = [...outputsOf(CHECKOUT)].filter(([path, content]) => {
      try {
        return readFileSync(path, 'utf8') !== content;
      } catch {
        return content !== undefined;
      }
    });
    expect(stale.map(([path]) => path.slice(CHECKOUT.length + 1))).toEqual([]);
  });
});
