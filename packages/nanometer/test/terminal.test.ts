import { expect, test } from '@jest/globals';
import { table } from '../src/output/table.ts';
import { createTerminal } from '../src/output/terminal.ts';

function streams(isTTY: boolean): { written: string[]; terminal: ReturnType<typeof createTerminal> } {
  const written: string[] = [];
  const stream = (name: string) => ({ isTTY, write: (text: string) => written.push(`${name}:${text}`) });
  return { written, terminal: createTerminal(stream('out'), stream('err')) };
}

test('a status line is rewritten in place on a terminal and ended before other output', () => {
  const { written, terminal } = streams(true);
  terminal.status('one');
  terminal.status('two');
  terminal.out('data');
  terminal.out('more');
  expect(written).toEqual(['err:\u001B[2K\rone', 'err:\u001B[2K\rtwo', 'err:\n', 'out:data\n', 'out:more\n']);
});

test('status lines are lines of their own in a log, and never on standard output', () => {
  const { written, terminal } = streams(false);
  terminal.status('one');
  terminal.status('two');
  terminal.err('notice');
  expect(written).toEqual(['err:one\n', 'err:two\n', 'err:notice\n']);
});

test('a table aligns names left and numbers right', () => {
  expect(
    table(
      ['name', 'n'],
      [
        ['a', '1'],
        ['longer', '1,000'],
      ],
    ),
  ).toBe('name        n\n------  -----\na           1\nlonger  1,000');
});
