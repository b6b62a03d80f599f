import { readFileSync } from 'node:fs';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { didYouMean } from './nearest.ts';
import type { Problem } from './problem.ts';
import type { Path, YamlSource } from './yaml-source.ts';

let validate: ValidateFunction | undefined;

/** The published schema, for editors and for us: `rules.schema.json` of this package. */
export function rulesSchema(): Readonly<Record<string, unknown>> {
  const path = new URL('../../rules.schema.json', import.meta.url);
  return JSON.parse(readFileSync(path, 'utf8')) as Readonly<Record<string, unknown>>;
}

/** What a rule file's content breaks of the schema, each mistake where it stands. */
export function schemaProblems(source: YamlSource, content: unknown): Problem[] {
  validate ??= new Ajv({ allErrors: true, verbose: true, discriminator: true, allowUnionTypes: true }).compile(
    rulesSchema(),
  );
  if (validate(content)) return [];
  const errors = validate.errors ?? [];
  const misspelled = new Set(errors.filter(isNearMiss).map(({ instancePath }) => instancePath));
  const kindless = new Set(
    errors.filter(({ keyword }) => keyword === 'discriminator').map((each) => each.instancePath),
  );
  const problems: Problem[] = [];
  const seen = new Set<string>();
  for (const error of errors) {
    // What a mapping with a misspelled key lacks is most likely that key.
    if (error.keyword === 'required' && misspelled.has(error.instancePath)) continue;
    // The discriminator says it with the kinds there are.
    if (error.keyword === 'required' && kindless.has(error.instancePath) && error.params['missingProperty'] === 'kind')
      continue;
    // Alternatives that none matched are summed up by the `anyOf` itself.
    if (isInsideAlternative(error, errors)) continue;
    const problem = problemOf(source, error);
    const key = `${problem.line}:${problem.column}:${problem.message}`;
    if (!seen.has(key)) problems.push(problem);
    seen.add(key);
  }
  return problems;
}

/** Index of the rule an error belongs to. */
export function ruleIndexes(source: YamlSource, content: unknown): Set<number> {
  const broken = new Set<number>();
  if (validate?.(content)) return broken;
  for (const { instancePath } of validate?.errors ?? []) {
    const match = /^\/rules\/(\d+)/.exec(instancePath);
    if (match) broken.add(Number(match[1]));
  }
  return broken;
}

function isNearMiss(error: ErrorObject): boolean {
  if (error.keyword !== 'additionalProperties') return false;
  return didYouMean(String(error.params['additionalProperty']), allowedKeys(error)) !== '';
}

function isInsideAlternative({ schemaPath, keyword }: ErrorObject, errors: readonly ErrorObject[]): boolean {
  if (keyword === 'anyOf' || keyword === 'oneOf') return false;
  return (
    schemaPath.includes('/anyOf/') ||
    (schemaPath.startsWith('#/definitions/value/') && errors.some((other) => other.keyword === 'anyOf'))
  );
}

function problemOf(source: YamlSource, error: ErrorObject): Problem {
  const path = pathOf(error.instancePath);
  const { params } = error;
  switch (error.keyword) {
    case 'additionalProperties': {
      const key = String(params['additionalProperty']);
      const keys = allowedKeys(error);
      return source.atKey(path, key, `unknown key "${key}"${didYouMean(key, keys)} (allowed: ${keys.join(', ')})`);
    }
    case 'required':
      return source.at(path, `"${String(params['missingProperty'])}" is missing`);
    case 'discriminator': {
      const kinds = kindsOf();
      const kind = error.data as { kind?: unknown };
      if (kind?.kind === undefined) return source.at(path, `"kind" is missing (one of ${kinds.join(', ')})`);
      return source.at([...path, 'kind'], notOneOf(kind.kind, kinds));
    }
    case 'enum':
      return source.at(path, notOneOf(error.data, params['allowedValues'] as unknown[]));
    case 'pattern':
      return source.at(path, patternMessage(error));
    case 'anyOf':
      return source.at(path, 'expected a value, a list of values, {not: ...} or {prefix: ...}');
    default:
      return source.at(path, `${shown(error.data)} ${error.message ?? 'is not valid'}`);
  }
}

function notOneOf(data: unknown, allowed: readonly unknown[]): string {
  const words = allowed.map(String);
  return `${shown(data)} is not one of ${words.join(', ')}${didYouMean(String(data), words)}`;
}

function patternMessage({ schemaPath, data, params }: ErrorObject): string {
  if (schemaPath.startsWith('#/definitions/duration')) {
    return `${shown(data)} is no duration; write a number and a unit, such as 500ms, 10s, 5m, 1h or 7d`;
  }
  if (schemaPath.includes('/runbook/')) return `${shown(data)} is no address; it must begin with https:// or http://`;
  return `${shown(data)} must match ${String(params['pattern'])}`;
}

function allowedKeys(error: ErrorObject): string[] {
  const { properties = {} } = error.parentSchema as { properties?: object };
  return Object.keys(properties);
}

function kindsOf(): string[] {
  const { definitions } = rulesSchema() as { definitions: Record<string, { properties?: { kind?: unknown } }> };
  return Object.keys(definitions).filter((name) => definitions[name]?.properties?.kind !== undefined);
}

function shown(data: unknown): string {
  const text = (typeof data === 'number' ? String(data) : JSON.stringify(data)) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function pathOf(pointer: string): Path {
  if (pointer === '') return [];
  return pointer
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step));
}
