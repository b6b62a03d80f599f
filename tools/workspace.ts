import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout's root folder. */
export const CHECKOUT: string = join(dirname(fileURLToPath(import.meta.url)), '..');

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly engines?: Readonly<Record<string, string>>;
}

export interface WorkspacePackage {
  readonly folder: string;
  readonly manifest: Manifest;
}

export function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}

/** Every package below `packages/`, by folder name. */
export function packages(): WorkspacePackage[] {
  const home = join(CHECKOUT, 'packages');
  return readdirSync(home)
    .filter((name) => existsSync(join(home, name, 'package.json')))
    .sort()
    .map((name) => ({ folder: join(home, name), manifest: readJson(join(home, name, 'package.json')) as Manifest }));
}

/** Prints the findings and sets the exit code: 0 without any, 1 otherwise. */
export function finish(check: string, findings: readonly string[]): void {
  for (const finding of findings) console.error(`${check}: ${finding}`);
  if (findings.length > 0) process.exitCode = 1;
  else console.log(`${check}: ok`);
}
