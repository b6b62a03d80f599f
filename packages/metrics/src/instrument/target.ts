import type { Attributes, Context } from '@opentelemetry/api';
import type { DropCounts } from '../drop-counts.ts';
import type { SyncStorage } from '../storage/sync-storage.ts';

/** Where a bound instrument writes: a series, or one of the stand-ins below. */
export interface Target {
  apply(value: number): void;
}

/** Several streams of one instrument, or none at all. */
class TargetGroup implements Target {
  readonly #targets: readonly Target[];

  constructor(targets: readonly Target[]) {
    this.#targets = targets;
  }

  apply(value: number): void {
    const targets = this.#targets;
    for (let i = 0; i < targets.length; i++) targets[i]!.apply(value);
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

  apply(): void {
    this.#drops.count('invalid_attributes', this.#name);
  }
}

/** What an instrument writes to and how it names itself when it drops something. */
export interface InstrumentState {
  readonly name: string;
  readonly integer: boolean;
  readonly drops: DropCounts;
  /** One per stream; empty when every stream is dropped or nobody reads. */
  readonly storages: readonly SyncStorage[];
}

/** Resolves attributes for `bind`: attribute rules and the cardinality decision apply now, once (specification, bind). */
export function bindTarget(state: InstrumentState, attributes: Attributes | undefined, context?: Context): Target {
  const targets: Target[] = [];
  for (const storage of state.storages) {
    targets.push(storage.resolve(attributes, context) ?? new RefusingTarget(state.drops, state.name));
  }
  return targets.length === 1 ? targets[0]! : new TargetGroup(targets);
}
