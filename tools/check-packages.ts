// What a user installs: each published package is packed and judged as npm and TypeScript would see it.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKOUT, finish, packages, readJson } from './workspace.ts';

const findings: string[] = [];
const version = (readJson(join(CHECKOUT, 'lerna.json')) as { version: string }).version;

for (const { folder, manifest } of packages()) {
  const name = manifest.name;
  if (manifest.version !== version) findings.push(`${name} is at ${manifest.version}, the workspace at ${version}`);
  if (!existsSync(join(folder, 'README.md'))) findings.push(`${name} has no README.md`);
  else findings.push(...undocumentedCodes(folder).map((code) => `${name}: the README does not say what ${code} means`));
  if (manifest.private === true) continue;
  if (manifest.engines?.['node'] !== '>=22.15') findings.push(`${name} must declare engines.node ">=22.15"`);
  run(name, 'publint', ['--strict', folder]);
  run(name, 'attw', ['--pack', folder, '--profile', 'esm-only', '--format', 'ascii', '--no-color']);
}
finish('packages', findings);

/** Codes of `src/errors.ts`, which a caller may switch over, that the README leaves out. */
function undocumentedCodes(folder: string): string[] {
  const file = join(folder, 'src', 'errors.ts');
  if (!existsSync(file)) return [];
  const readme = readFileSync(join(folder, 'README.md'), 'utf8');
  const types = readFileSync(file, 'utf8').matchAll(/export type \w+Code =([^;]*);/g);
  const codes = [...types].flatMap(([, union = '']) => [...union.matchAll(/'(\w+)'/g)].map(([, code = '']) => code));
  return codes.filter((code) => !new RegExp(`\\b${code}\\b`).test(readme));
}

function run(name: string, program: string, args: readonly string[]): void {
  try {
    execFileSync(join(CHECKOUT, 'node_modules', '.bin', program), args, { cwd: CHECKOUT, stdio: 'pipe' });
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: Buffer; stderr?: Buffer };
    findings.push(`${name}: ${program}\n${String(stdout ?? '')}${String(stderr ?? '')}`);
  }
}
