import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Group } from './model.ts';
import { constantName, didYouMean } from './naming.ts';
import { formatPlace, ModelError, type Place, type Problem } from './problem.ts';
import { type ReadGroup, readGroup } from './read-group.ts';

/** A name with its place, ready to be compared with all others of its kind. */
interface Named {
  readonly name: string;
  readonly place: Place;
}

/**
 * Reads every `*.yaml` of a folder and checks across files: no name twice, no attribute that is not declared. The
 * places in its errors are relative to `base`.
 * @throws ModelError with all problems of all files.
 */
export function readModel(folder: string, base: string = folder): Group[] {
  const reads = readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => readGroup(relative(base, join(folder, name)), readFileSync(join(folder, name), 'utf8')));
  const attributes = reads.flatMap((read) => named(read, read.group.attributes));
  const metrics = reads.flatMap((read) => named(read, read.group.metrics));
  const problems = [
    ...reads.flatMap((read) => read.problems),
    ...repeated('attribute', attributes),
    ...repeated('metric', metrics),
    ...namespaceClashes(attributes),
    ...undeclared(reads, new Set(attributes.map(({ name }) => name))),
  ];
  if (problems.length > 0) throw new ModelError(problems);
  return reads.map((read) => read.group);
}

function named({ places }: ReadGroup, definitions: Group['attributes'] | Group['metrics']): Named[] {
  return definitions.flatMap((definition) => {
    const place = places.get(definition);
    return place === undefined || definition.name === '' ? [] : [{ name: definition.name, place }];
  });
}

/** Names are one when they make the same constant: `a.b_c` and `a.b.c` would also be one metric in Prometheus. */
function repeated(kind: string, all: readonly Named[]): Problem[] {
  const first = new Map<string, Named>();
  return all.flatMap((each) => {
    const constant = constantName(each.name);
    const earlier = first.get(constant);
    if (earlier === undefined) {
      first.set(constant, each);
      return [];
    }
    const where = formatPlace(earlier.place);
    const message =
      earlier.name === each.name
        ? `${kind} "${each.name}" is already declared at ${where}`
        : `${kind} "${each.name}" makes the same constant, ${constant}, as "${earlier.name}" at ${where}`;
    return [{ ...each.place, message }];
  });
}

/** OpenTelemetry: an attribute's name must not be the namespace of another one. */
function namespaceClashes(attributes: readonly Named[]): Problem[] {
  return attributes.flatMap(({ name, place }) => {
    const inside = attributes.find((other) => other.name.startsWith(`${name}.`));
    return inside === undefined
      ? []
      : [{ ...place, message: `attribute "${name}" is also the namespace of "${inside.name}"` }];
  });
}

function undeclared(reads: readonly ReadGroup[], declared: ReadonlySet<string>): Problem[] {
  const problems: Problem[] = [];
  for (const { metric, attribute, place } of reads.flatMap((read) => read.references)) {
    if (declared.has(attribute)) continue;
    const hint = didYouMean(attribute, declared);
    problems.push({ ...place, message: `metric "${metric}" uses undeclared attribute "${attribute}"${hint}` });
  }
  return problems;
}
