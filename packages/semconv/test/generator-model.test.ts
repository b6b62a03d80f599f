import { describe, expect, test } from '@jest/globals';
import { missingIn } from '../generator/card-rules.ts';
import { ModelError } from '../generator/problem.ts';
import { readModel } from '../generator/read-model.ts';
import { tablesOf } from '../generator/write-docs.ts';
import { folderOf, DESK } from './generator-folders.ts';

/** The problems of a model as `file:line:column: message`. */
function problemsOf(files: Readonly<Record<string, string>>): string[] {
  try {
    readModel(folderOf(files));
    return [];
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    expect(error.code).toBe('SEMCONV_MODEL_INVALID');
    return error.message.split('\n');
  }
}

describe('a model', () => {
  test('without mistakes is read as it is written', () => {
    const [group] = readModel(folderOf({ 'desk.yaml': DESK, 'notes.txt': 'not a model' }));
    expect(group).toEqual({
      name: 'desk',
      brief: 'A desk.',
      attributes: [{ name: 'desk.name', type: 'string', description: 'Name of the desk.', examples: ['a', 'b'] }],
      metrics: [
        {
          name: 'desk.order.count',
          kind: 'counter',
          unit: '{order}',
          valueType: 'int',
          description: 'Orders.',
          definition: 'One per order.',
          attributes: ['desk.name'],
        },
        {
          name: 'desk.wait.duration',
          kind: 'histogram',
          unit: 's',
          valueType: 'double',
          description: 'Wait.',
          definition: 'Clock.',
          attributes: [],
          buckets: [0.1, 1],
        },
      ],
      cards: new Map(group!.metrics.map((metric) => [metric, { proof: [] }])),
    });
  });

  test('keeps what stands behind a number in its card, apart from the definition programs get', () => {
    const text = DESK.replace(
      '    definition: One per order.\n',
      '    definition: One per order.\n    minimum: 2 orders\n    reference: The desk (1999)\n' +
        '    proof: ["vector:a-1", "test:packages/desk/test/a.test.ts#counts orders"]\n',
    );
    const group = readModel(folderOf({ 'desk.yaml': text }))[0]!;
    expect(group.cards.get(group.metrics[0]!)).toEqual({
      minimum: '2 orders',
      reference: 'The desk (1999)',
      proof: ['vector:a-1', 'test:packages/desk/test/a.test.ts#counts orders'],
    });
    expect(group.metrics[0]).not.toHaveProperty('proof');
    expect(tablesOf(group)).toContain(
      '| `desk.order.count` | One per order. | never negative | since start; any other by difference | 2 orders | The desk (1999) | `a-1`, counts orders (`a.test.ts`) |',
    );
  });

  test('without a source says what it is instead, and is complete only with every part', () => {
    const text = DESK.replace(
      '    definition: One per order.\n',
      '    definition: One per order.\n    origin: a count of events\n    proof: ["vector:a-1"]\n',
    );
    const group = readModel(folderOf({ 'desk.yaml': text }))[0]!;
    const [metric] = group.metrics;
    const card = group.cards.get(metric!)!;
    expect(card).toEqual({ origin: 'a count of events', proof: ['vector:a-1'] });
    expect(tablesOf(group)).toContain('| – | a count of events | `a-1` |');
    expect(missingIn(metric!, card)).toEqual(['minimum']);
    expect(missingIn({ ...metric!, kind: 'gauge' }, { proof: [] })).toEqual([
      'sign',
      'window',
      'minimum',
      'reference or origin',
      'proof',
    ]);
  });

  test('may share buckets by a YAML alias and say more of a metric', () => {
    const text = DESK.replace('[0.1, 1]', '&b [0.1, 1]').concat(`  - name: desk.rest.duration
    instrument: histogram
    unit: s
    valueType: double
    attributes: []
    buckets: *b
    exponential: 160
    sign: late positive
    window: 60 s
    description: Rest.
    definition: Clock.
`);
    const metric = readModel(folderOf({ 'desk.yaml': text }))[0]!.metrics[2];
    expect(metric).toMatchObject({ buckets: [0.1, 1], exponentialMaxSize: 160, sign: 'late positive', window: '60 s' });
  });

  test.each<[string, string, string, string]>([
    [
      'an unknown key of a metric',
      "unit: '{order}'",
      "unnit: '{order}'",
      '11:5: unknown key "unnit"; did you mean "unit"? (allowed: name, instrument,',
    ],
    [
      'an unknown key far from any',
      'brief:',
      'colour:',
      '2:1: unknown key "colour" (allowed: group, brief, attributes, metrics)',
    ],
    [
      'a proof that can prove nothing',
      '    definition: One per order.\n',
      '    definition: One per order.\n    proof: [trust me]\n',
      'proof "trust me" must be "vector:ID" or "test:',
    ],
    [
      'a source and the reason for none',
      '    definition: One per order.\n',
      '    definition: One per order.\n    reference: The desk (1999)\n    origin: a count of events\n',
      '"origin" says why there is no "reference": a metric has one of them',
    ],
    ['an unknown key of an attribute', 'examples:', 'example:', '7:5: unknown key "example"; did you mean "examples"?'],
    ['a missing unit', "    unit: '{order}'\n", '', '9:5: missing "unit"'],
    ['an empty unit', "'{order}'", "''", '11:11: "unit" must be a text of one line that is not empty'],
    [
      'a unit that is a number',
      "'{order}'",
      '1',
      '11:11: "unit" must be a text of one line that is not empty (quote a number)',
    ],
    ['a unit spelled out', "'{order}'", 'seconds', '11:11: unit "seconds" is not one of ours; did you mean "s"?'],
    ['a unit that is not a base unit', 'unit: s', 'unit: ms', '18:11: unit "ms" is not one of ours; did you mean "s"?'],
    [
      'a count without braces',
      "'{order}'",
      'orders',
      '11:11: unit "orders" is not one of ours; did you mean "{orders}"?',
    ],
    ['per cent', "'{order}'", "'%'", '11:11: unit "%" is not one of ours; did you mean "1"?'],
    ['a unit that is nothing', "'{order}'", "'?!'", '11:11: unit "?!" is not one of ours (allowed: 1, s, By, {thing}'],
    [
      'a name in capitals',
      'desk.order.count',
      'desk.Order.count',
      '9:11: metric name "desk.Order.count" must be dotted lower-case',
    ],
    [
      'a name with a dash',
      'desk.order.count',
      'desk.order-count',
      '9:11: metric name "desk.order-count" must be dotted lower-case',
    ],
    ['a name without a namespace', 'desk.order.count', 'orders', '9:11: metric name "orders" needs a namespace'],
    [
      'a name that starts with a digit',
      'desk.order.count',
      '1desk.order',
      '9:11: metric name "1desk.order" must be dotted',
    ],
    ['a name too long', 'desk.order.count', `desk.${'x'.repeat(251)}`, 'is longer than 255 characters'],
    [
      'a name with a total',
      'desk.order.count',
      'desk.order_total',
      '9:11: metric name "desk.order_total" must not end in "total"',
    ],
    [
      'a name with a unit',
      'desk.wait.duration',
      'desk.wait_seconds',
      '16:11: metric name "desk.wait_seconds" must not carry the unit "seconds"',
    ],
    [
      'an unknown instrument',
      'instrument: counter',
      'instrument: conter',
      '10:17: "instrument" is "conter"; did you mean "counter"?',
    ],
    [
      'an unknown attribute type',
      'type: string',
      'type: text',
      '5:11: "type" is "text" (allowed: string, int, double, boolean)',
    ],
    [
      'an undeclared attribute',
      'attributes: [desk.name]',
      'attributes: [desk.nam]',
      '13:18: metric "desk.order.count" uses undeclared attribute "desk.nam"; did you mean "desk.name"?',
    ],
    [
      'an attribute listed twice',
      '[desk.name]',
      '[desk.name, desk.name]',
      '13:29: attribute "desk.name" is listed twice',
    ],
    ['an attribute that is no text', '[desk.name]', '[7]', '13:18: 7 does not belong in "attributes"'],
    ['attributes that are no list', '[desk.name]', 'desk.name', '13:17: "attributes" must be a list'],
    ['a missing list of attributes', '    attributes: [desk.name]\n', '', '9:5: missing "attributes"'],
    ['a metric that is no mapping', 'metrics:\n', 'metrics:\n  - 5\n', '9:5: 5 does not belong in "metrics"'],
    ['buckets that do not increase', '[0.1, 1]', '[0.1, 1, 1]', '21:23: bucket bounds must increase: 1 follows 1'],
    ['a bucket bound that is no number', '[0.1, 1]', '[0.1, .inf]', '21:20: .inf does not belong in "buckets"'],
    ['a bucket bound in quotes', '[0.1, 1]', "['0.1', 1]", '21:15: 0.1 does not belong in "buckets"'],
    ['no buckets', '[0.1, 1]', '[]', '21:14: "buckets" must not be empty'],
    ['a histogram without buckets', '    buckets: [0.1, 1]\n', '', '17:17: a histogram needs "buckets"'],
    [
      'buckets of a counter',
      "unit: '{order}'\n",
      "unit: '{order}'\n    buckets: [1]\n",
      '12:14: buckets belong to histograms, not to a counter',
    ],
    [
      'exponential buckets of a counter',
      "unit: '{order}'\n",
      "unit: '{order}'\n    exponential: 160\n",
      '12:18: exponential belongs to histograms, not to a counter',
    ],
    [
      'one exponential bucket',
      'buckets:',
      'exponential: 1\n    buckets:',
      '21:18: exponential is the largest bucket count per sign, a whole number from 2 to 1024',
    ],
    [
      'a description of two lines',
      'description: Wait.',
      'description: |\n      Wait\n      more',
      '22:18: "description" must be a text of one line',
    ],
    ['an example of another type', '[a, b]', '[a, 5]', '7:19: 5 does not belong in "examples"'],
    [
      'a group not named after its file',
      'group: desk',
      'group: disk',
      '1:8: group "disk" must be named after its file, "desk"',
    ],
    ['the same key twice', 'brief: A desk.', 'brief: A desk.\nbrief: Again.', '3:1: Map keys must be unique'],
    ['a YAML syntax error', 'brief: A desk.', 'brief: "A desk.', 'desk.yaml:'],
    ['an alias of nothing', '[0.1, 1]', '*nothing', '21:14: "buckets" must be a list'],
  ])('with %s is refused at its place', (_, good, bad, expected) => {
    const problems = problemsOf({ 'desk.yaml': DESK.replace(good, bad) });
    expect(problems.join('\n')).toContain(expected);
    for (const problem of problems) expect(problem).toMatch(/^desk\.yaml:\d+:\d+: \S/);
    // One mistake, one complaint.
    expect(problems).toHaveLength(1);
  });

  test.each([
    ['', 1],
    ['- a list', 1],
    ['just text', 1],
  ])('that is %p is refused', (text, line) => {
    expect(problemsOf({ 'desk.yaml': text })).toEqual([
      `desk.yaml:${line}:1: expected a mapping with the keys group, brief, attributes, metrics`,
    ]);
  });

  test('tells every mistake of every file at once, in order', () => {
    const files = { 'a.yaml': 'group: a\n', 'b.yaml': 'group: c\nbrief: B.\nmetrics: {}\n' };
    expect(problemsOf(files)).toEqual([
      'a.yaml:1:1: missing "brief"',
      'a.yaml:1:1: missing "metrics"',
      'b.yaml:1:8: group "c" must be named after its file, "b"',
      'b.yaml:3:10: "metrics" must be a list',
    ]);
  });

  test('may not declare a name twice, in one file or in two, nor two names that make one constant', () => {
    const other = DESK.replace('group: desk', 'group: other').replaceAll('desk.wait', 'other.wait');
    const problems = problemsOf({ 'desk.yaml': DESK, 'other.yaml': other });
    expect(problems).toEqual([
      'other.yaml:4:11: attribute "desk.name" is already declared at desk.yaml:4:11',
      'other.yaml:9:11: metric "desk.order.count" is already declared at desk.yaml:9:11',
    ]);
    const alike = problemsOf({ 'desk.yaml': DESK.replace('desk.wait.duration', 'desk.order_count') });
    expect(alike).toEqual([
      'desk.yaml:16:11: metric "desk.order_count" makes the same constant, DESK_ORDER_COUNT, as "desk.order.count" at desk.yaml:9:11',
    ]);
  });

  test.each([
    ['desk', 'desk.yaml:4:11: attribute name "desk" needs a namespace'],
    ['desk.Name', 'desk.yaml:4:11: attribute name "desk.Name" must be dotted lower-case'],
  ])('may not name an attribute %s', (name, expected) => {
    const text = DESK.replace('name: desk.name', `name: ${name}`).replace('[desk.name]', '[]');
    expect(problemsOf({ 'desk.yaml': text })).toEqual([expect.stringContaining(expected)]);
  });

  test('may not use an attribute’s name as a namespace', () => {
    const second = '  - name: desk.name.short\n    type: string\n    description: Short.\n    examples: [a]\nmetrics:';
    expect(problemsOf({ 'desk.yaml': DESK.replace('metrics:', second) })).toEqual([
      'desk.yaml:4:11: attribute "desk.name" is also the namespace of "desk.name.short"',
    ]);
  });

  test('may use an attribute that another file declares', () => {
    const other =
      'group: other\nbrief: O.\nattributes: []\n' +
      DESK.slice(DESK.indexOf('metrics:')).replaceAll(/desk\.(?!name)/g, 'other.');
    expect(problemsOf({ 'desk.yaml': DESK, 'other.yaml': other })).toEqual([]);
  });
});
