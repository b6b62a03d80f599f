import { durationSeconds, type EffectiveConfig, type Settings, settings } from './effective-config.ts';

/** A setting that must be as it is because otherwise data is lost. */
export interface LossRule {
  readonly name: string;
  /** What is lost when the rule is broken, and how. */
  readonly reason: string;
  /** What breaks the rule, one line each; empty when it holds. */
  readonly broken: (config: EffectiveConfig) => string[];
}

/** Components that hold data in memory, or acknowledge it, before a queue on disk does. */
const HOLDS_IN_MEMORY =
  /^(?:batch|queue_batch|groupby|interval|metricsgeneration|cumulativetodelta|deltatocumulative|deltatorate|tail_sampling|spanmetrics|sum|count)/;
const PULLED_OR_AGGREGATED = /^(?:statsd|prometheus|carbon|hostmetrics)/;
const NO_QUEUE = /^(?:prometheus|prometheus_?remote_?write|debug|nop|file)(?:\/|$)/;

type Exporter = readonly [name: string, exporter: Settings];
const usedExporters = (config: EffectiveConfig): Exporter[] =>
  [...new Set(pipelines(config).flatMap(({ exporters }) => exporters))].map(
    (name) => [name, config.exporters[name] ?? {}] as const,
  );
const pipelines = (config: EffectiveConfig): EffectiveConfig['service']['pipelines'][string][] =>
  Object.values(config.service.pipelines);
const queueOf = (exporter: Settings): Settings => settings(exporter['sending_queue']);
const eachExporter =
  (problem: (exporter: Settings, config: EffectiveConfig) => string | undefined) =>
  (config: EffectiveConfig): string[] =>
    usedExporters(config).flatMap(([name, exporter]) => {
      const found = problem(exporter, config);
      return found === undefined ? [] : [`${name}: ${found}`];
    });
const storages = (config: EffectiveConfig): Exporter[] =>
  Object.entries(config.extensions).filter(([name]) => name.startsWith('file_storage'));

