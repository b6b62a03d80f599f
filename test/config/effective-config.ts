import { parse } from 'yaml';

/** A collector's configuration with variables filled in and every default that a rule reads. */
export interface EffectiveConfig {
  readonly extensions: Readonly<Record<string, Settings>>;
  readonly receivers: Readonly<Record<string, Settings>>;
  readonly processors: Readonly<Record<string, Settings>>;
  readonly exporters: Readonly<Record<string, Settings>>;
  readonly service: {
    readonly extensions: readonly string[];
    readonly pipelines: Readonly<Record<string, Pipeline>>;
    readonly telemetry: Settings;
  };
}

/** A pipeline of the collector: names of components in order. */
export interface Pipeline {
  readonly receivers: readonly string[];
  readonly processors: readonly string[];
  readonly exporters: readonly string[];
}

/** Any part of a configuration; YAML decides what it holds. */
export type Settings = { readonly [key: string]: Setting };
export type Setting = string | number | boolean | null | undefined | Settings | readonly Setting[];

/**
 * Defaults of the collector as `otelcol print-config` states them for 0.160, of the settings that rules read. The stack
 * test holds them against the real program.
 */
const EXPORTER_DEFAULTS = {
  retry_on_failure: { enabled: true, max_elapsed_time: '5m0s' },
  sending_queue: { enabled: true, num_consumers: 10, block_on_overflow: false, wait_for_result: false },
} as const;
const FILE_STORAGE_DEFAULTS = { fsync: false, recreate: false, create_directory: false } as const;

/** Reads a configuration file's text; `variables` replace `${env:NAME:-default}`. Throws on a variable without value. */
export function effectiveConfig(text: string, variables: Readonly<Record<string, string>> = {}): EffectiveConfig {
  const filled = text.replaceAll(/\$\{env:(\w+)(?::-([^}]*))?\}/g, (_, name: string, fallback?: string) => {
    const value = variables[name] ?? fallback;
    if (value === undefined) throw new Error(`the configuration needs a value for ${name}`);
    return value;
  });
  return withDefaults(parse(filled) as EffectiveConfig);
}

/** Adds the defaults to a configuration as it is written, or as the collector prints it. */
export function withDefaults(config: EffectiveConfig): EffectiveConfig {
  const exporters = mapValues(config.exporters, (exporter) => ({
    ...exporter,
    retry_on_failure: { ...EXPORTER_DEFAULTS.retry_on_failure, ...settings(exporter['retry_on_failure']) },
    sending_queue: { ...EXPORTER_DEFAULTS.sending_queue, ...settings(exporter['sending_queue']) },
  }));
  const extensions = mapValues(config.extensions, (extension, name) =>
    name.startsWith('file_storage') ? { ...FILE_STORAGE_DEFAULTS, ...extension } : extension,
  );
  return { ...config, exporters, extensions };
}

/** A part that holds settings; empty when it is anything else. */
export function settings(value: Setting): Settings {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Settings) : {};
}

const UNIT_NANOS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
  d: 86400e9,
};

/** Seconds of a Go duration (`1m30s`, `0s`) or of the nanoseconds that the collector prints as JSON; NaN for anything else. */
export function durationSeconds(value: Setting): number {
  if (typeof value === 'number') return value / 1e9;
  if (typeof value !== 'string') return Number.NaN;
  if (value === '0') return 0;
  if (!/^(?:\d+(?:\.\d+)?(?:ns|us|ms|s|m|h|d))+$/.test(value)) return Number.NaN;
  let nanos = 0;
  for (const [, amount, unit] of value.matchAll(/(\d+(?:\.\d+)?)(ns|us|ms|s|m|h|d)/g)) {
    nanos += Number(amount) * (UNIT_NANOS[unit ?? ''] ?? Number.NaN);
  }
  return nanos / 1e9;
}

function mapValues(
  record: Readonly<Record<string, Settings>>,
  change: (value: Settings, name: string) => Settings,
): Record<string, Settings> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value ?? {}, name)]));
}
