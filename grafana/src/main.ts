import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CHECKOUT, generatedFiles } from './files.ts';

for (const [path, content] of generatedFiles()) {
  const file = join(CHECKOUT, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}
