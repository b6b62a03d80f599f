import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { COLLECTOR_CONFIG } from '../stack/paths.ts';
import { readCompose } from '../stack/staging.ts';
import { COLLECTOR_RULES, lossesOf } from './collector-rules.ts';
import {
  durationSeconds,
  type EffectiveConfig,
  effectiveConfig,
  type Settings,
  withDefaults,
} from './effective-config.ts';
import { PROMETHEUS_RULES, prometheusLosses } from './prometheus-rules.ts';

const read = (file: string): string => readFileSync(join(COLLECTOR_CONFIG, file), 'utf8');
const { services } = readCompose();
const FILES = [
  ['agent.yaml', services['agent']?.environment ?? {}],
  ['collector.yaml', services['collector']?.environment ?? {}],
] as const;

// A configuration as plain data that a test may break.
interface Breakable {
  [key: string]: any;
}
type Break = (config: any, exporter: any) => void;

/** By rule, every way in which it is to fail. */
const BREAKS: Readonly<Record<string, readonly Break[]>> = {
  'exports are queued on disk': [
    (_, exporter) => delete exporter['sending_queue']['storage'],
    (_, exporter) => (exporter['sending_queue']['enabled'] = false),
    (_, exporter) => delete exporter['sending_queue'],
    (config) => delete config['extensions']['file_storage'],
  ],
  'the storage of a queue is started': [(config) => (config['service']['extensions'] = ['health_check'])],
  'an acknowledgement is on the disk': [
    (config) => delete config['extensions']['file_storage']['fsync'],
    (config) => (config['extensions']['file_storage']['fsync'] = false),
  ],
  'a damaged queue is set aside': [(config) => delete config['extensions']['file_storage']['recreate']],
  'the queue is on a disk that stays': [
    (config) => (config['extensions']['file_storage']['directory'] = '/tmp/queue'),
    (config) => delete config['extensions']['file_storage']['directory'],
  ],
  'retries are on': [(_, exporter) => (exporter['retry_on_failure']['enabled'] = false)],
  'retries never give up': [
    (_, exporter) => delete exporter['retry_on_failure']['max_elapsed_time'],
    (_, exporter) => (exporter['retry_on_failure']['max_elapsed_time'] = '24h'),
    (_, exporter) => delete exporter['retry_on_failure'],
  ],
  'a full queue makes the sender wait': [(_, exporter) => delete exporter['sending_queue']['block_on_overflow']],
  'one consumer keeps the order': [
    (_, exporter) => delete exporter['sending_queue']['num_consumers'],
    (_, exporter) => (exporter['sending_queue']['num_consumers'] = 2),
  ],
  'the queue has room for an outage': [
    (_, exporter) => delete exporter['sending_queue']['queue_size'],
    (_, exporter) => (exporter['sending_queue']['queue_size'] = 1000),
  ],
  'nothing waits in memory before the queue': [
    (config) => config['service']['pipelines']['metrics']['processors'].push('batch'),
    (config) => config['service']['pipelines']['metrics']['processors'].push('interval/slow'),
  ],
  'the memory limiter is first': [
    (config) => (config['service']['pipelines']['metrics']['processors'] = []),
    (config) => config['service']['pipelines']['metrics']['processors'].unshift('transform'),
  ],
  'receivers acknowledge what is queued': [
    (config) => config['service']['pipelines']['metrics']['receivers'].push('statsd'),
  ],
  'exporters push': [
    (config) => {
      config['exporters']['prometheus'] = {};
      config['service']['pipelines']['metrics']['exporters'].push('prometheus');
    },
  ],
  'losses are counted': [
    (config) => (config['service']['telemetry']['metrics']['level'] = 'normal'),
    (config) => delete config['service']['telemetry'],
  ],
  'health tells whether data gets out': [
    (config) => delete config['extensions']['health_check']['component_health'],
    (config) => (config['service']['extensions'] = ['file_storage']),
  ],
};

describe.each(FILES)('%s', (file, variables) => {
  const text = read(file);

  test('loses nothing by itself, as it is and as docker-compose.yml starts it', () => {
    expect(lossesOf(effectiveConfig(text, { NANOMETER_GATEWAY_OTLP: 'http://gateway:4318' }))).toEqual([]);
    expect(lossesOf(effectiveConfig(text, variables))).toEqual([]);
  });

  test.each(COLLECTOR_RULES.map(({ name }) => name))('breaks "%s" when the setting is changed', (name) => {
    const breaks = BREAKS[name] ?? [];
    expect(breaks.length).toBeGreaterThan(0);
    for (const change of breaks) {
      // Broken in the file as it is written: a setting that is left out has the collector's default.
      const written = parse(text.replaceAll(/\$\{env:\w+(?::-([^}]*))?\}/g, '$1')) as Breakable;
      const [exporter] = Object.values((written as Breakable)['exporters'] as object) as Record<string, any>[];
      change(written, exporter ?? {});
      const service = (written as Breakable)['service'] as Record<string, unknown>;
      service['telemetry'] ??= {};
      const losses = lossesOf(withDefaults(written as unknown as EffectiveConfig));
      expect(losses.map((line) => line.split(':')[0])).toContain(name);
    }
  });
});

test('a variable without a value is named instead of being empty', () => {
  expect(() => effectiveConfig(read('agent.yaml'))).toThrow('NANOMETER_GATEWAY_OTLP');
});

test('durations are read as the collector writes them, and nothing else is', () => {
  expect([0, '0', '0s', '0h0m0s'].map(durationSeconds)).toEqual([0, 0, 0, 0]);
  expect(['1m30s', '1.5s', '24h', '7d', '250ms', 5e9].map(durationSeconds)).toEqual([
    90, 1.5, 86_400, 604_800, 0.25, 5,
  ]);
  for (const value of ['', 's', '5', '1x', '-1s', null, true, undefined]) expect(durationSeconds(value)).toBeNaN();
});

describe('prometheus.yaml', () => {
  const flags = services['prometheus']?.command ?? [];
  const config = (): Breakable => parse(read('prometheus.yaml')) as Breakable;

  test('keeps what it is sent', () => {
    expect(prometheusLosses(config() as Settings, flags)).toEqual([]);
  });

  const breaks: Readonly<Record<string, (config: any) => readonly string[] | void>> = {
    'late points are taken for as long as an outage may last': ({ storage }) => {
      storage['tsdb']['out_of_order_time_window'] = '1h';
    },
    'a week is kept': ({ storage }) => {
      storage['tsdb']['retention'] = { time: '6d' };
    },
    'no size limit shortens the week': ({ storage }) => {
      storage['tsdb']['retention']['size'] = '1GB';
    },
    'OTLP is received': () => [],
    'the pipeline itself is scraped': (written) => {
      written['scrape_configs'].pop();
    },
    'rules are loaded': (written) => {
      delete written['rule_files'];
    },
  };

  test.each(PROMETHEUS_RULES.map(({ name }) => name))('breaks "%s" when the setting is changed', (name) => {
    const broken = config();
    const otherFlags = breaks[name]?.(broken) ?? flags;
    expect(prometheusLosses(broken as Settings, otherFlags).map((line) => line.replace(/ \(.*/s, ''))).toEqual([name]);
  });
});
