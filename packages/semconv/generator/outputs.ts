import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readModel } from './read-model.ts';
import { constantsOf, indexOf } from './write-constants.ts';
import { fillBlocks, registryPage } from './write-docs.ts';

/** Every file the model determines, path → content; a file differs from disk exactly when it is stale. */
export function outputsOf(checkout: string): Map<string, string> {
  const home = join(checkout, 'packages', 'semconv');
  const groups = readModel(join(home, 'model'));
  const outputs = new Map<string, string>();
  for (const group of groups) outputs.set(join(home, 'src', 'generated', `${group.name}.ts`), constantsOf(group));
  outputs.set(join(home, 'src', 'generated', 'index.ts'), indexOf(groups));
  outputs.set(join(checkout, 'docs', 'metrics.md'), registryPage(groups));
  for (const name of readdirSync(join(checkout, 'packages'))) {
    const readme = join(checkout, 'packages', name, 'README.md');
    if (existsSync(readme)) outputs.set(readme, fillBlocks(readFileSync(readme, 'utf8'), groups));
  }
  return outputs;
}
