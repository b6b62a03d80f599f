import { describe, expect, test } from '@jest/globals';
import { FileProblems, parseRules, readRules, type RuleSet } from '@nanometer/alerting';

function problemsOf(text: string): readonly string[] {
  try {
    parseRules('rules.yaml', text);
  } catch (error) {
    if (!(error instanceof FileProblems)) throw error;
    return error.problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
  }
  return [];
}

const rule = (lines: string, kind = 'threshold'): string =>
  `rules:\n  - name: A\n    kind: ${kind}\n    severity: info\n    summary: s\n${lines
    .trim()
    .split('\n')
    .map((line) => `    ${line.trim()}`)
    .join('\n')}\n`;

describe('a rule file', () => {
  test('of the package itself has no mistake', () => {
    const rules: RuleSet = readRules(new URL('../rules/desk.yaml', import.meta.url).pathname);
    expect(rules.rules.map(({ name }) => name)).toContain('ExposureLimit');
  });

  test('reports all mistakes at once, each with line and column, an excerpt and carets', () => {
    const text = rule('metric: risk.drawdown.ratio\nabov: 1\nfor: 10') + '  - name: B\n    kind: treshold\n';
    expect(problemsOf(text)).toEqual([
      expect.stringMatching(/^7:5 unknown key "abov"; did you mean "above"\?/),
      '8:10 10 must be string',
      expect.stringMatching(/^10:11 "treshold" is not one of threshold, .*; did you mean "threshold"\?$/),
    ]);
    expect(() => parseRules('rules.yaml', text)).toThrow(
      ['rules.yaml:8:10: 10 must be string', '  8 |     for: 10', '    |          ^^'].join('\n'),
    );
  });

  test('says once that a rule has no kind, and which there are', () => {
    expect(problemsOf('rules:\n  - name: A\n    severity: info\n    summary: s\n')).toEqual([
      expect.stringMatching(/^2:5 "kind" is missing \(one of threshold, /),
    ]);
  });

  test.each([
    [
      'a metric that is not in the registry',
      'metric: risk.drawdown.ratoi\nabove: 1',
      /6:13 no metric .*did you mean "risk.drawdown.ratio"\?/,
    ],
    [
      'a metric called custom that is not',
      'metric: risk.drawdown.ratio\ncustom: true\nabove: 1',
      /7:5 .*leave custom out/,
    ],
    [
      'an attribute the metric lacks',
      'metric: risk.drawdown.ratio\nwhere: {trading.curency: USD}\nabove: 1',
      /7:13 .*did you mean "trading.currency"\?/,
    ],
    ['a histogram without a field', 'metric: trading.order.ack.duration\nabove: 1', /6:13 .*say which field/],
    ['a field of a gauge', 'metric: risk.drawdown.ratio\nfield: count\nabove: 1', /7:5 .*only histograms/],
    ['neither above nor below', 'metric: risk.drawdown.ratio', /"above" or "below" is missing/],
    ['above and below', 'metric: risk.drawdown.ratio\nabove: 1\nbelow: 0', /exclude each other/],
    ['a level that is no number', 'metric: risk.drawdown.ratio\nabove: .inf', /7:12 Infinity must be number/],
    [
      'a clear level on the wrong side',
      'metric: risk.drawdown.ratio\nabove: 1\nclear: 2',
      /8:12 clear \(2\) must be on the quiet side/,
    ],
    ['by without aggregate', 'metric: risk.drawdown.ratio\nby: [job]\nabove: 1', /7:5 by needs aggregate/],
    ['a duration without unit', 'metric: risk.drawdown.ratio\nfor: "10"\nabove: 1', /7:10 "10" is no duration/],
    [
      'a label the rule sets itself',
      'metric: risk.drawdown.ratio\nabove: 1\nlabels: {severity: x}',
      /8:14 the label "severity"/,
    ],
    [
      'a runbook that is no address',
      'metric: risk.drawdown.ratio\nabove: 1\nrunbook: wiki',
      /8:14 "wiki" is no address/,
    ],
    [
      'an unknown placeholder',
      'metric: risk.drawdown.ratio\nabove: 1\ndescription: "{{vale}}"',
      /8:18 \{\{vale\}\} is nothing/,
    ],
    [
      'a template of Prometheus',
      'metric: risk.drawdown.ratio\nabove: 1\ndescription: "{{ $value }}"',
      /8:18 \{\{ \$value \}\} is no placeholder; did you mean "\{\{value\}\}"\?/,
    ],
    [
      'a label as Prometheus has it',
      'metric: risk.drawdown.ratio\nabove: 1\ndescription: "of {{ $labels.job }}"',
      /did you mean "\{\{job\}\}"\?/,
    ],
    [
      'a percentage as Prometheus has it',
      'metric: risk.drawdown.ratio\nabove: 1\ndescription: "{{ $value | humanizePercentage }}"',
      /did you mean "\{\{value\|percent\}\}"\?/,
    ],
    [
      'a format that there is not',
      'metric: risk.drawdown.ratio\nabove: 1\ndescription: "{{value|percnt}}"',
      /\{\{value\|percnt\}\} is no placeholder/,
    ],
    [
      'braces that do not end',
      'metric: risk.drawdown.ratio\nabove: 1\ndescription: "{{value} and {{job}}"',
      /\{\{value\} and \{\{job\}\} is no placeholder/,
    ],
    ['an empty label', 'metric: risk.drawdown.ratio\nabove: 1\nlabels: {team: ""}', /8:20 an empty label is no label/],
    [
      'a label with a template',
      'metric: risk.drawdown.ratio\nabove: 1\nlabels: {team: "{{job}}"}',
      /8:20 a label is part of the alert’s identity/,
    ],
  ])('refuses %s', (_, lines, message) => {
    expect(problemsOf(rule(lines))).toEqual([expect.stringMatching(message)]);
  });

  test('refuses a tier that cannot evaluate the rule, and names those that can', () => {
    const lines = 'metric: exchange.feed.age\nafter: 10s';
    expect(problemsOf(rule(lines, 'staleness'))).toEqual([
      expect.stringMatching(/^3:11 tier process cannot evaluate .* tiers: \[bridge, prometheus, grafana\]$/),
    ]);
    const given = `${lines}\ntiers: [bridge, process]`;
    expect(problemsOf(rule(given, 'staleness'))).toEqual([expect.stringMatching(/^8:21 tier process cannot/)]);
  });

  test('refuses two rules of one name and inhibitions of rules that are not there', () => {
    const text = `${rule('metric: risk.drawdown.ratio\nabove: 1')}${rule('metric: risk.drawdown.ratio\nabove: 2').replace('rules:\n', '')}inhibit: [{source: {alertname: AA}, target: {severity: info}}]\n`;
    expect(problemsOf(text)).toEqual([
      expect.stringMatching(/^8:11 rule "A" exists already/),
      expect.stringMatching(/no rule "AA" in this file; did you mean "A"\?/),
    ]);
  });

  test('refuses what is no YAML without guessing further', () => {
    expect(problemsOf('rules: [')).toHaveLength(1);
    expect(problemsOf('')).toEqual([expect.stringContaining('1:1 ')]);
    expect(problemsOf('rules: 3')).toEqual([expect.stringContaining('1:8 3 must be array')]);
  });

  test('takes placeholders with and without spaces, and braces that are single', () => {
    const texts = '{{ value | percent }} {{value|percent}} {{ job }} {a} {{series}}';
    expect(problemsOf(rule(`metric: risk.drawdown.ratio\nabove: 1\ndescription: "${texts}"`))).toEqual([]);
  });

  test('refuses aliases that grow without end or contain themselves', () => {
    const lines = ['a: &a [x,x,x,x,x,x,x,x,x,x]'];
    for (const [before, name] of ['ab', 'bc', 'cd', 'de'].map((pair) => [pair[0], pair[1]] as const)) {
      lines.push(`${name}: &${name} [${Array.from({ length: 10 }, () => `*${before}`).join()}]`);
    }
    const grown = `${lines.join('\n')}\nrules: [*e]\n`;
    for (const text of [grown, 'rules: &r\n  - *r\n']) {
      expect(problemsOf(text)).toEqual([expect.stringMatching(/^1:1 its aliases \(\*name\) cannot be resolved/)]);
    }
  });

  test('shows of a very long line what is around the mistake', () => {
    const text = `rules: [{name: A, kind: threshold, summary: "${'x'.repeat(10_000)}", severty: info}]`;
    let message = '';
    try {
      parseRules('rules.yaml', text);
    } catch (error) {
      ({ message } = error as Error);
    }
    for (const line of message.split('\n').filter((each) => / \| /.test(each))) expect(line.length).toBeLessThan(200);
    expect(message).toContain('severty: info');
  });

  test('takes custom metrics with any attribute', () => {
    const text = rule('metric: my.thing\ncustom: true\nwhere: {a: b}\nabove: 1\ndescription: "{{a}}"');
    expect(problemsOf(text)).toEqual([]);
  });
});
