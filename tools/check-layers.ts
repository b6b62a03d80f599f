// Imports point down. The lint forbids upward imports in the sources; this holds the manifests and the project
// references to the same order, so that a package cannot even be built against one above it.
import { basename, join, resolve, sep } from 'node:path';
import { finish, packages, readJson } from './workspace.ts';

/** From the bottom up; a package may depend on packages of lower layers only. */
const LAYERS: readonly (readonly string[])[] = [
  ['semconv', 'quant'],
  ['metrics'],
  ['instrumentation', 'testing'],
  [
    'trading',
    'risk',
    'exchange',
    'ml',
    'infra',
    'pipeline',
    'exporter-prometheus',
    'exporter-otlp',
    'exporter-json',
    'exporter-statsd',
    'live',
  ],
  ['dashboard', 'alerting', 'history'],
  ['bridge', 'demo'],
  ['nanometer'],
];

const layerOf = new Map(LAYERS.flatMap((names, layer) => names.map((name) => [name, layer] as const)));
const findings: string[] = [];

for (const { folder, manifest } of packages()) {
  const name = shortName(manifest.name);
  const layer = layerOf.get(name);
  if (layer === undefined) {
    findings.push(`${manifest.name} has no layer; add it to tools/check-layers.ts`);
    continue;
  }
  const siblings = Object.keys(manifest.dependencies ?? {})
    .filter(isOurs)
    .map(shortName);
  for (const sibling of siblings) {
    const below = layerOf.get(sibling);
    if (below === undefined || below >= layer)
      findings.push(`${name} must not depend on ${sibling}: imports point down`);
  }
  const referenced = referencedPackages(folder, folder);
  for (const sibling of siblings) {
    if (!referenced.includes(sibling)) findings.push(`${name}/tsconfig.json lacks a reference to ${sibling}`);
  }
  for (const sibling of referenced) {
    if (!siblings.includes(sibling))
      findings.push(`${name}/tsconfig.json references ${sibling}, which is no dependency`);
  }
}
finish('layers', findings);

/** Packages a project references, its own sub-projects (a page in a package) included. */
function referencedPackages(project: string, packageFolder: string): string[] {
  const { references = [] } = readJson(join(project, 'tsconfig.json')) as { references?: { path: string }[] };
  return references.flatMap(({ path }) => {
    const target = resolve(project, path);
    return target.startsWith(packageFolder + sep) ? referencedPackages(target, packageFolder) : [basename(target)];
  });
}

function isOurs(name: string): boolean {
  return name === 'nanometer' || name.startsWith('@nanometer/');
}

function shortName(name: string): string {
  return name.replace('@nanometer/', '');
}
