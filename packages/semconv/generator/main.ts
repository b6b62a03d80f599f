import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { outputsOf } from './outputs.ts';
import { ModelError } from './problem.ts';

const HELP = `Writes the constants and tables that packages/semconv/model/*.yaml determines.

  npm run generate -w packages/semconv               write what changed
  npm run generate -w packages/semconv -- --check    write nothing; exit 1 when a file is stale
  ... -- --checkout DIR                              work on another checkout

Exit codes: 0 done, 1 stale files, 2 usage, 78 the model has mistakes (printed as file:line:column).`;

process.exitCode = main(process.argv.slice(2));

function main(args: string[]): number {
  try {
    const { check, checkout, help } = optionsOf(args);
    if (help) console.log(HELP);
    return help ? 0 : generate(resolve(checkout), check);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (!(error instanceof ModelError) && !isUsageError(error)) throw error;
    console.error(error.message);
    return error instanceof ModelError ? 78 : 2;
  }
}

function optionsOf(args: string[]): { check: boolean; checkout: string; help: boolean } {
  const { values } = parseArgs({
    args,
    options: {
      check: { type: 'boolean', default: false },
      checkout: { type: 'string', default: join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..') },
      help: { type: 'boolean', default: false },
    },
  });
  return values;
}

function isUsageError(error: Error): boolean {
  return 'code' in error && typeof error.code === 'string' && error.code.startsWith('ERR_PARSE_ARGS');
}

function generate(checkout: string, check: boolean): number {
  const stale = [...outputsOf(checkout)].filter(([path, content]) => current(path) !== content);
  for (const [path, content] of stale) {
    console.error(`${check ? 'stale' : content === undefined ? 'removed' : 'wrote'} ${relative(checkout, path)}`);
    if (check) continue;
    if (content === undefined) rmSync(path);
    else {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
    }
  }
  if (!check || stale.length === 0) return 0;
  console.error('run: npm run generate -w packages/semconv');
  return 1;
}

function current(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}
