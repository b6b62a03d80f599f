import { diag, type MeterOptions, type MeterProvider as ApiMeterProvider } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import { Arena } from './arena/arena.ts';
import { type Clock, SYSTEM_CLOCK } from './clock.ts';
import { Collector, type CollectorOptions } from './collect/collector.ts';
import { type InstrumentationScope, scopeKey } from './collect/scope.ts';
import { type GiveWay, SYSTEM_TURNS, Turns } from './collect/turns.ts';
import type { Compatibility } from './compatibility/behaviour.ts';
import { behaviourOf } from './compatibility/behaviour-of.ts';
import type { IMetricReader } from './data-types.ts';
import { DropCounts } from './drop-counts.ts';
import { MetricsError } from './errors.ts';
import { type ExemplarFilter, exemplarFilter } from './exemplar/exemplar-filter.ts';
import { ExemplarSampling } from './exemplar/exemplar-sampling.ts';
import { Meter } from './meter.ts';
import { MeterState, type ProviderState } from './meter-state.ts';
import { defaultResource } from './resource.ts';
import type { SyncStorage } from './storage/sync-storage.ts';
import { ComponentNames, observeReader } from './self-observation/observe-reader.ts';
import { observeItself } from './self-observation/own-metrics.ts';
import { type MeterProviderStats, statsOf } from './self-observation/provider-stats.ts';
import { VERSION } from './version.ts';
import { nobodyYet } from './stream-plan.ts';
import { ProviderThreads } from './threads/provider-threads.ts';
import { ThreadLink } from './threads/thread-link.ts';
import type { ViewOptions } from './view/view-options.ts';
import { ViewRegistry } from './view/view-registry.ts';

export interface MeterProviderOptions {
  /** Describes the process; without it the service is called `unknown_service:<program>`. */
  resource?: Resource;
  /** Anything with the methods of OpenTelemetry's `IMetricReader`, whichever copy of the SDK it comes from. */
  readers?: IMetricReader[];
  views?: ViewOptions[];
  /**
   * Lets `advice.exponentialMaxSize` of a histogram decide where a reader asks for the default aggregation. Off by
   * default, because the stock Prometheus exporter cannot print exponential histograms.
   */
  exponentialAdvice?: boolean;
  /**
   * Exports metrics about this provider (`nanometer.sdk.*`) and its readers (`otel.sdk.*`): the SDK's readers, and the
   * exporters of its periodic reader, observe themselves with this provider. Off by default, as in the stock SDK.
   */
  sdkMetricsEnabled?: boolean;
  /** Milliseconds an asynchronous callback may take when the reader sets no limit; 30,000 by default. */
  callbackTimeoutMillis?: number;
  /**
   * Forgets series that were not recorded for this many milliseconds, as `remove` of an instrument does; never by
   * default. Looked at when a reader collects.
   */
  seriesTtlMillis?: number;
  /**
   * Which measurements may become exemplars; `trace_based` by default, unless `OTEL_METRICS_EXEMPLAR_FILTER` says
   * otherwise. `always_off` makes recording indifferent to contexts.
   */
  exemplarFilter?: ExemplarFilter;
  /**
   * Lets worker threads that start after this provider record into it; on by default. Costs an unreferenced channel
   * per process.
   */
  threads?: boolean;
  /**
   * `js` has the provider do what the stock SDK does where that deviates from the specification: the cardinality limit
   * counts the overflow series, sets no longer observed stay exported, and what else its own tests see. The
   * specification is followed by default.
   */
  compatibility?: Compatibility;
  /**
   * Milliseconds a collection works before it lets the event loop turn, 1 by default; 0 or Infinity read everything at
   * once. A collection that takes less is not interrupted, nor is one of fewer than 64 series.
   */
  collectionSliceMillis?: number;
  /** Source of time, for tests. */
  clock?: Clock;
  /** Called between two slices of a collection to have it resumed, for tests; `setImmediate` by default. */
  giveWay?: GiveWay;
}

