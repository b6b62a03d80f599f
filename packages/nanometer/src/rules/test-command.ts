import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { AlertingError, parseRuleTests, readRules, type RuleTestResult, runRuleTest } from '@nanometer/alerting';
import { EXIT, type ExitCode } from '../exit-code.ts';
import type { Terminal } from '../output/terminal.ts';
import { rulesError } from './rules-error.ts';

/** `nanometer rules test FILE…`: runs rule tests; what fails is told with its line. */
export function testFiles(
  files: readonly string[],
  rulesFile: string | undefined,
  json: boolean,
  terminal: Terminal,
): ExitCode {
  let failed = false;
  for (const file of files) {
    const results = resultsOf(file, rulesFile);
    for (const { name, line, failures } of results) {
      failed ||= failures.length > 0;
      if (json) {
        terminal.out(JSON.stringify({ file, line, name, passed: failures.length === 0, failures }));
        continue;
      }
      terminal.out(`${failures.length === 0 ? 'pass' : 'FAIL'}  ${name}`);
      for (const failure of failures) terminal.out(`      ${file}:${failure.line}: ${failure.message}`);
    }
    const passed = results.filter(({ failures }) => failures.length === 0).length;
    if (!json) terminal.err(`${file}: ${passed} of ${results.length} tests passed`);
  }
  return failed ? EXIT.findings : EXIT.ok;
}

function resultsOf(file: string, rulesFile: string | undefined): readonly RuleTestResult[] {
  try {
    const { rules, tests } = parseRuleTests(file, readText(file));
    const path = rulesFile ?? (rules === undefined ? undefined : resolve(dirname(file), rules));
    if (path === undefined) {
      throw new AlertingError(
        'OPTION_INVALID',
        `${file} does not say which rules it tests; add "rules FILE" or --rules FILE`,
      );
    }
    const ruleSet = readRules(path);
    return tests.map((test) => runRuleTest(ruleSet, test));
  } catch (error) {
    throw rulesError(error);
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new AlertingError('RULES_UNREADABLE', `${file} cannot be read: ${(error as Error).message}`, error);
  }
}
