import { type Contract, ShortfallAccount, type Side } from '@nanometer/quant';
import type { OrderVenue } from './order-venue.ts';

/** A parent order while it is worked. */
export interface Parent {
  readonly id: string;
  readonly contract: Contract;
  readonly venue: OrderVenue;
  readonly side: Side;
  readonly quantity: number;
  readonly decisionPrice: number;
  /** Mid when its first order was sent; NaN before. */
  arrivalPrice: number;
  readonly account: ShortfallAccount;
}

/** Open parent orders by id, the oldest forgotten beyond a limit. */
export class ParentBook {
  readonly #open = new Map<string, Parent>();
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#open.size;
  }

  find(id: string): Parent | undefined {
    return this.#open.get(id);
  }

  /** Opens a parent whose id is not open yet; true when the oldest had to be forgotten for it. */
  open(parent: Omit<Parent, 'account' | 'arrivalPrice'>): boolean {
    const oldest = this.#open.size >= this.#limit ? this.#open.keys().next().value : undefined;
    if (oldest !== undefined) this.#open.delete(oldest);
    this.#open.set(parent.id, { ...parent, arrivalPrice: Number.NaN, account: new ShortfallAccount() });
    return oldest !== undefined;
  }

  get all(): Iterable<Parent> {
    return this.#open.values();
  }

  close(parent: Parent): void {
    this.#open.delete(parent.id);
  }
}