const DEFAULT_CALLBACK_TIMEOUT_MILLIS = 30_000;
const DEFAULT_SLICE_MILLIS = 1;

/**
 * OpenTelemetry's MeterProvider on flat shared memory: a drop-in for the one of `@opentelemetry/sdk-metrics`.
 * The constructor throws {@link MetricsError} for options that make no sense; nothing that records ever throws.
 */
export class MeterProvider implements ApiMeterProvider {
  readonly #state: ProviderState;
  readonly #collectorOptions: Omit<CollectorOptions, 'reader'>;
  readonly #sdkMetricsEnabled: boolean;
  readonly #collectors: Collector[] = [];
  readonly #meters = new Map<string, MeterState>();
  readonly #meterObjects = new Map<MeterState, Meter>();
  readonly #componentNames = new ComponentNames();
  readonly #threads: ProviderThreads | undefined = undefined;

  constructor(options: MeterProviderOptions = {}) {
    const clock = options.clock ?? SYSTEM_CLOCK;
    const callbackTimeoutMillis = options.callbackTimeoutMillis ?? DEFAULT_CALLBACK_TIMEOUT_MILLIS;
    if (!(callbackTimeoutMillis > 0)) {
      throw new MetricsError('invalid_option', `callbackTimeoutMillis must be above 0, got ${callbackTimeoutMillis}`);
    }
    const seriesTtlMillis = options.seriesTtlMillis ?? Infinity;
    if (!(seriesTtlMillis > 0)) {
      throw new MetricsError('invalid_option', `seriesTtlMillis must be above 0, got ${seriesTtlMillis}`);
    }
    const sliceMillis = options.collectionSliceMillis ?? DEFAULT_SLICE_MILLIS;
    if (!(sliceMillis >= 0)) {
      throw new MetricsError(
        'invalid_option',
        `collectionSliceMillis must be above 0, or 0 for collections at once, got ${sliceMillis}`,
      );
    }
    const exponentialAdvice = options.exponentialAdvice ?? false;
    const filter = exemplarFilter(options.exemplarFilter);
    const link = (options.readers ?? []).length === 0 ? ThreadLink.open() : undefined;
    const views = link?.views ?? options.views ?? [];
    const drops = new DropCounts();
    const behaviour = behaviourOf(link?.compatibility ?? options.compatibility ?? 'specification');
    this.#state = {
      arena: new Arena(),
      clock,
      drops,
      // No one reads the exemplars of a thread that records for another.
      sampling: new ExemplarSampling(link === undefined ? filter : 'always_off'),
      views: new ViewRegistry(behaviour.views(views)),
      behaviour,
      collectors: this.#collectors,
      absent: link?.selectors ?? [nobodyYet(exponentialAdvice)],
      advice: link?.advice ?? new Map(),
      link,
      isInert: false,
    };
    link?.announceDrops(drops.buffer);
    if (options.threads ?? true) this.#threads = this.#openThreads(views);
    this.#collectorOptions = {
      resource: options.resource ?? defaultResource(),
      clock,
      arena: this.#state.arena,
      callbackTimeoutMillis,
      exponentialAdvice,
      seriesTtlMillis,
      sliceMillis: sliceMillis === 0 ? Infinity : sliceMillis,
      turns: options.giveWay === undefined ? SYSTEM_TURNS : new Turns(options.giveWay),
      beforeCollect: () => this.#threads?.drain(),
      meters: this.#meters,
    };
    this.#sdkMetricsEnabled = options.sdkMetricsEnabled ?? false;
    if (this.#sdkMetricsEnabled) observeItself(this.#ownMeter, () => this.stats());
    for (const reader of options.readers ?? []) this.#connect(reader);
    this.#threads?.configure(this.#collectors);
  }

  /**
   * Connects a reader, at any time: instruments that exist come alive for it, with what they recorded so far. It shares
   * the series of readers that want the same aggregation; one that wants another gets what is recorded from now on,
   * except through handles bound before.
   */
  addReader(reader: IMetricReader): void {
    this.#connect(reader);
    this.#threads?.configure(this.#collectors);
  }

  #connect(reader: IMetricReader): void {
    const collector = new Collector({ ...this.#collectorOptions, reader });
    reader.setMetricProducer(collector);
    this.#collectors.push(collector);
    for (const meter of this.#meters.values()) meter.addCollector(collector);
    if (!this.#sdkMetricsEnabled) return;
    collector.observer = observeReader(reader, this, this.#ownMeter, this.#componentNames);
  }

  /** Returns the meter of an instrumentation scope; the same one for the same name, version and schema URL. */
  getMeter(name: string, version = '', options: MeterOptions = {}): Meter {
    let usedName = name;
    if (typeof name !== 'string' || name.length === 0) {
      diag.warn('metrics: a meter needs the name of its instrumentation scope; used an empty one');
      usedName = '';
    }
    const scope: InstrumentationScope = {
      name: usedName,
      version,
      ...(options.schemaUrl === undefined ? {} : { schemaUrl: options.schemaUrl }),
    };
    if (this.#state.isInert) {
      diag.warn('metrics: getMeter after shutdown; its instruments record nothing');
      return new Meter(new MeterState(scope, this.#state));
    }
    const key = scopeKey(scope);
    let state = this.#meters.get(key);
    if (state === undefined) this.#meters.set(key, (state = new MeterState(scope, this.#state)));
    let meter = this.#meterObjects.get(state);
    if (meter === undefined) this.#meterObjects.set(state, (meter = new Meter(state)));
    return meter;
  }

  /** Has every reader send what it has. Waits for all of them, then rejects if any failed. */
  async forceFlush(options?: { timeoutMillis?: number }): Promise<void> {
    if (this.#state.isInert) {
      diag.warn('metrics: forceFlush after shutdown does nothing');
      return;
    }
    await this.#forEachReader('forceFlush', async (reader) => reader.forceFlush(options));
  }

  /** Shuts every reader down, flushing it. Waits for all of them, then rejects if any failed. Later calls do nothing. */
  async shutdown(options?: { timeoutMillis?: number }): Promise<void> {
    if (this.#state.isInert) {
      diag.warn('metrics: shutdown was called before');
      return;
    }
    this.#state.isInert = true;
    this.#threads?.close();
    this.#state.link?.close();
    await this.#forEachReader('shutdown', async (reader) => reader.shutdown(options));
  }

  /** Counts what the provider holds and what it dropped. */
  stats(): MeterProviderStats {
    this.#threads?.drain();
    return statsOf({
      storages: this.#storages(),
      drops: this.#state.drops,
      arena: this.#state.arena,
      workerArenaBytes: this.#threads?.arenaBytes ?? 0,
    });
  }

  *#storages(): Generator<SyncStorage> {
    for (const meter of this.#meters.values()) yield* meter.storages;
  }

  #openThreads(views: readonly ViewOptions[]): ProviderThreads | undefined {
    return ProviderThreads.open(views, this.#state, {
      drops: this.#state.drops,
      storagesOf: (message) => {
        const { scope, instrument } = message;
        const { schemaUrl } = scope;
        const meter = this.getMeter(scope.name, scope.version, schemaUrl === undefined ? {} : { schemaUrl });
        meter.adopt(instrument);
        return this.#meters.get(scopeKey(scope))?.storagesOf(message) ?? [];
      },
      storages: () => this.#storages(),
    });
  }

  get #ownMeter(): Meter {
    return this.getMeter('@nanometer/metrics', VERSION);
  }

  async #forEachReader(operation: string, act: (reader: IMetricReader) => Promise<void>): Promise<void> {
    const outcomes = await Promise.allSettled(this.#collectors.map(async ({ reader }) => act(reader)));
    const reasons = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
    if (reasons.length === 1) throw reasons[0];
    if (reasons.length > 1) throw new AggregateError(reasons, `${operation} failed for ${reasons.length} readers`);
  }
}
