import { readFileSync } from 'node:fs';
import { AlertingError } from '../errors.ts';
import { checkRule } from './check-rule.ts';
import { didYouMean } from './nearest.ts';
import { FileProblems, type Problem } from './problem.ts';
import type { RawFile } from './raw-rule.ts';
import type { Inhibition, Rule, RuleSet } from './rule.ts';
import { ruleIndexes, schemaProblems } from './schema.ts';
import { YamlSource } from './yaml-source.ts';

/**
 * Reads and checks a rule file: YAML, schema, then what the schema cannot say. All mistakes of all stages are reported
 * together; a rule that breaks the schema is not looked at further.
 *
 * @throws FileProblems `RULES_INVALID`.
 */
export function parseRules(file: string, text: string): RuleSet {
  const source = new YamlSource(file, text);
  // After a syntax error the content is a guess, and complaints about it would bury the one that matters.
  const content = source.problems.length > 0 ? undefined : source.value();
  if (source.problems.length > 0) throw new FileProblems('RULES_INVALID', source.problems, text);
  const problems = schemaProblems(source, content);
  const broken = ruleIndexes(source, content);
  const { rules: raw, inhibit = [] } = (content ?? {}) as Partial<RawFile>;
  const rules: Rule[] = [];
  const listed: RawFile['rules'] = Array.isArray(raw) ? (raw as RawFile['rules']) : [];
  for (const [index, each] of listed.entries()) {
    if (broken.has(index)) continue;
    const rule = checkRule(source, ['rules', index], each, problems);
    if (rule !== undefined) rules.push(rule);
  }
  problems.push(...repeatedNames(source, listed));
  const inhibitions = Array.isArray(inhibit) ? checkedInhibitions(source, inhibit, listed, problems) : [];
  if (problems.length > 0) throw new FileProblems('RULES_INVALID', problems, text);
  return { rules, inhibitions };
}

/** Reads a rule file from disk. @throws FileProblems `RULES_INVALID`; AlertingError `RULES_UNREADABLE`. */
export function readRules(path: string): RuleSet {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new AlertingError('RULES_UNREADABLE', `the rule file ${path} cannot be read: ${why}`, error);
  }
  return parseRules(path, text);
}

function repeatedNames(source: YamlSource, rules: RawFile['rules']): Problem[] {
  const first = new Map<string, number>();
  const problems: Problem[] = [];
  for (const [index, rule] of rules.entries()) {
    const name = rule?.name;
    if (typeof name !== 'string') continue;
    const earlier = first.get(name);
    if (earlier === undefined) first.set(name, index);
    else problems.push(source.at(['rules', index, 'name'], `rule "${name}" exists already; a name is an identity`));
  }
  return problems;
}

function checkedInhibitions(
  source: YamlSource,
  raw: NonNullable<RawFile['inhibit']>,
  rules: RawFile['rules'],
  problems: Problem[],
): Inhibition[] {
  const names = rules.map((rule) => rule?.name).filter((name) => typeof name === 'string');
  return raw.map((inhibition, index) => {
    for (const side of ['source', 'target'] as const) {
      const name = inhibition?.[side]?.['alertname'];
      if (name === undefined || names.includes(name)) continue;
      const path = ['inhibit', index, side, 'alertname'];
      problems.push(source.at(path, `no rule "${name}" in this file${didYouMean(name, names)}`));
    }
    return { source: inhibition?.source ?? {}, target: inhibition?.target ?? {}, equal: inhibition?.equal ?? [] };
  });
}
