import type { MeterProvider } from '@opentelemetry/api';
import type { InitialValue } from './delta-store.ts';
import type { StatsdDialect } from './dialect.ts';
import { StatsdError } from './errors.ts';
import type { BatchPolicy } from './statsd-batch.ts';
import type { SenderOptions } from './transport/create-sender.ts';

/** Versions of the DogStatsD protocol; each reads all that earlier ones read. */
export type DogstatsdProtocol = '1.0' | '1.1' | '1.2' | '1.3';

/** What only a server of a newer DogStatsD protocol reads; older servers refuse or misread such lines. */
export interface DogstatsdOptions {
  /** What the server reads. Default `1.0`. From `1.1` on sampled values share a line (`a:1:2|d`). */
  readonly protocol?: DogstatsdProtocol;
  /** From `1.2` on: sent with every line as `|c:<id>`. Default none. */
  readonly containerId?: string;
  /**
   * From `1.3` on: counters and gauges carry the time of their point (`|T<s>`). The server then does not add such values
   * up: two of one series and second overwrite each other. Default false.
   */
  readonly timestamps?: boolean;
}

/** Options of {@link StatsdExporter}; every one has a default that works with a server on the same host. */
export interface StatsdExporterOptions extends SenderOptions, BatchPolicy {
  /** The format the server reads. Default `dogstatsd`. */
  readonly dialect?: StatsdDialect;
  /** Dialect `dogstatsd` only: what is sent beyond version 1.0. */
  readonly dogstatsd?: DogstatsdOptions;
  /** Put before every metric name, with a dot of its own if one is wanted. Default empty. */
  readonly prefix?: string;
  /** Resource attributes sent as tags (in `etsy`: folded into the name). Default none. */
  readonly resourceAttributes?: readonly string[];
  /**
   * How a histogram is sent. `summary`: counters of count and sum, gauges of minimum, maximum and percentiles. `samples`:
   * one value per bucket with a sample rate that stands for the bucket's count, so that the server adds up a distribution
   * with the exact count and values within their bucket. Default `summary`.
   */
  readonly histograms?: 'summary' | 'samples';
  /** Most recordings one sampled line stands for; statsd_exporter repeats the value that often. Default 10,000. */
  readonly samplesPerLine?: number;
  /** Largest datagram in bytes, 64 to 65,507. Default 1432. */
  readonly mtuBytes?: number;
  /** Most series; points of further ones are dropped and counted. Default 100,000. */
  readonly seriesLimit?: number;
  /** What the first point of a counter counts. `auto` is for a process that takes over from a predecessor. Default `count`. */
  readonly initialValue?: InitialValue;
  /**
   * File that keeps what was delivered of each counter, so that an exporter started again on the same producer neither
   * repeats nor loses increments. One exporter per file. Default none.
   */
  readonly stateFile?: string;
  /** Registers the exporter's own metrics (`nanometer.statsd.point.*`) here. Default none. */
  readonly meterProvider?: MeterProvider;
}

const PROTOCOLS: readonly DogstatsdProtocol[] = ['1.0', '1.1', '1.2', '1.3'];

/** The options checked against each other, with what they say about the lines. */
export interface LineProfile {
  readonly packsValues: boolean;
  /** Behind every line's tags, with its bar; empty for none. */
  readonly tail: string;
  readonly timestamps: boolean;
}

/** Throws `INVALID_OPTION` for what the protocol version does not know or another dialect cannot carry. */
export function checkedProfile(dialect: StatsdDialect, options: DogstatsdOptions | undefined): LineProfile {
  if (options === undefined) return { packsValues: false, tail: '', timestamps: false };
  if (dialect !== 'dogstatsd') {
    throw new StatsdError('INVALID_OPTION', `dogstatsd is given, but the dialect is ${dialect}; leave one of them out`);
  }
  const { protocol = '1.0', containerId, timestamps = false } = options;
  const version = PROTOCOLS.indexOf(protocol);
  if (version < 0) {
    throw new StatsdError(
      'INVALID_OPTION',
      `dogstatsd.protocol is "${protocol}"; one of ${PROTOCOLS.join(', ')} is needed`,
    );
  }
  const needs = (option: string, least: DogstatsdProtocol): StatsdError =>
    new StatsdError(
      'INVALID_OPTION',
      `dogstatsd.${option} needs dogstatsd.protocol ${least} or newer, it is ${protocol}`,
    );
  if (containerId !== undefined && version < 2) throw needs('containerId', '1.2');
  if (timestamps && version < 3) throw needs('timestamps', '1.3');
  if (containerId !== undefined && !/^[A-Za-z0-9_.:/-]+$/.test(containerId)) {
    throw new StatsdError(
      'INVALID_OPTION',
      `dogstatsd.containerId is ${JSON.stringify(containerId)}; letters, digits and _ . : / - are allowed`,
    );
  }
  return { packsValues: version >= 1, tail: containerId === undefined ? '' : `|c:${containerId}`, timestamps };
}
