import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { CHECKOUT } from './paths.ts';

/** The parts of a service in docker-compose.yml that decide how its program runs. */
export interface ComposeService {
  readonly image?: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly configs?: readonly { readonly source: string; readonly target: string }[];
  readonly working_dir?: string;
  readonly healthcheck?: { readonly test: readonly string[] };
}

/** docker-compose.yml, anchors resolved. */
export interface Compose {
  readonly services: Readonly<Record<string, ComposeService>>;
}

/** Reads docker-compose.yml of the checkout. */
export function readCompose(): Compose {
  return parse(readFileSync(join(CHECKOUT, 'docker-compose.yml'), 'utf8'), { merge: true }) as Compose;
}

/** How a service's program is started outside a container. */
export interface StagedService {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

/** What differs between the container and this machine; everything else comes from docker-compose.yml. */
export interface Differences {
  /** Replaces `--flag=value` arguments: flag without dashes → value. */
  readonly flags?: Readonly<Record<string, string>>;
  /** Replaces values of environment variables. */
  readonly env?: Readonly<Record<string, string>>;
  /** Files with other content than what compose puts there: container path → content. */
  readonly files?: Readonly<Record<string, string>>;
}

/**
 * Lays out under `root` what the container would see: bind mounts become links to the very files of the checkout, volumes
 * become empty folders; absolute paths in arguments and environment then point below `root`. Throws when a difference
 * names a flag or variable that docker-compose.yml does not set, since it would then test something else.
 */
export function stage(compose: Compose, name: string, root: string, differences: Differences = {}): StagedService {
  const service = compose.services[name];
  if (service === undefined) throw new Error(`docker-compose.yml has no service ${name}`);
  const { flags = {}, env = {}, files = {} } = differences;
  assertUsed(name, service, flags, env);
  for (const [target, content] of Object.entries(files)) {
    mkdirSync(dirname(root + target), { recursive: true });
    writeFileSync(root + target, content);
  }
  for (const volume of service.volumes ?? []) mount(volume, root, Object.keys(files));
  const cwd = root + (service.working_dir ?? '');
  mkdirSync(cwd, { recursive: true });
  return {
    args: (service.command ?? []).map((argument) => replacedFlag(argument, flags) ?? below(argument, root)),
    env: Object.fromEntries(
      Object.entries(service.environment ?? {}).map(([key, value]) => [key, env[key] ?? below(value, root)]),
    ),
    cwd,
  };
}

function mount(volume: string, root: string, replaced: readonly string[]): void {
  const [source = '', target = ''] = volume.split(':');
  if (!source.startsWith('.')) {
    mkdirSync(root + target, { recursive: true });
    return;
  }
  // A folder of which the test replaces files is not linked: the test would write into the checkout.
  if (replaced.some((file) => file.startsWith(`${target}/`))) return;
  mkdirSync(dirname(root + target), { recursive: true });
  symlinkSync(join(CHECKOUT, source), root + target);
}

function below(text: string, root: string): string {
  return text.replace(/^(--[\w.-]+=)?(?=\/)/, `$1${root}`);
}

function replacedFlag(argument: string, flags: Readonly<Record<string, string>>): string | undefined {
  const flag = /^--([\w.-]+)=/.exec(argument)?.[1];
  const value = flag === undefined ? undefined : flags[flag];
  return value === undefined ? undefined : `--${flag}=${value}`;
}

function assertUsed(
  name: string,
  service: ComposeService,
  flags: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>>,
): void {
  for (const flag of Object.keys(flags)) {
    if (!service.command?.some((argument) => argument.startsWith(`--${flag}=`))) {
      throw new Error(`docker-compose.yml: services.${name}.command has no --${flag}=`);
    }
  }
  for (const key of Object.keys(env)) {
    if (service.environment?.[key] === undefined) {
      throw new Error(`docker-compose.yml: services.${name}.environment has no ${key}`);
    }
  }
}
