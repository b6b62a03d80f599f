import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { readModel } from './read-model.ts';
import { fillBlocks } from './readme-blocks.ts';
import { constantsOf, indexOf } from './write-constants.ts';
import { registryPage } from './write-docs.ts';

/**
 * Every file the model determines, path → content, or `undefined` for one that must not be there (a group that is gone).
 * A file is stale when it differs.
 * @throws ModelError when the model or a README's block has mistakes.
 */
export function outputsOf(checkout: string): Map<string, string | undefined> {
  const home = join(checkout, 'packages', 'semconv');
  const generated = join(home, 'src', 'generated');
  const groups = readModel(join(home, 'model'), checkout);
  const outputs = new Map<string, string | undefined>();
  if (existsSync(generated)) for (const name of readdirSync(generated)) outputs.set(join(generated, name), undefined);
  for (const group of groups) outputs.set(join(generated, `${group.name}.ts`), constantsOf(group));
  outputs.set(join(generated, 'index.ts'), indexOf(groups));
  outputs.set(join(checkout, 'docs', 'metrics.md'), registryPage(groups));
  for (const name of readdirSync(join(checkout, 'packages'))) {
    const readme = join(checkout, 'packages', name, 'README.md');
    if (!existsSync(readme)) continue;
    outputs.set(readme, fillBlocks(relative(checkout, readme), readFileSync(readme, 'utf8'), groups));
  }
  return outputs;
}
