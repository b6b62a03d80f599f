import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Check } from './check.ts';

/** Oldest Node the packages run on; their `engines` say the same. */
const NODE_MINIMUM = [22, 15] as const;
/** A tree of modules larger than this is not searched to the end. */
const FOLDERS_MAX = 50_000;
const API = '@opentelemetry/api';

export function nodeVersionCheck(version: string): Check {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  const [needMajor, needMinor] = NODE_MINIMUM;
  const ok = major > needMajor || (major === needMajor && minor >= needMinor);
  if (ok) return { id: 'node', status: 'ok', detail: version };
  const needed = `${needMajor}.${needMinor}`;
  return {
    id: 'node',
    status: 'fail',
    detail: `${version} is older than ${needed}`,
    fix: `install Node ${needed} or newer`,
  };
}

/** How the folder's own files are loaded: instrumentation of ES modules has to be there before them. */
export function moduleSystemCheck(folder: string): Check {
  const path = join(folder, 'package.json');
  if (!existsSync(path)) return { id: 'modules', status: 'skip', detail: `no package.json in ${folder}` };
  try {
    const { type } = JSON.parse(readFileSync(path, 'utf8')) as { type?: unknown };
    const system = type === 'module' ? 'ES modules' : 'CommonJS';
    return { id: 'modules', status: 'ok', detail: `${system}: start telemetry first, with --import` };
  } catch (error) {
    const fix = 'mend package.json';
    return { id: 'modules', status: 'fail', detail: `${path}: ${(error as Error).message}`, fix };
  }
}

/**
 * Copies of the OpenTelemetry API under `folder`. The API registers its providers globally per major version and refuses one
 * that registers an older minor version than another has: measurements of that copy then go nowhere, silently.
 */
export function apiCopiesCheck(folder: string): Check {
  const copies = copiesOf(join(folder, 'node_modules'));
  const id = 'opentelemetry api';
  if (copies.length === 0) return { id, status: 'skip', detail: `${API} is not installed in ${folder}` };
  const versions = [...new Set(copies.map(({ version }) => version))];
  if (versions.length === 1) return { id, status: 'ok', detail: `${API} ${versions[0]}` };
  const listed = copies.map(({ path, version }) => `${version} in ${relative(folder, path)}`).join(', ');
  return {
    id,
    status: 'warn',
    detail: `${copies.length} copies: ${listed}`,
    fix: `make them one: npm dedupe, or an "overrides" entry for ${API} in package.json`,
  };
}

interface Copy {
  readonly path: string;
  readonly version: string;
}

function copiesOf(modules: string): Copy[] {
  const copies: Copy[] = [];
  const queue = [modules];
  for (let folders = 0; queue.length > 0 && folders < FOLDERS_MAX; folders++) {
    const folder = queue.pop()!;
    const version = versionIn(join(folder, ...API.split('/')));
    if (version !== undefined) copies.push({ path: join(folder, ...API.split('/')), version });
    for (const name of namesIn(folder)) {
      if (name.startsWith('@')) {
        for (const scoped of namesIn(join(folder, name))) queue.push(join(folder, name, scoped, 'node_modules'));
      } else if (!name.startsWith('.')) queue.push(join(folder, name, 'node_modules'));
    }
  }
  return copies;
}

/** Folders by name; links are left out, as a workspace's own packages are. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
  } catch {
    // Not there, or not ours to read: nothing is found in it.
    return [];
  }
}

function versionIn(folder: string): string | undefined {
  try {
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version?: unknown };
    return typeof version === 'string' ? version : undefined;
  } catch {
    return undefined;
  }
}
