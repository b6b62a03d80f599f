import type { Attributes, Context } from '@opentelemetry/api';
import { MEASUREMENT } from '../aggregation/measurement.ts';
import { NOT_FOUND } from '../attributes/attribute-trie.ts';
import type { DropCounts } from '../drop-counts.ts';
import { type ExemplarSampling, isUnwatched } from '../exemplar/exemplar-sampling.ts';
import type { SampledSeries } from '../exemplar/exemplar-store.ts';
import type { SyncStorage } from '../storage/sync-storage.ts';

const measurement = MEASUREMENT;

/** Whether a provider still exports. */
export interface ProviderLife {
  readonly isInert: boolean;
}

/** What an instrument writes to and how it names itself when it drops something. */
export interface InstrumentState {
  readonly name: string;
  /** Measurements are cut to whole numbers. */
  readonly integer: boolean;
  readonly drops: DropCounts;
  readonly sampling: ExemplarSampling;
  /** Ends when the provider is shut down. */
  readonly life: ProviderLife;
  /** One per stream; none when every stream is dropped. A reader that comes late may bring more. */
  storages: readonly SyncStorage[];
  /** Where measurements without attributes go, once there was one and if no view adds attributes to it. */
  bare: Target | undefined;
}

/** Whether anything becomes of a measurement (specification, Enabled). */
export function isEnabled(state: InstrumentState): boolean {
  return state.storages.length > 0 && !state.life.isInert;
}

/** Where a bound instrument writes: a series, or one of the stand-ins below. */
export interface Target {
  /** Records `MEASUREMENT`. */
  record(): void;
}

/** Several streams of one instrument, or none at all. */
class TargetGroup implements Target {
  readonly #targets: readonly Target[];

  constructor(targets: readonly Target[]) {
    this.#targets = targets;
  }

  record(): void {
    const value = measurement[0]!;
    const targets = this.#targets;
    for (let i = 0; i < targets.length; i++) {
      // A histogram takes the cell apart while it records.
      measurement[0] = value;
      targets[i]!.record();
    }
  }
}

/** Stands in for a series whose attributes could not be read. */
class RefusingTarget implements Target {
  readonly #drops: DropCounts;
  readonly #name: string;

  constructor(drops: DropCounts, name: string) {
    this.#drops = drops;
    this.#name = name;
  }

  record(): void {
    this.#drops.count('invalid_attributes', this.#name);
  }
}

/** A series held by a handle. */
interface Pin {
  readonly storage: SyncStorage;
  readonly position: number;
  /** The series as its exemplars see it, and what they say about the attributes that were bound. */
  readonly sampled: SampledSeries;
  readonly attributesBeyond: Attributes;
}

/** Lets series go when the program lets go of the handle that holds them. */
const PINS = new FinalizationRegistry<readonly Pin[]>((pins) => {
  for (const { storage, position } of pins) storage.unpin(position);
});

/** What `bind` found. */
export class Binding {
  readonly target: Target;
  readonly pins: readonly Pin[];
  readonly #sampling: ExemplarSampling;

  constructor(target: Target, pins: readonly Pin[], sampling: ExemplarSampling) {
    this.target = target;
    this.pins = pins;
    this.#sampling = sampling;
  }

  /** Records `MEASUREMENT` and offers it to exemplar sampling, with the context of this call (specification, bind). */
  recordWatched(context: Context | undefined): void {
    // Without a local for the measurement unless there is a use for it: it would go on the heap.
    const eligible = this.#sampling.eligible(context);
    if (eligible === undefined) this.target.record();
    else this.#recordSampled(eligible);
  }

  #recordSampled(eligible: Context): void {
    const value = measurement[0]!;
    this.target.record();
    for (const { storage, sampled, attributesBeyond } of this.pins) {
      storage.exemplars.offer(sampled, value, attributesBeyond, eligible);
    }
  }
}

/** Resolves attributes for `bind`: attribute rules and the cardinality decision apply now, once (specification, bind). */
export function resolveBinding(state: InstrumentState, attributes: Attributes | undefined): Binding {
  const targets: Target[] = [];
  const pins: Pin[] = [];
  for (const storage of state.storages) {
    const position = storage.resolve(attributes, undefined);
    if (position === NOT_FOUND) targets.push(new RefusingTarget(state.drops, state.name));
    else {
      targets.push(storage.pin(position));
      const attributesBeyond = storage.attributesBeyond(position, attributes);
      pins.push({ storage, position, sampled: storage.sampledAt(position), attributesBeyond });
    }
  }
  return new Binding(targets.length === 1 ? targets[0]! : new TargetGroup(targets), pins, state.sampling);
}

/** Ties what was resolved to the life of the handle that writes to it. */
export function holdBinding<Handle extends object>(handle: Handle, { pins }: Binding): Handle {
  PINS.register(handle, pins);
  return handle;
}

/** Forgets the series of an attribute set in every stream of an instrument. */
export function removeSeries(state: InstrumentState, attributes: Attributes | undefined): void {
  for (const storage of state.storages) storage.remove(attributes);
}

/**
 * Records `MEASUREMENT` under attributes that no one resolved yet. Instruments keep their own methods small enough to
 * be inlined at the call site, and leave this, which is not, without a double among its arguments.
 */
export function recordUnbound(
  state: InstrumentState,
  attributes: Attributes | undefined,
  context: Context | undefined,
): void {
  const value = measurement[0]!;
  const { storages, sampling } = state;
  const eligible = isUnwatched(sampling.mode, context) ? undefined : sampling.eligible(context);
  if (attributes === undefined && state.bare === undefined && storages.every((storage) => !storage.isContextual)) {
    // Held for as long as the instrument lives.
    state.bare = resolveBinding(state, undefined).target;
  }
  for (let i = 0; i < storages.length; i++) {
    const storage = storages[i]!;
    const position = storage.resolve(attributes, context);
    if (position === NOT_FOUND) {
      state.drops.count('invalid_attributes', state.name);
      continue;
    }
    const series = storage.writerAt(position);
    measurement[0] = value;
    series.record();
    if (eligible === undefined) continue;
    const attributesBeyond = storage.attributesBeyond(position, attributes);
    storage.exemplars.offer(storage.sampledAt(position), value, attributesBeyond, eligible);
  }
}
