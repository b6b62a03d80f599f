import { nearest } from '../options/nearest.ts';
import type { Check } from './check.ts';

/** What a variable may be; the text completes "expected …". */
interface Rule {
  readonly expected: string;
  readonly accepts: (value: string) => boolean;
}

const oneOf = (...words: readonly string[]): Rule => ({
  expected: `one of ${words.join(', ')}`,
  accepts: (value) => words.includes(value),
});
const listOf = (...words: readonly string[]): Rule => ({
  expected: `${words.join(', ')}, or several of them separated by commas`,
  accepts: (value) => value.split(',').every((item) => words.includes(item.trim())),
});
const url: Rule = {
  expected: 'a URL with http:// or https://, such as http://127.0.0.1:4317',
  accepts: (value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol),
};
const milliseconds: Rule = {
  expected: 'whole milliseconds above 0',
  accepts: (value) => /^[1-9][0-9]{0,8}$/.test(value),
};
const port: Rule = {
  expected: 'a port from 0 to 65535',
  accepts: (value) => /^[0-9]{1,5}$/.test(value) && Number(value) < 65_536,
};
const flag = oneOf('true', 'false');
const pairs: Rule = {
  expected: 'key=value pairs separated by commas',
  accepts: (value) => value.split(',').every((pair) => /^[^=\s]+=/.test(pair.trim())),
};
const anyText: Rule = { expected: 'a text', accepts: () => true };

const protocol = oneOf('grpc', 'http/protobuf', 'http/json');
const compression = oneOf('gzip', 'zstd', 'none');

/** The OpenTelemetry variables that metrics are configured by. */
const RULES: Readonly<Record<string, Rule>> = {
  OTEL_EXPORTER_OTLP_COMPRESSION: compression,
  OTEL_EXPORTER_OTLP_ENDPOINT: url,
  OTEL_EXPORTER_OTLP_HEADERS: pairs,
  OTEL_EXPORTER_OTLP_METRICS_COMPRESSION: compression,
  OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION: oneOf(
    'explicit_bucket_histogram',
    'base2_exponential_bucket_histogram',
  ),
  OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: url,
  OTEL_EXPORTER_OTLP_METRICS_HEADERS: pairs,
  OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: protocol,
  OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: oneOf('cumulative', 'delta', 'lowmemory'),
  OTEL_EXPORTER_OTLP_METRICS_TIMEOUT: milliseconds,
  OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
  OTEL_EXPORTER_OTLP_TIMEOUT: milliseconds,
  OTEL_EXPORTER_PROMETHEUS_HOST: anyText,
  OTEL_EXPORTER_PROMETHEUS_PORT: port,
  OTEL_LOG_LEVEL: oneOf('none', 'error', 'warn', 'info', 'debug', 'verbose', 'all'),
  OTEL_METRICS_EXEMPLAR_FILTER: oneOf('trace_based', 'always_on', 'always_off'),
  OTEL_METRICS_EXPORTER: listOf('otlp', 'prometheus', 'console', 'none'),
  OTEL_METRIC_EXPORT_INTERVAL: milliseconds,
  OTEL_METRIC_EXPORT_TIMEOUT: milliseconds,
  OTEL_RESOURCE_ATTRIBUTES: pairs,
  OTEL_SDK_DISABLED: flag,
  OTEL_SERVICE_NAME: anyText,
};

/** Values that a log may not carry. */
const SECRET = /HEADERS|TOKEN|KEY|PASSWORD/;

/**
 * Checks every `OTEL_` variable that metrics are configured by. SDKs ignore or replace what they cannot read, most of them
 * without a word, so each mistake is named here with what would be right.
 */
export function environmentChecks(environment: Readonly<Record<string, string | undefined>>): Check[] {
  const set = Object.entries(environment).filter(
    (entry): entry is [string, string] => entry[0].startsWith('OTEL_') && entry[1] !== undefined && entry[1] !== '',
  );
  const faults = set.flatMap(([name, value]) => faultOf(name, value));
  if (faults.length > 0) return faults;
  const known = set.filter(([name]) => RULES[name] !== undefined).length;
  return [
    {
      id: 'environment',
      status: 'ok',
      detail: known === 0 ? 'no OTEL_ variables: defaults apply' : `${known} OTEL_ variables, all readable`,
    },
  ];
}

function faultOf(name: string, value: string): Check[] {
  const rule = RULES[name];
  if (rule === undefined) {
    const guess = nearest(name, Object.keys(RULES));
    // Variables of traces and logs, and of other SDKs, are not ours to judge; a near miss is.
    return guess === undefined
      ? []
      : [{ id: 'environment', status: 'warn', detail: `${name} is not known`, fix: `did you mean ${guess}?` }];
  }
  if (!rule.accepts(value)) {
    const shown = SECRET.test(name) ? 'has a value that cannot be read' : `cannot be "${value}"`;
    return [{ id: 'environment', status: 'fail', detail: `${name} ${shown}`, fix: `expected ${rule.expected}` }];
  }
  if (name === 'OTEL_SDK_DISABLED' && value === 'true') {
    return [
      { id: 'environment', status: 'warn', detail: 'OTEL_SDK_DISABLED is true: nothing is recorded', fix: 'unset it' },
    ];
  }
  return [];
}
