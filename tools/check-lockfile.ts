// An optional native package that the registry lacks for one platform makes npm write a lock that `npm ci` refuses;
// an address in the lock ties every user to the registry of whoever wrote it. Both are caught here in milliseconds.
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKOUT, finish, type Manifest, readJson } from './workspace.ts';

interface Lock {
  readonly lockfileVersion: number;
  readonly packages: Readonly<Record<string, Manifest & { readonly resolved?: string }>>;
}

const lock = readJson(join(CHECKOUT, 'package-lock.json')) as Lock;
const findings: string[] = [];

if (lock.lockfileVersion !== 3) findings.push(`lockfileVersion is ${lock.lockfileVersion}, expected 3`);
for (const [path, entry] of Object.entries(lock.packages)) {
  if (/^https?:/.test(entry.resolved ?? '')) findings.push(`${path} carries an address: ${entry.resolved}`);
  for (const name of Object.keys(entry.optionalDependencies ?? {})) {
    if (!resolvable(path, name)) findings.push(`${path || 'root'} has no lock entry for optional ${name}`);
  }
}

// Exact pins: an unpinned spec silently resolves to older versions on older Nodes. Peers and engines are ranges by nature.
for (const file of globSync(
  '{package.json,packages/*/package.json,examples/*/package.json,grafana/package.json,test/package.json}',
  { cwd: CHECKOUT },
)) {
  const manifest = readJson(join(CHECKOUT, file)) as Manifest;
  for (const group of [manifest.dependencies, manifest.devDependencies]) {
    for (const [name, version] of Object.entries(group ?? {})) {
      if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
        findings.push(`${file}: ${name} is "${version}", not an exact version`);
    }
  }
}
finish('lockfile', findings);

/** Node's own lookup: in the dependant's node_modules, then in each folder above it. */
function resolvable(from: string, name: string): boolean {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('node_modules') - 1))) {
    if (lock.packages[at === '' ? `node_modules/${name}` : `${at}/node_modules/${name}`] !== undefined) return true;
    if (at === '') return false;
  }
}
