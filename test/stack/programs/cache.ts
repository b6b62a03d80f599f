import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Recipe } from './program.ts';
import { runNicely } from './run.ts';

const PROGRESS_MS = 20_000;

/** Folder of the built programs, outside the checkout: `$XDG_CACHE_HOME/nanometer`, by default `~/.cache/nanometer`. */
export function cacheFolder(): string {
  const base = process.env['XDG_CACHE_HOME'];
  return join(base === undefined || base === '' ? join(homedir(), '.cache') : base, 'nanometer');
}

/** Name of a recipe's cache entry: name, version, and a hash of what is built on what kind of machine. */
export function cacheKey(recipe: Recipe): string {
  const hash = createHash('sha256').update(`${process.platform}/${process.arch}\n${recipe.manifest}`).digest('hex');
  return `${recipe.name}-${recipe.version}-${hash.slice(0, 12)}`;
}

/**
 * Resolves with the folder that holds the recipe's executables, building it when it is not cached. The entry appears by
 * a rename, so it is complete or absent whatever interrupts the build, and two builds at once both end well.
 */
export async function obtain(
  recipe: Recipe,
  progress: (line: string) => void,
  folder = cacheFolder(),
): Promise<string> {
  const target = join(folder, cacheKey(recipe));
  if (existsSync(target)) return target;
  await mkdir(folder, { recursive: true });
  const scratch = await mkdtemp(join(folder, `.building-${recipe.name}-`));
  const output = join(scratch, 'output');
  const started = performance.now();
  const elapsed = (): string => `${Math.round((performance.now() - started) / 1000)} s`;
  progress(`${recipe.name} ${recipe.version}: not cached, building (minutes when Go's own caches are empty)`);
  const ticker = setInterval(
    () => progress(`${recipe.name} ${recipe.version}: still building, ${elapsed()}`),
    PROGRESS_MS,
  );
  try {
    await mkdir(output);
    await mkdir(join(scratch, 'work'));
    await recipe.build({ output, scratch: join(scratch, 'work'), run: runNicely });
    for (const name of recipe.executables) {
      if (!existsSync(join(output, name))) throw new Error(`${recipe.name}: the build left no ${name} in ${output}`);
    }
    await placeAt(output, target);
    progress(`${recipe.name} ${recipe.version}: built in ${elapsed()}`);
    return target;
  } finally {
    clearInterval(ticker);
    await rm(scratch, { recursive: true, force: true });
  }
}

async function placeAt(output: string, target: string): Promise<void> {
  try {
    await rename(output, target);
  } catch (error) {
    // Another build of the same entry was faster; its result is as good as ours.
    if (!existsSync(target)) throw error;
  }
}
