import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { CHECKOUT } from './paths.ts';

/** Versions as docker-compose.yml pins them, without the leading `v`. Nothing else states them. */
export interface PinnedVersions {
  readonly collector: string;
  readonly prometheus: string;
  readonly alertmanager: string;
}

interface ComposeImages {
  readonly services: Readonly<Record<string, { readonly image?: string }>>;
}

/** Version of a service's image: `prom/prometheus:v3.16.0` → `3.16.0`. Throws when it is not pinned to three numbers. */
export function imageVersion(compose: ComposeImages, service: string): string {
  const image = compose.services[service]?.image;
  const version = image === undefined ? undefined : /:v?(\d+\.\d+\.\d+)(?:@sha256:[0-9a-f]{64})?$/.exec(image)?.[1];
  if (version === undefined) {
    throw new Error(
      `docker-compose.yml: services.${service}.image is ${image ?? 'missing'}; expected a tag of three numbers`,
    );
  }
  return version;
}

/** Reads the pinned versions of the programs that the stack test builds. */
export function pinnedVersions(file = join(CHECKOUT, 'docker-compose.yml')): PinnedVersions {
  const compose = parse(readFileSync(file, 'utf8')) as ComposeImages;
  return {
    collector: imageVersion(compose, 'collector'),
    prometheus: imageVersion(compose, 'prometheus'),
    alertmanager: imageVersion(compose, 'alertmanager'),
  };
}

/** Module version of a Prometheus release: 3.16.0 is published as v0.316.0, since a v3 module path never existed. */
export function prometheusModuleVersion(version: string): string {
  const [major = '', minor = '', patch = ''] = version.split('.');
  return `v0.${major}${minor.padStart(2, '0')}.${patch}`;
}
