import { diag } from '@opentelemetry/api';

/** Why a collected point is not in an exposition. */
export const DROP_CAUSES = [
  /** A family of the same name has another type, or uses one of its samples' names. */
  'type_conflict',
  /** An earlier series of the family has the same labels. */
  'name_collision',
  /** Prometheus has no form for what happened since the last collection. */
  'delta_temporality',
  /** An exponential histogram coarser than Prometheus' coarsest schema. */
  'scale_out_of_range',
  /** The value is not what its metric says, or the kind of metric is unknown. */
  'invalid_point',
] as const;

export type DropCause = (typeof DROP_CAUSES)[number];

/** Points that were left out, by cause. Each cause of each metric is logged once. */
export class DropCounts {
  readonly #counts = new Map<DropCause, number>();
  readonly #warned = new Set<string>();
  readonly #warningLimit: number;

  /** Warns about at most `warningLimit` different things. */
  constructor(warningLimit = 1000) {
    this.#warningLimit = warningLimit;
  }

  of(cause: DropCause): number {
    return this.#counts.get(cause) ?? 0;
  }

  count(cause: DropCause, points: number, metric: string): void {
    this.#counts.set(cause, this.of(cause) + points);
    this.warnOnce(`${cause} ${metric}`, `"${metric}" is not exported as it is: ${cause}`);
  }

  /** Logs `message` unless something was logged under `key` before. */
  warnOnce(key: string, message: string): void {
    if (this.#warned.has(key) || this.#warned.size >= this.#warningLimit) return;
    this.#warned.add(key);
    diag.warn(`prometheus: ${message}`);
  }
}
