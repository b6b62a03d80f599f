/** What became of points: received = forwarded + held + dropped, whenever nothing is on its way. */
export class PointLedger<Cause extends string> {
  received = 0;
  forwarded = 0;
  held = 0;
  readonly #dropped = new Map<Cause, number>();

  constructor(causes: readonly Cause[]) {
    for (const cause of causes) this.#dropped.set(cause, 0);
  }

  drop(cause: Cause, count: number = 1): void {
    this.#dropped.set(cause, (this.#dropped.get(cause) ?? 0) + count);
  }

  /** By cause; every cause given at the start is there, with 0 if need be. */
  dropped(): Record<Cause, number> {
    return Object.fromEntries(this.#dropped) as Record<Cause, number>;
  }
}
