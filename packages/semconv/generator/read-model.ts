import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Group } from './model.ts';
import { nearest } from './naming.ts';
import { ModelError, type Problem } from './problem.ts';
import { readGroup } from './read-group.ts';

/**
 * Reads every `*.yaml` of a folder and checks across files: no name twice, no attribute that is not declared.
 * @throws ModelError with all problems of all files.
 */
export function readModel(folder: string): Group[] {
  const reads = readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => readGroup(join(folder, name), readFileSync(join(folder, name), 'utf8')));
  const problems: Problem[] = reads.flatMap((read) => read.problems);

  const attributeNames = new Set(reads.flatMap((read) => read.group.attributes.map((attribute) => attribute.name)));
  const firstPlace = new Map<string, Problem>();
  for (const { group, places } of reads) {
    for (const named of [...group.attributes, ...group.metrics]) {
      const place = places.get(named);
      if (place === undefined || named.name === '') continue;
      const kind = 'kind' in named ? 'metric' : 'attribute';
      const first = firstPlace.get(`${kind} ${named.name}`);
      if (first === undefined) firstPlace.set(`${kind} ${named.name}`, place);
      else {
        const message = `${kind} "${named.name}" is already declared at ${first.file}:${first.line}:${first.column}`;
        problems.push({ ...place, message });
      }
    }
    for (const metric of group.metrics) {
      for (const key of metric.attributes) {
        if (attributeNames.has(key)) continue;
        const guess = nearest(key, attributeNames);
        const hint = guess === undefined ? '' : `; did you mean "${guess}"?`;
        const place = places.get(metric);
        if (place)
          problems.push({ ...place, message: `metric "${metric.name}" uses undeclared attribute "${key}"${hint}` });
      }
    }
  }
  if (problems.length > 0) throw new ModelError(problems);
  return reads.map((read) => read.group);
}
