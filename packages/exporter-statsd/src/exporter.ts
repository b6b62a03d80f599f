import { diag } from '@opentelemetry/api';
import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import type {
  AggregationTemporality,
  InstrumentType,
  MetricData,
  PushMetricExporter,
  ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import { DeltaStore } from './delta-store.ts';
import { checkedDialect, type TagValue } from './dialect.ts';
import { checkedInteger, StatsdError } from './errors.ts';
import { checkedProfile, type StatsdExporterOptions } from './options.ts';
import { DEFAULT_MTU_BYTES } from './packer.ts';
import { PersistentSlots } from './persistent-slots.ts';
import { PointLedger } from './point-ledger.ts';
import { PointWriter, shapeOf } from './point-writer.ts';
import { observeExporter } from './self-metrics.ts';
import { LINE_DROP_CAUSES, POINT_DROP_CAUSES, type PointDropCause, type StatsdExporterStats } from './stats.ts';
import { type BatchPolicy, StatsdBatch } from './statsd-batch.ts';
import { type Stream, StreamTable } from './stream-table.ts';
import { createSender } from './transport/create-sender.ts';
import type { PacketSender } from './transport/packet-sender.ts';

const CUMULATIVE = 1;
const NOTHING: ReadonlyMap<number, number> = new Map();

/** The streams of one batch, with the points each stands for. */
interface Owners {
  readonly streams: Stream[];
  readonly points: number[];
}

/**
 * Exports metrics to a StatsD server. Monotonic sums become counters (the increment since what was delivered last), other
 * sums and gauges become absolute gauges, histograms become `.count` and `.sum` counters with `.min`, `.max` (since
 * start) and percentile gauges (of what was recorded since the last export), or sampled values.
 *
 * An export succeeds when everything was delivered as far as the transport can know: with UDP that the kernel has taken
 * every datagram and nothing answered that no server listens, with a stream that the server has read it. What an export
 * could not deliver, the next one carries. Values that are not finite have no StatsD form: dropped and counted.
 */
export class StatsdExporter implements PushMetricExporter {
  readonly #mtuBytes: number;
  readonly #policy: BatchPolicy;
  readonly #histograms: 'summary' | 'samples';
  readonly #resourceAttributes: readonly string[];
  readonly #store: DeltaStore;
  readonly #streams: StreamTable;
  readonly #writer: PointWriter;
  readonly #sender: PacketSender;
  readonly #slots: PersistentSlots | undefined;
  readonly #points = new PointLedger<PointDropCause>(POINT_DROP_CAUSES);
  readonly #lines = new PointLedger(LINE_DROP_CAUSES);
  readonly #stopObserving: () => void;
  #held = new Set<Stream>();
  #exportNumber = 0;
  #lastError: StatsdError | undefined;
  #tail: Promise<void> = Promise.resolve();
  #shutdown: Promise<void> | undefined;

  /** Opens no socket before the first export; reads the state file. Throws `StatsdError` `INVALID_OPTION`. */
  constructor(options: StatsdExporterOptions = {}) {
    const seriesLimit = checkedInteger('seriesLimit', options.seriesLimit ?? 100_000, 1, 10_000_000);
    this.#mtuBytes = checkedInteger('mtuBytes', options.mtuBytes ?? DEFAULT_MTU_BYTES, 64, 65_507);
    this.#policy = {
      backlog: oneOf('backlog', options.backlog ?? 'summarise', ['summarise', 'drop']),
      unconfirmed: oneOf('unconfirmed', options.unconfirmed ?? 'drop', ['drop', 'resend']),
    };
    this.#histograms = oneOf('histograms', options.histograms ?? 'summary', ['summary', 'samples']);
    this.#resourceAttributes = options.resourceAttributes ?? [];
    const { initialValue = 'count' } = options;
    // Two slots per histogram.
    this.#store = new DeltaStore({ limit: seriesLimit * 2, initialValue });
    const dialect = checkedDialect(options.dialect ?? 'dogstatsd');
    const { tail, packsValues, timestamps } = checkedProfile(dialect, options.dogstatsd);
    const samplesPerLine = checkedInteger('samplesPerLine', options.samplesPerLine ?? 10_000, 1, 2 ** 31);
    this.#streams = new StreamTable(
      { dialect, prefix: options.prefix ?? '', tail, packsValues, samplesPerLine, mtuBytes: this.#mtuBytes },
      this.#store,
      seriesLimit,
    );
    this.#writer = new PointWriter(this.#store, timestamps, (outcome) => {
      if (outcome !== 'packed' && outcome !== 'unchanged') this.#lines.drop(outcome);
    });
    const onTrouble =
      options.onTrouble ?? ((error: StatsdError): void => diag.warn(`nanometer statsd: ${error.message}`));
    this.#sender = createSender({ ...options, onTrouble });
    if (options.stateFile !== undefined) {
      this.#slots = new PersistentSlots(
        options.stateFile,
        this.#store,
        seriesLimit * 2,
        this.#policy.unconfirmed ?? 'drop',
        (why) => onTrouble(new StatsdError('STATE_FAILED', why)),
      );
    }
    this.#stopObserving =
      options.meterProvider === undefined ? (): void => {} : observeExporter(options.meterProvider, () => this.stats());
  }

  /** Exports one collection; exports run one after another. The callback gets FAILED when something was not delivered. */
  export(metrics: ResourceMetrics, resultCallback: (result: ExportResult) => void): void {
    if (this.#shutdown) {
      const error = new StatsdError(
        'CLOSED',
        'the StatsD exporter is shut down; metrics exported after that are not sent',
      );
      for (const { metrics: late } of metrics.scopeMetrics)
        for (const { dataPoints } of late) this.#refuse(dataPoints.length);
      resultCallback({ code: ExportResultCode.FAILED, error });
      return;
    }
    this.#tail = this.#exportAfter(this.#tail, metrics, resultCallback);
  }

  /**
   * Resolves when all exports so far are over and nothing of them is held; what the last one could not deliver is tried
   * once more. Rejects with `SEND_FAILED` when that fails too, or when the last export has lost something.
   */
  async forceFlush(): Promise<void> {
    this.#tail = this.#tail.then(() => this.#sendHeld());
    await this.#tail;
    if (this.#lastError) throw this.#lastError;
  }

  /**
   * Ends what is under way, tries once more what is held, then closes; what is still held is dropped as `closed`. Rejects
   * like {@link forceFlush}; calling it again gives the same answer.
   */
  shutdown(): Promise<void> {
    this.#shutdown ??= this.#closeAfter(this.#tail);
    return this.#shutdown;
  }

  /** Cumulative for every instrument: increments are computed here, against what was delivered. */
  selectAggregationTemporality(_instrumentType: InstrumentType): AggregationTemporality {
    return CUMULATIVE as AggregationTemporality;
  }

  /** Counts since construction. */
  stats(): StatsdExporterStats {
    return {
      points: this.#points.received,
      pointsForwarded: this.#points.forwarded,
      pointsHeld: this.#points.held,
      pointsDropped: this.#points.dropped(),
      linesDropped: this.#lines.dropped(),
      seriesActive: this.#streams.size,
      sender: this.#sender.stats(),
      state: {
        incrementsUncertain: this.#slots?.uncertain ?? 0,
        writesFailed: this.#slots?.writesFailed ?? 0,
      },
    };
  }

  async #exportAfter(
    before: Promise<void>,
    metrics: ResourceMetrics,
    resultCallback: (result: ExportResult) => void,
  ): Promise<void> {
    await before;
    const error = await this.#exportNow(metrics);
    resultCallback(error ? { code: ExportResultCode.FAILED, error } : { code: ExportResultCode.SUCCESS });
  }

  async #closeAfter(before: Promise<void>): Promise<void> {
    await before;
    await this.#sendHeld();
    await this.#sender.close();
    this.#stopObserving();
    for (const stream of this.#held) this.#points.drop('closed', stream.heldPoints);
    this.#held.clear();
    this.#points.held = 0;
    if (this.#lastError) throw this.#lastError;
  }

  async #sendHeld(): Promise<void> {
    if (this.#held.size > 0) await this.#exportNow({ resource: undefined, scopeMetrics: [] });
  }

  async #exportNow({
    resource,
    scopeMetrics,
  }: Pick<ResourceMetrics, 'scopeMetrics'> & { resource: ResourceMetrics['resource'] | undefined }): Promise<
    StatsdError | undefined
  > {
    this.#exportNumber++;
    const batch = new StatsdBatch(this.#store, this.#sender, this.#mtuBytes, this.#policy);
    const owners: Owners = { streams: [], points: [] };
    const resourceTags = this.#resourceAttributes.map((key) => [key, resource?.attributes[key]] as const);
    for (const { scope, metrics } of scopeMetrics) {
      const scopeKey = JSON.stringify([scope.name, scope.version ?? '', scope.schemaUrl ?? '']);
      for (const metric of metrics) this.#addMetric(batch, owners, scopeKey, metric, resourceTags);
    }
    for (const stream of this.#held) {
      if (stream.exportNumber === this.#exportNumber) continue;
      this.#own(batch, owners, stream, 0);
      this.#writer.writeDue(batch, stream);
    }
    batch.seal();
    const announcement = this.#slots === undefined ? NOTHING : batch.announcement;
    if (announcement.size > 0) await this.#slots?.announce(announcement);
    const result = await batch.send((owner, fate) => {
      const stream = owners.streams[owner]!;
      const points = owners.points[owner]!;
      owners.points[owner] = 0;
      if (fate === 'held') this.#hold(stream, points);
      else this.#points.drop(fate, points);
    });
    for (const points of owners.points) this.#points.forwarded += points;
    if (announcement.size > 0) await this.#slots?.settle(this.#heldRecordings());
    const { linesFailed, failure } = result;
    this.#lastError =
      failure === undefined
        ? undefined
        : new StatsdError('SEND_FAILED', `${linesFailed} StatsD lines were not delivered (${failure})`);
    return this.#lastError;
  }

  #addMetric(
    batch: StatsdBatch,
    owners: Owners,
    scopeKey: string,
    metric: MetricData,
    resourceTags: readonly (readonly [string, TagValue])[],
  ): void {
    const { name, unit } = metric.descriptor;
    const family = this.#streams.family(scopeKey, name, shapeOf(metric, this.#histograms), unit);
    for (const point of metric.dataPoints) {
      this.#points.received++;
      const stream = this.#streams.find(family, resourceTags, point.attributes);
      if (typeof stream === 'string') {
        this.#points.drop(stream);
        continue;
      }
      // Taking back an increment is exact only while there is one per series and batch.
      if (stream.exportNumber === this.#exportNumber) {
        this.#points.drop('duplicate_point');
        continue;
      }
      if (stream.slot >= 0) this.#claim(stream);
      this.#own(batch, owners, stream, 1);
      const outcome = this.#writer.write(batch, stream, metric, point);
      if (outcome === 'packed' || outcome === 'unchanged') continue;
      owners.points[owners.points.length - 1]!--;
      this.#points.drop(outcome);
    }
  }

  #claim(stream: Stream): void {
    this.#slots?.claim(stream.key, stream.slot);
    if (stream.sumSlot >= 0) this.#slots?.claim(`${stream.key}.sum`, stream.sumSlot);
  }

  /** Gives the lines that follow to a stream: `points` new ones, and those it holds. */
  #own(batch: StatsdBatch, owners: Owners, stream: Stream, points: number): void {
    stream.exportNumber = this.#exportNumber;
    batch.own(owners.streams.length);
    owners.streams.push(stream);
    owners.points.push(points + stream.heldPoints);
    this.#points.held -= stream.heldPoints;
    stream.heldPoints = 0;
    this.#held.delete(stream);
  }

  #hold(stream: Stream, points: number): void {
    stream.heldPoints = points;
    this.#points.held += points;
    this.#held.add(stream);
  }

  #heldRecordings(): Map<number, number> {
    const held = new Map<number, number>();
    for (const { slot, backlog } of this.#held) if (backlog.total > 0) held.set(slot, backlog.total);
    return held;
  }

  #refuse(points: number): void {
    this.#points.received += points;
    this.#points.drop('closed', points);
  }
}

function oneOf<T extends string>(option: string, value: T, allowed: readonly T[]): T {
  if (allowed.includes(value)) return value;
  throw new StatsdError('INVALID_OPTION', `${option} is "${value}"; one of ${allowed.join(', ')} is needed`);
}
