import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { FileProblems, parseRuleTests, readRules, runRuleTest } from '@nanometer/alerting';
import { rulesOf } from './support.ts';

const FOLDER = new URL('../rules/', import.meta.url);
const file = new URL('desk.test.rules', FOLDER).pathname;
const desk = readRules(new URL('desk.yaml', FOLDER).pathname);

describe('the desk’s rules', () => {
  const { tests } = parseRuleTests(file, readFileSync(file, 'utf8'));
  test.each(tests.map((each) => [each.name, each] as const))('%s', (_, each) => {
    expect(runRuleTest(desk, each).failures).toEqual([]);
  });

  test('are each tested', () => {
    const fired = new Set(
      tests.flatMap(({ checks }) => checks.flatMap(({ alerts }) => alerts.map(({ rule }) => rule))),
    );
    expect(desk.rules.map(({ name }) => name).filter((name) => !fired.has(name))).toEqual([]);
  });
});

describe('a rule test', () => {
  const rules = rulesOf({ kind: 'threshold', above: 1, for: '2s' });
  const failuresOf = (text: string): readonly string[] =>
    parseRuleTests('t', `test t\n${text}`).tests.flatMap((each) =>
      runRuleTest(rules, each).failures.map(({ line, message }) => `${line} ${message}`),
    );

  test('passes when the alerts are those it names', () => {
    expect(failuresOf('series x 0 2x3\nat 0s nothing\nat 2s A pending\nat 3s A firing "v=2"')).toEqual([]);
  });

  test('fails when an alert is missing, in another state, with another text, or there without being named', () => {
    expect(failuresOf('series x 0\nat 1s A')).toEqual(['3 at 1s: expected A firing; it is inactive']);
    expect(failuresOf('series x 2\nat 1s A')).toEqual(['3 at 1s: expected A firing; there is A{} pending "v=2"']);
    expect(failuresOf('series x{k="a"} 2x9\nat 5s nothing')).toEqual([
      '3 at 5s: A{k="a"} firing "v=2" fires, which is not expected',
    ]);
    expect(failuresOf('series x 2x9\nat 5s A firing "other"')).toHaveLength(2);
    expect(failuresOf('series x 2\nat 1s B')).toEqual([
      '3 no rule "B"; did you mean "A"?'.replace('; did you mean "A"?', ''),
    ]);
  });

  test.each([
    ['serie x 1', '2:1 "serie" is no statement'],
    ['series 1 2', '2:8 expected the name of a metric'],
    ['series x{a=1} 2', '2:8 expected key="value" pairs'],
    ['series x#p98 2', '2:8 "p98" is no field'],
    ['series x 1x', '2:10 "1x" is no sample'],
    ['series x 1+1', '2:10 "1+1" is no sample'],
    ['series x 1x9999999', '2:10 more than'],
    ['every now', '2:7 "now" is no step'],
    ['at noon A', '2:4 "noon" is no time'],
    ['at 1s', '2:1 '],
    ['at 1s A ringing', '2:9 expected firing or pending'],
    ['series x 1', '1:1 test "t" asserts nothing'],
  ])('%s is a mistake with a place', (line, expected) => {
    try {
      parseRuleTests('t', `test t\n${line}`);
      throw new Error('it was taken');
    } catch (error) {
      expect(error).toBeInstanceOf(FileProblems);
      const lines = (error as FileProblems).problems.map((each) => `${each.line}:${each.column} ${each.message}`);
      expect(lines).toContainEqual(expect.stringContaining(expected));
    }
  });
});
