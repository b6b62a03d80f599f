import { diag } from '@opentelemetry/api';
import { createAggregator } from './aggregation/aggregation.ts';
import type { Arena } from './arena/arena.ts';
import type { Clock } from './clock.ts';
import type { ChangingMetric } from './collect/changes.ts';
import type { Collection } from './collect/collection.ts';
import type { Collector } from './collect/collector.ts';
import type { Behaviour } from './compatibility/behaviour.ts';
import { type InstrumentationScope, scopeKey } from './collect/scope.ts';
import type { Steps } from './collect/steps.ts';
import { InstrumentType, type MetricData, type ScopeMetrics } from './data-types.ts';
import type { DropCounts } from './drop-counts.ts';
import { chooseReservoir } from './exemplar/choose-reservoir.ts';
import type { ExemplarSampling } from './exemplar/exemplar-sampling.ts';
import { ExemplarStore } from './exemplar/exemplar-store.ts';
import { type InstrumentAdvice, type InstrumentDescriptor, instrumentKey, isInteger } from './instrument/descriptor.ts';
import type { InstrumentState, ProviderLife } from './instrument/target.ts';
import { CallbackRegistry } from './observable/callback-registry.ts';
import type { ObservableInstrument } from './observable/observable-instrument.ts';
import { ObservedHistogramStream } from './observable/observed-histogram-stream.ts';
import type { ObservingStream } from './observable/observed-stream.ts';
import type { Observations } from './observable/observations.ts';
import type { MetricStream } from './storage/metric-stream.ts';
import { SyncStorage, type SyncStorageOptions } from './storage/sync-storage.ts';
import { SyncStream } from './storage/sync-stream.ts';
import { differInLimit, planStreams, type Selectors, storageKey, type StreamPlan } from './stream-plan.ts';
import type { SeriesMessage } from './threads/messages.ts';
import type { ThreadLink } from './threads/thread-link.ts';
import type { ViewRegistry } from './view/view-registry.ts';

/** What the meters of a provider share. */
export interface ProviderState extends ProviderLife {
  readonly arena: Arena;
  readonly clock: Clock;
  readonly drops: DropCounts;
  readonly sampling: ExemplarSampling;
  readonly views: ViewRegistry;
  readonly behaviour: Behaviour;
  readonly collectors: readonly Collector[];
  /** Stands for readers while this thread has none: those to come, or those of the main thread. */
  readonly absent: readonly Selectors[];
  /** Of histograms, by scope and instrument; workers that start later take it over. */
  readonly advice: Map<string, InstrumentAdvice>;
  /** Of a worker thread to the main thread's provider. */
  readonly link: ThreadLink | undefined;
  /** Instruments keep nothing: the provider was shut down. */
  isInert: boolean;
}

interface ConnectedInstrument {
  readonly descriptor: InstrumentDescriptor;
  readonly state: InstrumentState;
  readonly createdMillis: number;
}

interface ConnectedObservable {
  readonly instrument: ObservableInstrument;
  readonly createdMillis: number;
}

export interface MeterCollection {
  readonly scopeMetrics?: ScopeMetrics;
  readonly errors: readonly unknown[];
}

/** Everything behind a meter: its instruments' storages, the streams of each reader, and the callbacks. */
export class MeterState {
  readonly scope: InstrumentationScope;
  readonly callbacks: CallbackRegistry = new CallbackRegistry();
  readonly #provider: ProviderState;
  readonly #storages = new Map<string, SyncStorage>();
  readonly #instruments: ConnectedInstrument[] = [];
  readonly #observables: ConnectedObservable[] = [];
  readonly #streams = new Map<Selectors, MetricStream[]>();
  readonly #observing = new Map<Selectors, Map<ObservableInstrument, ObservingStream[]>>();

  constructor(scope: InstrumentationScope, provider: ProviderState) {
    this.scope = scope;
    this.#provider = provider;
  }

