import type { Attributes, Observable, ObservableCallback } from '@opentelemetry/api';
import { AttributeMap } from '../attributes/attribute-map.ts';
import type { DropCounts } from '../drop-counts.ts';
import { InstrumentType } from '../data-types.ts';
import { type InstrumentDescriptor, isInteger } from '../instrument/descriptor.ts';
import type { CallbackRegistry } from './callback-registry.ts';
import type { Observations } from './observations.ts';

/** An attribute set as a callback gave it, before any view. */
export interface ObservedSet {
  readonly attributes: Attributes;
}

/** Attribute sets remembered beyond those in use, before the memory of them is dropped. */
const SPARE_SETS = 1024;

/** An instrument whose value is asked for when a reader collects. */
export class ObservableInstrument implements Observable {
  readonly descriptor: InstrumentDescriptor;
  readonly #callbacks: CallbackRegistry;
  readonly #drops: DropCounts;
  readonly #integer: boolean;
  #sets = newSets();

  constructor(descriptor: InstrumentDescriptor, callbacks: CallbackRegistry, drops: DropCounts) {
    this.descriptor = descriptor;
    this.#callbacks = callbacks;
    this.#drops = drops;
    this.#integer = isInteger(descriptor);
  }

  /** Registers a callback; the same one twice counts once. */
  addCallback(callback: ObservableCallback): void {
    this.#callbacks.add(callback, this);
  }

  removeCallback(callback: ObservableCallback): void {
    this.#callbacks.remove(callback, this);
  }

  /** Takes one observation, or drops and counts it. Never throws. */
  accept(observations: Observations, value: number, attributes: Attributes | undefined): void {
    if (!this.#allows(value)) {
      this.#drops.refuse(value, this.descriptor.name);
      return;
    }
    const set = this.#sets.resolve(attributes);
    if (set === undefined) this.#drops.count('invalid_attributes', this.descriptor.name);
    else observations.set(set, this.#integer ? Math.trunc(value) : value);
  }

  /** Forgets attribute sets that are no longer observed; the memory stays proportional to what is in use. */
  forgetUnused(setsInUse: number): void {
    if (this.#sets.size > 2 * setsInUse + SPARE_SETS) this.#sets = newSets();
  }

  #allows(value: unknown): boolean {
    if (typeof value !== 'number') return false;
    const { type } = this.descriptor;
    // A last value may be NaN or infinite, the next one makes up for it; a sum or a whole number may not.
    if (type === InstrumentType.OBSERVABLE_GAUGE && !this.#integer) return true;
    return Number.isFinite(value) && (type !== InstrumentType.OBSERVABLE_COUNTER || value >= 0);
  }
}

function newSets(): AttributeMap<ObservedSet> {
  return new AttributeMap({ limit: Infinity, create: (attributes) => ({ attributes }) });
}
