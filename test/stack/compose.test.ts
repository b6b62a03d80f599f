import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { CHECKOUT, COLLECTOR_CONFIG } from './paths.ts';
import { type ComposeService, readCompose } from './staging.ts';
import { imageVersion, pinnedVersions, prometheusModuleVersion } from './versions.ts';

const compose = readCompose();
const services = Object.entries(compose.services);
const text = (path: string): string => readFileSync(join(CHECKOUT, path), 'utf8');

interface Builder {
  readonly dist: { readonly version: string };
  readonly receivers: readonly { gomod: string }[];
  readonly processors: readonly { gomod: string }[];
  readonly exporters: readonly { gomod: string }[];
  readonly extensions: readonly { gomod: string }[];
  readonly providers: readonly { gomod: string }[];
}

const builder = parse(readFileSync(join(COLLECTOR_CONFIG, 'builder.yaml'), 'utf8')) as Builder;

describe('versions', () => {
  test('the built collector has the version of the image, in all of its components', () => {
    const { collector } = pinnedVersions();
    expect(builder.dist.version).toBe(collector);
    const modules = [...builder.receivers, ...builder.processors, ...builder.exporters, ...builder.extensions];
    for (const { gomod } of modules) expect(gomod).toMatch(new RegExp(` v${collector.replaceAll('.', '\\.')}$`));
    // Stable modules of the same release: 0.160 goes with 1.66.
    const [, minor = 0] = collector.split('.').map(Number);
    for (const { gomod } of builder.providers) expect(gomod).toMatch(new RegExp(` v1\\.${minor - 94}\\.\\d+$`));
  });

  test('the images of node have the version of the devDependency', () => {
    const { devDependencies } = JSON.parse(text('package.json')) as { devDependencies: { node: string } };
    const images = [...text('Dockerfile').matchAll(/^FROM node:(\d+\.\d+\.\d+)/gm)].map((match) => match[1]);
    expect(images.length).toBeGreaterThan(0);
    for (const version of images) expect(version).toBe(devDependencies.node);
  });

  test('every foreign image is pinned to three numbers', () => {
    for (const [name, { image }] of services) {
      if (image !== 'nanometer:local') expect(imageVersion(compose, name)).toMatch(/^\d+\.\d+\.\d+$/);
    }
  });

  test.each(['prom/prometheus', 'prom/prometheus:latest', 'prom/prometheus:v3', 'prom/prometheus:v3.16'])(
    'an image of %s is refused, naming it',
    (image) => {
      expect(() => imageVersion({ services: { prometheus: { image } } }, 'prometheus')).toThrow(image);
    },
  );

  test('a Prometheus release is the module with the same number', () => {
    expect(prometheusModuleVersion('3.16.0')).toBe('v0.316.0');
    expect(prometheusModuleVersion('3.5.2')).toBe('v0.305.2');
  });
});

describe('docker-compose.yml', () => {
  test('publishes every port on loopback only', () => {
    const ports = services.flatMap(([, service]) => service.ports ?? []);
    expect(ports.length).toBeGreaterThan(0);
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
  });

  test('has no password', () => {
    for (const [, { environment = {} }] of services) {
      for (const [key, value] of Object.entries(environment)) {
        expect(`${key}=${value}`).not.toMatch(/(?:password|secret|token)[^=]*=./i);
      }
    }
    expect(compose.services['grafana']?.environment).toMatchObject({
      GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION: 'true',
      GF_AUTH_ANONYMOUS_ORG_ROLE: 'Viewer',
    });
  });

  test('mounts only what exists, and never for writing', () => {
    const mounts = services.flatMap(([, service]) => service.volumes ?? []).filter((volume) => volume.startsWith('.'));
    expect(mounts.length).toBeGreaterThan(0);
    for (const mount of mounts) {
      const [source = '', , mode] = mount.split(':');
      expect(existsSync(join(CHECKOUT, source))).toBe(true);
      expect(mode).toBe('ro');
    }
  });

  test('checks the health of every program that keeps running', () => {
    const checked = (name: string, service: ComposeService): boolean =>
      service.healthcheck !== undefined || compose.services[`${name}-health`]?.healthcheck !== undefined;
    const once = ['collector-volume'];
    const unchecked = services.filter(([name, service]) => !checked(name, service) && !once.includes(name));
    expect(unchecked.map(([name]) => name)).toEqual([]);
  });

  test.each(['agent', 'collector'])(
    'tells the %s every variable of its file that differs in a container',
    (service) => {
      const used = [...text(`collector-config/${service}.yaml`).matchAll(/\$\{env:(\w+)(?::-([^}]*))?\}/g)];
      const set = compose.services[service]?.environment ?? {};
      for (const [, name = '', value = ''] of used) {
        // Loopback of a container is of no use to anyone else.
        if (value === '' || value.includes('127.0.0.1')) expect(Object.keys(set)).toContain(name);
      }
      const names = used.map((match) => match[1]);
      for (const name of Object.keys(set).filter((key) => key.startsWith('NANOMETER_'))) expect(names).toContain(name);
    },
  );
});

describe.each(['agent.yaml', 'collector.yaml'])('%s', (file) => {
  const config = parse(text(`collector-config/${file}`)) as {
    readonly exporters: Readonly<
      Record<
        string,
        {
          readonly retry_on_failure: { readonly max_elapsed_time: string };
          readonly sending_queue: Readonly<Record<string, unknown>>;
        }
      >
    >;
    readonly extensions: { readonly file_storage: { readonly fsync: boolean } };
    readonly processors: Readonly<Record<string, unknown>>;
    readonly receivers: Readonly<Record<string, unknown>>;
    readonly service: { readonly pipelines: { readonly metrics: { readonly processors: readonly string[] } } };
  };

  test('uses every component that is built, and no other', () => {
    const built = (modules: readonly { gomod: string }[]): string[] =>
      modules.map(({ gomod }) => /\/(\w+?)(?:receiver|processor|exporter|extension)? v/.exec(gomod)?.[1] ?? gomod);
    const used = (section: object): string[] => [
      ...new Set(Object.keys(section).map((key) => key.replace(/\/.*/, '').replaceAll('_', ''))),
    ];
    // The statsd receiver is built for the tests alone, which read the StatsD exporter's output with it.
    expect([...used(config.receivers), 'statsd'].toSorted()).toEqual(built(builder.receivers).toSorted());
    expect(used(config.processors).toSorted()).toEqual(built(builder.processors).toSorted());
    expect(used(config.exporters).toSorted()).toEqual(built(builder.exporters).toSorted());
    expect(used(config.extensions).toSorted()).toEqual(built(builder.extensions).toSorted());
  });
});