  get drops(): DropCounts {
    return this.#provider.drops;
  }

  get life(): ProviderLife {
    return this.#provider;
  }

  get sampling(): ExemplarSampling {
    return this.#provider.sampling;
  }

  /**
   * The storages for a series of another thread: the one it means, and those for readers that came later with a limit of
   * their own, which the other thread cannot know.
   */
  storagesOf({ instrument, storageKey, limits }: SeriesMessage): SyncStorage[] {
    const meant = this.#storageOf(instrument, storageKey);
    const speaks = storageKey.endsWith(`,${limits[0]}]`);
    const unknown = [...this.#storages].filter(
      ([key, { limit }]) => speaks && !limits.includes(limit) && differInLimit(key, storageKey),
    );
    return [...(meant === undefined ? [] : [meant]), ...unknown.map(([, storage]) => storage)];
  }

  /**
   * The storage that another thread means by a {@link storageKey}. Where this thread has planned none, because it gave
   * the instrument other advice meanwhile, the readers get a stream more: nothing that was recorded is left out.
   */
  #storageOf(instrument: InstrumentDescriptor, key: string): SyncStorage | undefined {
    const known = this.#storages.get(key);
    if (known !== undefined) return known;
    const { collectors, absent, drops, sampling, clock } = this.#provider;
    const plans = this.#plan(instrument, collectors.length > 0 ? collectors : absent).filter(
      (plan) => storageKey(plan, this.#provider.views, plan.limit) === key,
    );
    if (plans.length === 0) return undefined;
    diag.warn(
      `metrics: histogram "${instrument.name}" has other advice in a worker thread than here, so its measurements there ` +
        'are a metric of their own; give both the same advice, or create it here before the thread starts',
    );
    const state: InstrumentState = {
      name: instrument.name,
      integer: isInteger(instrument),
      drops,
      sampling,
      life: this.#provider,
      storages: [],
      bare: undefined,
    };
    const connected: ConnectedInstrument = { descriptor: instrument, state, createdMillis: clock.now() };
    this.#instruments.push(connected);
    for (const plan of plans) this.#connectSync(plan, connected, plan.limit);
    return this.#storages.get(key);
  }

  /** A histogram has the advice with which the main thread made it first: threads must count in the same buckets. */
  settleAdvice(descriptor: InstrumentDescriptor): InstrumentDescriptor {
    if (descriptor.type !== InstrumentType.HISTOGRAM) return descriptor;
    const key = `${scopeKey(this.scope)} ${instrumentKey(descriptor)}`;
    const { advice } = this.#provider;
    const settled = advice.get(key);
    if (settled !== undefined) return { ...descriptor, advice: settled };
    advice.set(key, descriptor.advice);
    return descriptor;
  }

  get storages(): Iterable<SyncStorage> {
    return this.#storages.values();
  }

  /** Connects a synchronous instrument to every reader, those to come included, by giving it storages to write to. */
  connect(descriptor: InstrumentDescriptor, state: InstrumentState): void {
    if (this.#provider.isInert) return;
    const instrument: ConnectedInstrument = { descriptor, state, createdMillis: this.#provider.clock.now() };
    this.#instruments.push(instrument);
    const { collectors } = this.#provider;
    for (const plan of this.#plan(descriptor, collectors.length > 0 ? collectors : this.#provider.absent)) {
      this.#connectSync(plan, instrument, plan.limit);
    }
  }

  /** The instrument, connected just now, as the program gets it. */
  asGiven<I extends object>(instrument: I, descriptor: InstrumentDescriptor): I {
    const latest = this.#instruments.at(-1);
    if (latest?.descriptor !== descriptor) return instrument;
    return this.#provider.behaviour.instrument(instrument, latest.state);
  }

  /** Connects an observable instrument to every reader, those to come included. */
  connectObservable(instrument: ObservableInstrument): void {
    if (this.#provider.isInert) return;
    const createdMillis = this.#provider.clock.now();
    this.#observables.push({ instrument, createdMillis });
    for (const plan of this.#plan(instrument.descriptor, this.#provider.collectors)) {
      this.#connectObserving(plan, instrument, createdMillis);
    }
  }

  /** Connects every instrument there is to a reader that comes late. */
  addCollector(collector: Collector): void {
    for (const instrument of this.#instruments) {
      for (const plan of this.#plan(instrument.descriptor, [collector])) {
        this.#connectSync(plan, instrument, this.#limitOfStorageLike(plan));
      }
    }
    for (const { instrument, createdMillis } of this.#observables) {
      for (const plan of this.#plan(instrument.descriptor, [collector])) {
        this.#connectObserving(plan, instrument, createdMillis);
      }
    }
  }

  /** Runs the callbacks for one reader and reads that reader's streams. */
  async collect(collector: Collector, collection: Collection): Promise<MeterCollection> {
    const { observations, errors } = await this.callbacks.observe(collection.timeoutMillis);
    const read = collector.lane.run(this.#read(collector, collection, observations), collection.slice);
    const metrics = read instanceof Promise ? await read : read;
    return metrics.length === 0 ? { errors } : { scopeMetrics: { scope: this.scope, metrics }, errors };
  }

  *#read(
    collector: Collector,
    collection: Collection,
    observations: ReadonlyMap<ObservableInstrument, Observations>,
  ): Steps<MetricData[]> {
    collector.beginReading(collection);
    const { seriesTtlMillis } = collection;
    if (seriesTtlMillis !== Infinity) {
      for (const storage of this.#storages.values()) {
        yield* storage.retireIdle(collection.time().millis, seriesTtlMillis);
      }
    }
    const observing = this.#observing.get(collector);
    for (const [instrument, observed] of observations) {
      for (const stream of observing?.get(instrument) ?? []) yield* stream.observe(observed);
      instrument.forgetUnused(observed.size);
    }
    const metrics: MetricData[] = [];
    // A copy: instruments that are made at a pause are for the next collection.
    const streams = [...this.#streamsOf(collector)];
    for (const stream of streams) {
      const metric = yield* stream.collect(collection.time());
      if (metric === undefined) continue;
      const exported = this.#provider.behaviour.exported?.(metric);
      metrics.push(exported === undefined ? metric : yield* exported);
    }
    return metrics;
  }

  /** The streams of one reader whose changes it wants to visit. */
  selectedStreams(collector: Collector, select: (metric: ChangingMetric) => boolean): SyncStream[] {
    return this.#streamsOf(collector).filter(
      (stream): stream is SyncStream => stream instanceof SyncStream && stream.isSelected(this.scope, select),
    );
  }

  #place(stream: MetricStream, plan: StreamPlan): void {
    const { behaviour, views } = this.#provider;
    behaviour.place(this.#streamsOf(plan.collector), stream, plan, views.positionOf(plan.view) >= 0);
    this.#provider.arena.revise();
  }

  #streamsOf(collector: Selectors): MetricStream[] {
    let streams = this.#streams.get(collector);
    if (streams === undefined) this.#streams.set(collector, (streams = []));
    return streams;
  }

  #connectSync(plan: StreamPlan, instrument: ConnectedInstrument, limit: number): void {
    const { collector, descriptor } = plan;
    const key = storageKey(plan, this.#provider.views, limit);
    let storage = this.#storages.get(key);
    if (storage === undefined)
      this.#storages.set(key, (storage = this.#newStorage(plan, this.#announcer(instrument, key))));
    const { state, createdMillis } = instrument;
    if (!state.storages.includes(storage)) {
      state.storages = [...state.storages, storage];
      state.bare = undefined;
    }
    if (this.#provider.absent.includes(collector)) return;
    const streams = this.#streamsOf(collector);
    if (streams.some((stream) => stream instanceof SyncStream && stream.storage === storage)) return;
    this.#place(this.#newStream(plan, storage, descriptor, createdMillis), plan);
  }

  #connectObserving(plan: StreamPlan, instrument: ObservableInstrument, createdMillis: number): void {
    const { collector } = plan;
    const stream = this.#newObservingStream(plan, createdMillis);
    this.#place(stream, plan);
    let streams = this.#observing.get(collector);
    if (streams === undefined) this.#observing.set(collector, (streams = new Map()));
    streams.set(instrument, [...(streams.get(instrument) ?? []), stream]);
  }

  /**
   * A late reader shares what is recorded already, under the limit it was recorded with: handles bound before it came
   * write there, and only there.
   */
  #limitOfStorageLike(plan: StreamPlan): number {
    for (const storage of this.#storages.values()) {
      if (this.#storages.get(storageKey(plan, this.#provider.views, storage.limit)) === storage) return storage.limit;
    }
    return plan.limit;
  }

  #plan(instrument: InstrumentDescriptor, collectors: readonly Selectors[]): StreamPlan[] {
    const { views, behaviour } = this.#provider;
    return planStreams(instrument, this.scope, views, collectors, behaviour.overflowPlaces);
  }

  /** In a linked worker thread, tells the main thread of every new series. */
  #announcer(instrument: ConnectedInstrument, key: string): SyncStorageOptions['onSeries'] {
    const { link } = this.#provider;
    if (link === undefined) return undefined;
    const { scope } = this;
    // Found at the first series, when the storages for all readers are there.
    let limits: readonly number[] | undefined;
    return (attributes, block) => {
      limits ??= [...this.#storages].filter(([other]) => differInLimit(other, key)).map(([, { limit }]) => limit);
      link.announceSeries({ scope, instrument: instrument.descriptor, storageKey: key, limits }, attributes, block);
    };
  }

  #newStorage(plan: StreamPlan, onSeries?: SyncStorageOptions['onSeries']): SyncStorage {
    const { arena, clock, behaviour } = this.#provider;
    const created = createAggregator(
      plan.aggregation,
      plan.descriptor.type,
      plan.view.rules.processors !== undefined || plan.view.rules.isMergedLater === true,
    );
    if (created === undefined) throw new Error('a dropped stream has no storage');
    const aggregator = behaviour.aggregator(created, plan);
    return new SyncStorage({
      aggregator,
      arena,
      clock,
      limit: plan.limit,
      rules: plan.view.rules,
      exemplars: new ExemplarStore({
        clock,
        createReservoir: chooseReservoir(plan.aggregation, plan.view.exemplarReservoir),
      }),
      onSeries,
    });
  }

  #newStream(
    plan: StreamPlan,
    storage: SyncStorage,
    descriptor: InstrumentDescriptor,
    createdMillis: number,
  ): SyncStream {
    return new SyncStream({
      descriptor,
      storage,
      selectTemporality: () => plan.collector.selectTemporality(descriptor.type),
      createdMillis,
      deltaStarts: this.#provider.behaviour.deltaStarts(),
    });
  }

  #newObservingStream(plan: StreamPlan, createdMillis: number): ObservingStream {
    const { collector, descriptor, aggregation, limit, view } = plan;
    if (aggregation.kind === 'explicit' || aggregation.kind === 'exponential') {
      const storage = this.#newStorage(plan);
      return new ObservedHistogramStream(storage, this.#newStream(plan, storage, descriptor, createdMillis));
    }
    if (aggregation.kind === 'drop') throw new Error('a dropped stream observes nothing');
    return this.#provider.behaviour.observedStream({
      descriptor,
      aggregation: aggregation.kind,
      limit,
      drops: this.drops,
      rules: view.rules,
      selectTemporality: () => collector.selectTemporality(descriptor.type),
      createdMillis,
    });
  }
}
