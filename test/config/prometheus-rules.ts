import { durationSeconds, type Settings, settings } from './effective-config.ts';

/** The longest outage that the collector's queue is to bridge, in seconds: Prometheus must still take what is as old. */
export const OUTAGE_SECONDS = 24 * 3600;
const RETENTION_SECONDS = 7 * 86_400;

interface PrometheusRule {
  readonly name: string;
  readonly reason: string;
  readonly holds: (config: Settings, flags: readonly string[]) => boolean;
}

const tsdb = (config: Settings): Settings => settings(settings(config['storage'])['tsdb']);

/** Settings of Prometheus without which data is refused, forgotten or unwatched. */
export const PROMETHEUS_RULES: readonly PrometheusRule[] = [
  {
    name: 'late points are taken for as long as an outage may last',
    reason:
      'one point older than the window and Prometheus refuses its whole request, which the collector then deletes',
    holds: (config) => durationSeconds(tsdb(config)['out_of_order_time_window']) >= OUTAGE_SECONDS,
  },
  {
    name: 'a week is kept',
    reason: 'the default is 15 days, a smaller value forgets what was promised',
    holds: (config) => durationSeconds(settings(tsdb(config)['retention'])['time']) >= RETENTION_SECONDS,
  },
  {
    name: 'no size limit shortens the week',
    reason: 'a size limit deletes the oldest blocks whatever the retention says',
    holds: (config) => settings(tsdb(config)['retention'])['size'] === undefined,
  },
  {
    name: 'OTLP is received',
    reason: 'without the flag every export is answered 404, which is permanent: the collector deletes it',
    holds: (_, flags) => flags.includes('--web.enable-otlp-receiver'),
  },
  {
    name: 'the pipeline itself is scraped',
    reason: 'losses are counted by the hops; counts that nobody reads warn nobody',
    holds: ({ scrape_configs: jobs }) =>
      Array.isArray(jobs) &&
      ['pipeline', 'bridge'].every((name) => jobs.some((job) => settings(job)['job_name'] === name)),
  },
  {
    name: 'rules are loaded',
    reason: 'alerts on losses and the one-minute series are in files',
    holds: ({ rule_files: files }) => Array.isArray(files) && files.includes('rules/*.yaml'),
  },
];

/** What is broken, with the reason; empty when Prometheus keeps what it is sent. */
export function prometheusLosses(config: Settings, flags: readonly string[]): string[] {
  return PROMETHEUS_RULES.filter(({ holds }) => !holds(config, flags)).map(({ name, reason }) => `${name} (${reason})`);
}
