import type { Writable } from 'node:stream';
import { diag } from '@opentelemetry/api';
import { JsonMetricsSerializer } from '@opentelemetry/otlp-transformer';
import type { AggregationTemporality, PushMetricExporter, ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { JsonError } from './errors.ts';
import { FileSink } from './file-sink.ts';
import { HttpSink } from './http-sink.ts';
import { plainArrays } from './plain-arrays.ts';
import type { Sink } from './sink.ts';
import { StreamSink } from './stream-sink.ts';

type ExportResult = Parameters<Parameters<PushMetricExporter['export']>[1]>[0];

/** Settings of a {@link JsonExporter}: exactly one of `path`, `stream` and `url`, or none for standard output. */
export interface JsonExporterOptions {
  /** File to append to. */
  readonly path?: string;
  /** Bytes at which the file is rotated. Default 64 MiB. */
  readonly fileLimitBytes?: number;
  /** Rotated files kept beside the current one. Default 3. */
  readonly keepFiles?: number;
  readonly stream?: Writable;
  /** Where to POST each line. */
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Milliseconds one POST may take. Default 10,000. */
  readonly timeoutMillis?: number;
  /** Most bytes that wait for a slow reader. Default 16 MiB. */
  readonly limitBytes?: number;
  /** 0 delta, 1 cumulative (default). */
  readonly temporality?: AggregationTemporality;
}

/** The exporter's account: received = forwarded + held + dropped, in data points. */
export interface JsonStats {
  readonly received: number;
  readonly forwarded: number;
  readonly held: number;
  readonly dropped: Readonly<
    Partial<Record<'queue_full' | 'write_failed' | 'refused' | 'closed' | 'invalid_point', number>>
  >;
}

type Cause = keyof JsonStats['dropped'];

const CAUSES: Readonly<Record<string, Cause>> = { WRITE_FAILED: 'write_failed', REFUSED: 'refused' };
const MIB = 1024 * 1024;

/** Writes each export as one line of OTLP JSON. Lines are whole, in order, and not repeated. */
export class JsonExporter implements PushMetricExporter {
  readonly #sink: Sink;
  readonly #limitBytes: number;
  readonly #temporality: AggregationTemporality;
  readonly #dropped = new Map<Cause, number>();
  #received = 0;
  #forwarded = 0;
  #held = 0;
  #heldBytes = 0;
  #last: Promise<void> = Promise.resolve();
  #closed: Promise<void> | undefined;

  /** @throws JsonError `INVALID_OPTION` */
  constructor(options: JsonExporterOptions = {}) {
    this.#limitBytes = checked('limitBytes', options.limitBytes ?? 16 * MIB);
    this.#temporality = options.temporality ?? 1;
    this.#sink = sinkOf(options);
  }

  selectAggregationTemporality(): AggregationTemporality {
    return this.#temporality;
  }

  /** Ends when the line is written; fails, and counts its points as dropped, when it is not. */
  export(metrics: ResourceMetrics, done: (result: ExportResult) => void): void {
    void this.#exportNow(metrics, done);
  }

  /** Resolves when nothing is under way. Each export told its own outcome. */
  async forceFlush(): Promise<void> {
    await this.#last;
  }

  async shutdown(): Promise<void> {
    this.#closed ??= this.#last.then(async () => this.#sink.close());
    return this.#closed;
  }

  stats(): JsonStats {
    return {
      received: this.#received,
      forwarded: this.#forwarded,
      held: this.#held,
      dropped: Object.fromEntries(this.#dropped),
    };
  }

  async #exportNow(metrics: ResourceMetrics, done: (result: ExportResult) => void): Promise<void> {
    let result: ExportResult = { code: 0 };
    try {
      await this.#write(metrics);
    } catch (error) {
      result = { code: 1, error: error as Error };
    }
    try {
      done(result);
    } catch (error) {
      diag.error('json: the callback of an export threw', error);
    }
  }

  async #write(metrics: ResourceMetrics): Promise<void> {
    const points = countPoints(metrics);
    this.#received += points;
    if (this.#closed !== undefined)
      throw this.#drop('closed', points, new JsonError('CLOSED', 'the exporter is shut down'));
    let line: string;
    try {
      line = lineOf(metrics);
    } catch (error) {
      throw this.#drop('invalid_point', points, error as Error);
    }
    if (this.#heldBytes > 0 && this.#heldBytes + line.length > this.#limitBytes) {
      const message = `${this.#heldBytes} bytes wait for a slow reader, the limit is ${this.#limitBytes}`;
      throw this.#drop('queue_full', points, new JsonError('QUEUE_FULL', message));
    }
    this.#held += points;
    this.#heldBytes += line.length;
    const written = this.#last.then(async () => this.#sink.write(line));
    this.#last = written.catch(() => undefined);
    try {
      await written;
      this.#forwarded += points;
    } catch (error) {
      throw this.#drop(CAUSES[(error as JsonError).code] ?? 'write_failed', points, error as Error);
    } finally {
      this.#held -= points;
      this.#heldBytes -= line.length;
    }
  }

  #drop(cause: Cause, points: number, error: Error): Error {
    if (!this.#dropped.has(cause))
      diag.warn(`json: points dropped, ${cause}: ${error.message}; more is counted and not told`);
    this.#dropped.set(cause, (this.#dropped.get(cause) ?? 0) + points);
    return error;
  }
}

function lineOf(metrics: ResourceMetrics): string {
  return `${Buffer.from(JsonMetricsSerializer.serializeRequest(plainArrays(metrics))!).toString('utf8')}\n`;
}

function countPoints({ scopeMetrics }: ResourceMetrics): number {
  return scopeMetrics.reduce(
    (sum, { metrics }) => sum + metrics.reduce((all, metric) => all + metric.dataPoints.length, 0),
    0,
  );
}

function sinkOf(options: JsonExporterOptions): Sink {
  const { path, stream, url, headers = {} } = options;
  const given = Object.entries({ path, stream, url }).filter(([, value]) => value !== undefined);
  if (given.length > 1) {
    const names = given.map(([name]) => name).join(' and ');
    throw new JsonError(
      'INVALID_OPTION',
      `${names} are given; one of path, stream and url is needed, or none for standard output`,
    );
  }
  if (path !== undefined) {
    const keep = options.keepFiles ?? 3;
    if (!Number.isInteger(keep) || keep < 1) {
      throw new JsonError('INVALID_OPTION', `keepFiles is ${keep}; a whole number of at least 1 is needed`);
    }
    return new FileSink(path, checked('fileLimitBytes', options.fileLimitBytes ?? 64 * MIB), keep);
  }
  if (url === undefined) return new StreamSink(stream ?? process.stdout);
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new JsonError('INVALID_OPTION', `url is ${JSON.stringify(url)}; an http(s) URL is needed`);
  }
  return new HttpSink(new URL(url), headers, checked('timeoutMillis', options.timeoutMillis ?? 10_000));
}

function checked(option: string, value: number): number {
  if (value >= 1 && Number.isFinite(value)) return value;
  throw new JsonError('INVALID_OPTION', `${option} is ${value}; a number of at least 1 is needed`);
}
