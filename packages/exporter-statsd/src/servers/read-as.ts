import type { StatsdDialect } from '../dialect.ts';
import { readDogstatsd } from './dogstatsd.ts';
import type { Read, StatsdServer } from './reading.ts';
import { readStatsdExporter } from './statsd-exporter.ts';
import { readStatsdReceiver } from './statsd-receiver.ts';
import { readStatsd } from './statsd.ts';

const READERS: Readonly<Record<StatsdServer, (line: string) => Read>> = {
  statsd: readStatsd,
  statsd_exporter: readStatsdExporter,
  statsdreceiver: readStatsdReceiver,
  dogstatsd: readDogstatsd,
};

/** The servers that read a dialect with its tags as tags; `statsd` folds DogStatsD's into Graphite's. */
export const SERVERS_OF_DIALECT: Readonly<Record<StatsdDialect, readonly StatsdServer[]>> = {
  etsy: ['statsd', 'statsd_exporter', 'statsdreceiver', 'dogstatsd'],
  dogstatsd: ['dogstatsd', 'statsd_exporter', 'statsdreceiver'],
  influx: ['statsd_exporter'],
  graphite: ['statsd'],
};

/** Reads one line as a server would, and says what that server would misread or refuse instead of doing it. */
export function readAs(server: StatsdServer, line: string): Read {
  if (/[\n\r]/.test(line)) return 'a line feed ends the line';
  return READERS[server](line);
}
