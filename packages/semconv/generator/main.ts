import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { outputsOf } from './outputs.ts';
import { ModelError } from './problem.ts';

const HELP = `Writes the constants and tables that packages/semconv/model/*.yaml determines.

  npm run generate              write what changed
  npm run generate -- --check   write nothing; exit 1 when a file is stale

Exit codes: 0 done, 1 stale files, 78 the model has errors (printed as file:line:column).`;

const checkout = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
const args = process.argv.slice(2);
if (args.includes('--help')) console.log(HELP);
else process.exitCode = run(args.includes('--check'));

function run(check: boolean): number {
  let outputs: Map<string, string>;
  try {
    outputs = outputsOf(checkout);
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    console.error(error.message);
    return 78;
  }
  const stale = [...outputs].filter(([path, content]) => !existsSync(path) || readFileSync(path, 'utf8') !== content);
  for (const [path, content] of stale) {
    console.error(`${check ? 'stale' : 'wrote'} ${relative(checkout, path)}`);
    if (check) continue;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
  return check && stale.length > 0 ? 1 : 0;
}