/** The list; each rule is broken on purpose in collector-rules.test.ts. */
export const COLLECTOR_RULES: readonly LossRule[] = [
  {
    name: 'exports are queued on disk',
    reason: 'a queue in memory is gone with the process, after its points were acknowledged',
    broken: eachExporter((exporter, { extensions }) => {
      const { enabled, storage } = queueOf(exporter);
      if (enabled !== true) return 'sending_queue is off';
      if (typeof storage !== 'string') return 'sending_queue has no storage';
      return extensions[storage] === undefined ? `storage ${storage} is not configured` : undefined;
    }),
  },
  {
    name: 'the storage of a queue is started',
    reason: 'an extension that service.extensions does not name does not exist',
    broken: eachExporter((exporter, { service }) => {
      const { storage } = queueOf(exporter);
      return typeof storage === 'string' && !service.extensions.includes(storage)
        ? `service.extensions lacks ${storage}`
        : undefined;
    }),
  },
  {
    name: 'an acknowledgement is on the disk',
    reason: 'without fsync (the default) a power cut takes what was acknowledged',
    broken: (config) =>
      storages(config).flatMap(([name, { fsync }]) => (fsync === true ? [] : [`${name}: fsync is off`])),
  },
  {
    name: 'a damaged queue is set aside',
    reason: 'the collector would not start again, and senders overflow while someone looks for the reason',
    broken: (config) =>
      storages(config).flatMap(([name, { recreate }]) => (recreate === true ? [] : [`${name}: recreate is off`])),
  },
  {
    name: 'the queue is on a disk that stays',
    reason: 'a folder for temporary files is emptied at start',
    broken: (config) =>
      storages(config).flatMap(([name, { directory }]) =>
        typeof directory === 'string' && !/^\/(?:tmp|run|dev\/shm|var\/tmp)(?:\/|$)/.test(directory)
          ? []
          : [`${name}: directory is ${JSON.stringify(directory)}`],
      ),
  },
  {
    name: 'retries are on',
    reason: 'the first failed send would be the last',
    broken: eachExporter(({ retry_on_failure: retry }) =>
      settings(retry)['enabled'] === true ? undefined : 'retry_on_failure is off',
    ),
  },
  {
    name: 'retries never give up',
    reason: 'after max_elapsed_time (5 minutes by default) of an outage the head of the queue is deleted',
    broken: eachExporter(({ retry_on_failure: retry }) => {
      const { max_elapsed_time: limit } = settings(retry);
      return durationSeconds(limit) === 0 ? undefined : `max_elapsed_time is ${JSON.stringify(limit)}`;
    }),
  },
  {
    name: 'a full queue makes the sender wait',
    reason: 'otherwise it refuses, and a sender that keeps nothing loses what it wanted to send',
    broken: eachExporter((exporter) =>
      queueOf(exporter)['block_on_overflow'] === true ? undefined : 'block_on_overflow is off',
    ),
  },
  {
    name: 'one consumer keeps the order',
    reason: 'several send points of a series out of order, and the bridge drops the older of two',
    broken: eachExporter((exporter) => {
      const { num_consumers: consumers } = queueOf(exporter);
      return consumers === 1 ? undefined : `num_consumers is ${JSON.stringify(consumers)}`;
    }),
  },
  {
    name: 'the queue has room for an outage',
    reason: 'the default of 1,000 requests is minutes of a busy desk',
    broken: eachExporter((exporter) => {
      const { queue_size: size } = queueOf(exporter);
      return Number(size) >= 2 ** 30 ? undefined : `queue_size is ${JSON.stringify(size)}, below 1 GiB`;
    }),
  },
  {
    name: 'nothing waits in memory before the queue',
    reason: 'processors that batch or aggregate acknowledge first and store later, or never',
    broken: (config) =>
      pipelines(config).flatMap(({ processors }) =>
        processors.filter((name) => HOLDS_IN_MEMORY.test(name)).map((name) => `processor ${name}`),
      ),
  },
  {
    name: 'the memory limiter is first',
    reason:
      'without it the process is killed when a backlog grows; behind another processor it refuses what was half done',
    broken: (config) =>
      pipelines(config).flatMap(({ processors }) =>
        processors[0]?.startsWith('memory_limiter') === true
          ? []
          : [`the first processor is ${processors[0] ?? 'none'}`],
      ),
  },
  {
    name: 'receivers acknowledge what is queued',
    reason: 'receivers that scrape or aggregate have no sender that could send again',
    broken: (config) =>
      pipelines(config).flatMap(({ receivers }) =>
        receivers.filter((name) => PULLED_OR_AGGREGATED.test(name)).map((name) => `receiver ${name}`),
      ),
  },
  {
    name: 'exporters push',
    reason: 'the prometheus exporter keeps only the last value, and prometheusremotewrite and file have no such queue',
    broken: (config) => usedExporters(config).flatMap(([name]) => (NO_QUEUE.test(name) ? [`exporter ${name}`] : [])),
  },
  {
    name: 'losses are counted',
    reason: 'below "detailed" nothing tells a permanent failure, which is a loss, from one that is retried',
    broken: ({ service }) => {
      const { level, readers } = settings(service.telemetry['metrics']);
      return [
        ...(level === 'detailed' || level === 'Detailed'
          ? []
          : [`telemetry.metrics.level is ${JSON.stringify(level)}`]),
        ...(Array.isArray(readers) && readers.length > 0 ? [] : ['telemetry.metrics has no reader']),
      ];
    },
  },
  {
    name: 'health tells whether data gets out',
    reason: 'a process that runs but cannot export looks healthy until its queue is full',
    broken: ({ extensions, service }) => {
      const health = settings(extensions['health_check']);
      const { include_recoverable_errors: recoverable, include_permanent_errors: permanent } = settings(
        health['component_health'],
      );
      const started = service.extensions.includes('health_check');
      return started && recoverable === true && permanent === true ? [] : ['health_check does not report components'];
    },
  },
];

/** What is broken, one line each with the reason; empty when the configuration loses nothing by itself. */
export function lossesOf(config: EffectiveConfig, except: readonly string[] = []): string[] {
  return COLLECTOR_RULES.filter(({ name }) => !except.includes(name)).flatMap(({ name, reason, broken }) =>
    broken(config).map((problem) => `${name}: ${problem} (${reason})`),
  );
}
