import type { Inhibition } from '../rules/rule.ts';
import { hasLabels } from './held-alert.ts';

type Labels = Readonly<Record<string, string>>;

/** Knows which alerts are explained by others that fire; asking is a lookup, however many fire. */
export class Inhibitor {
  readonly #inhibitions: readonly { readonly inhibition: Inhibition; readonly sources: Map<string, number> }[];

  constructor(inhibitions: readonly Inhibition[]) {
    this.#inhibitions = inhibitions.map((inhibition) => ({ inhibition, sources: new Map<string, number>() }));
  }

  /** An alert with these labels has begun (1) or ended (-1) to fire. */
  count(labels: Labels, change: 1 | -1): void {
    for (const { inhibition, sources } of this.#inhibitions) {
      if (!hasLabels(labels, inhibition.source)) continue;
      const key = keyOf(labels, inhibition.equal);
      const count = (sources.get(key) ?? 0) + change;
      if (count > 0) sources.set(key, count);
      else sources.delete(key);
    }
  }

  /** Whether another alert that fires explains this one. One that is a source as well is not explained by its kind. */
  isInhibited(labels: Labels): boolean {
    return this.#inhibitions.some(
      ({ inhibition, sources }) =>
        sources.size > 0 &&
        hasLabels(labels, inhibition.target) &&
        !hasLabels(labels, inhibition.source) &&
        sources.has(keyOf(labels, inhibition.equal)),
    );
  }
}

function keyOf(labels: Labels, equal: readonly string[]): string {
  return JSON.stringify(equal.map((name) => labels[name] ?? ''));
}
