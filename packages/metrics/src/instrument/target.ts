import type { Attributes, Context } from '@opentelemetry/api';
import { MEASUREMENT } from '../aggregation/measurement.ts';
import type { DropCounts } from '../drop-counts.ts';
import type { SyncStorage } from '../storage/sync-storage.ts';

const measurement = MEASUREMENT;

/** What an instrument writes to and how it names itself when it drops something. */
export interface InstrumentState {
  readonly name: string;
  /** Measurements are cut to whole numbers. */
  readonly integer: boolean;
  readonly drops: DropCounts;
  /** One per stream; none when every stream is dropped. A reader that comes late may bring more. */
  storages: readonly SyncStorage[];
  /** Where measurements without attributes go, once there was one and if no view adds attributes to it. */
  bare: Target | undefined;
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

/** Resolves attributes for `bind`: attribute rules and the cardinality decision apply now, once (specification, bind). */
export function bindTarget(state: InstrumentState, attributes: Attributes | undefined, context?: Context): Target {
  const targets: Target[] = [];
  for (const storage of state.storages) {
    targets.push(storage.resolve(attributes, context) ?? new RefusingTarget(state.drops, state.name));
  }
  return targets.length === 1 ? targets[0]! : new TargetGroup(targets);
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
  const { storages } = state;
  if (attributes === undefined && storages.every((storage) => !storage.isContextual)) {
    state.bare = bindTarget(state, undefined);
  }
  for (let i = 0; i < storages.length; i++) {
    const series = storages[i]!.resolve(attributes, context);
    if (series === undefined) state.drops.count('invalid_attributes', state.name);
    else {
      measurement[0] = value;
      series.record();
    }
  }
}
