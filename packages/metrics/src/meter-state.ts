import { diag } from '@opentelemetry/api';
import {
  aggregationKey,
  createAggregator,
  resolveAggregation,
  type ResolvedAggregation,
} from './aggregation/aggregation.ts';
import type { Arena } from './arena/arena.ts';
import type { Clock } from './clock.ts';
import type { Collector } from './collect/collector.ts';
import type { InstrumentationScope } from './collect/scope.ts';
import type { MetricData, ScopeMetrics } from './data-types.ts';
import type { DropCounts } from './drop-counts.ts';
import { type InstrumentDescriptor, instrumentKey } from './instrument/descriptor.ts';
import { CallbackRegistry } from './observable/callback-registry.ts';
import type { ObservableInstrument } from './observable/observable-instrument.ts';
import { ObservedHistogramStream } from './observable/observed-histogram-stream.ts';
import { ObservedStream, type ObservingStream } from './observable/observed-stream.ts';
import type { CollectionTime, MetricStream } from './storage/metric-stream.ts';
import { SyncStorage } from './storage/sync-storage.ts';
import { SyncStream } from './storage/sync-stream.ts';
import type { View, ViewRegistry } from './view/view-registry.ts';

/** What the meters of a provider share. */
export interface ProviderState {
  readonly arena: Arena;
  readonly clock: Clock;
  readonly drops: DropCounts;
  readonly views: ViewRegistry;
  readonly collectors: readonly Collector[];
}

/** One stream of an instrument for one reader, with nothing left to decide. */
interface StreamPlan {
  readonly collector: Collector;
  readonly descriptor: InstrumentDescriptor;
  readonly view: View;
  readonly aggregation: ResolvedAggregation;
  readonly limit: number;
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
  readonly #streams = new Map<Collector, MetricStream[]>();
  readonly #observing = new Map<Collector, Map<ObservableInstrument, ObservingStream[]>>();

  constructor(scope: InstrumentationScope, provider: ProviderState) {
    this.scope = scope;
    this.#provider = provider;
  }

  get drops(): DropCounts {
    return this.#provider.drops;
  }

  get storages(): Iterable<SyncStorage> {
    return this.#storages.values();
  }

  /** Connects a synchronous instrument to every reader; returns what it must write to. */
  connect(instrument: InstrumentDescriptor): readonly SyncStorage[] {
    const storages = new Set<SyncStorage>();
    for (const plan of this.#plan(instrument)) {
      const { collector, descriptor, view, aggregation, limit } = plan;
      const key = JSON.stringify([
        instrumentKey(descriptor),
        this.#provider.views.positionOf(view),
        aggregationKey(aggregation),
        limit,
      ]);
      let storage = this.#storages.get(key);
      if (storage === undefined) this.#storages.set(key, (storage = this.#newStorage(plan)));
      storages.add(storage);
      const streams = this.#streamsOf(collector);
      if (!streams.some((stream) => stream instanceof SyncStream && stream.storage === storage)) {
        streams.push(this.#newStream(plan, storage, descriptor));
      }
    }
    return [...storages];
  }

  /** Connects an observable instrument to every reader. */
  connectObservable(instrument: ObservableInstrument): void {
    for (const plan of this.#plan(instrument.descriptor)) {
      const stream = this.#newObservingStream(plan);
      this.#streamsOf(plan.collector).push(stream);
      let streams = this.#observing.get(plan.collector);
      if (streams === undefined) this.#observing.set(plan.collector, (streams = new Map()));
      streams.set(instrument, [...(streams.get(instrument) ?? []), stream]);
    }
  }

  /** Runs the callbacks for one reader and reads that reader's streams. */
  async collect(collector: Collector, now: CollectionTime, timeoutMillis: number): Promise<MeterCollection> {
    const { observations, errors } = await this.callbacks.observe(timeoutMillis);
    const observing = this.#observing.get(collector);
    for (const [instrument, observed] of observations) {
      for (const stream of observing?.get(instrument) ?? []) stream.observe(observed);
      instrument.forgetUnused(observed.size);
    }
    const metrics: MetricData[] = [];
    for (const stream of this.#streamsOf(collector)) {
      const metric = stream.collect(now);
      if (metric !== undefined) metrics.push(metric);
    }
    return metrics.length === 0 ? { errors } : { scopeMetrics: { scope: this.scope, metrics }, errors };
  }

  #streamsOf(collector: Collector): MetricStream[] {
    let streams = this.#streams.get(collector);
    if (streams === undefined) this.#streams.set(collector, (streams = []));
    return streams;
  }

  #plan(instrument: InstrumentDescriptor): StreamPlan[] {
    const plans: StreamPlan[] = [];
    for (const view of this.#provider.views.viewsOf(instrument, this.scope)) {
      const descriptor = streamDescriptor(view, instrument);
      for (const collector of this.#provider.collectors) {
        const option = view.aggregation ?? collector.selectAggregation(instrument.type);
        const aggregation = resolveAggregation(option, instrument, collector.exponentialAdvice);
        if (aggregation.kind === 'drop') continue;
        const limit = view.limit ?? collector.selectCardinalityLimit(instrument.type);
        plans.push({ collector, descriptor, view, aggregation, limit });
      }
    }
    return plans;
  }

  #newStorage(plan: StreamPlan): SyncStorage {
    const { arena, clock } = this.#provider;
    const aggregator = createAggregator(plan.aggregation, plan.descriptor.type, arena);
    if (aggregator === undefined) throw new Error('a dropped stream has no storage');
    return new SyncStorage({ aggregator, arena, clock, limit: plan.limit, rules: plan.view.rules });
  }

  #newStream(plan: StreamPlan, storage: SyncStorage, descriptor: InstrumentDescriptor): SyncStream {
    return new SyncStream({
      descriptor,
      storage,
      selectTemporality: () => plan.collector.selectTemporality(descriptor.type),
      createdMillis: this.#provider.clock.now(),
    });
  }

  #newObservingStream(plan: StreamPlan): ObservingStream {
    const { collector, descriptor, aggregation, limit, view } = plan;
    if (aggregation.kind === 'explicit' || aggregation.kind === 'exponential') {
      const storage = this.#newStorage(plan);
      return new ObservedHistogramStream(storage, this.#newStream(plan, storage, descriptor));
    }
    if (aggregation.kind === 'drop') throw new Error('a dropped stream observes nothing');
    return new ObservedStream({
      descriptor,
      aggregation: aggregation.kind,
      limit,
      drops: this.drops,
      rules: view.rules,
      selectTemporality: () => collector.selectTemporality(descriptor.type),
      createdMillis: this.#provider.clock.now(),
    });
  }
}

function streamDescriptor(view: View, instrument: InstrumentDescriptor): InstrumentDescriptor {
  if (view.name === undefined && view.description === undefined) return instrument;
  const { type, unit, valueType, advice } = instrument;
  const name = view.name ?? instrument.name;
  const description = view.description ?? instrument.description;
  return { name, description, type, unit, valueType, advice };
}

/** Says that two instruments of one name disagree, and how; both keep working and both are exported. */
export function warnOfConflict(first: InstrumentDescriptor, second: InstrumentDescriptor): void {
  const fields = ['type', 'unit', 'valueType', 'description'] as const;
  const differences = fields
    .filter((field) => first[field] !== second[field])
    .map((field) => `${field} "${first[field]}" and "${second[field]}"`);
  diag.warn(
    `metrics: two instruments of one meter are called "${first.name}" but differ in ${differences.join(', ')}; ` +
      'rename one of them, or give one stream another name with a view',
  );
}
