import { execFile } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const BUILD = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'build.ts');

/** Builds the page from its sources into a new temporary folder, which the caller removes; rejects when the build does. */
export async function buildPage(): Promise<string> {
  const directory = join(await mkdtemp(join(tmpdir(), 'nanometer-page-')), 'page');
  await promisify(execFile)(process.execPath, [BUILD, '--out', directory]);
  return directory;
}
