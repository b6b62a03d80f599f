import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import * as alerting from '@nanometer/alerting';

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
    stdout: 'firing limit gross is at 125%\nresolved limit gross is at 90%\n',
  });
});

test('the package exports', () => {
  expect(Object.keys(alerting).sort()).toEqual([
    'AlertCenter',
    'AlertService',
    'AlertingError',
    'DESK_RULES_FILE',
    'FileProblems',
    'RuleEngine',
    'SEVERITIES',
    'SIGNATURE_HEADER',
    'TIERS',
    'WatchedSeries',
    'answerAlertRequest',
    'fingerprintOf',
    'firingExpression',
    'formatProblem',
    'grafanaRuleFile',
    'grafanaUid',
    'isAlertPath',
    'ndjsonHistory',
    'parseRuleTests',
    'parseRules',
    'previewRules',
    'prometheusRuleFile',
    'promqlOf',
    'promtoolTests',
    'readRules',
    'rulesSchema',
    'runRuleTest',
    'signatureOf',
    'verifySignature',
  ]);
});
