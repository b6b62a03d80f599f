import type { DeltaStore } from './delta-store.ts';
import { type SavedSlot, StateFile } from './state-file.ts';

const NONE: ReadonlyMap<number, number> = new Map();

/**
 * Keeps the slots of a {@link DeltaStore} in a file. A batch is announced before it is sent and settled afterwards: when
 * the process dies in between, the next one finds the announcement and knows that these increments may have arrived.
 */
export class PersistentSlots {
  readonly #file: StateFile;
  readonly #store: DeltaStore;
  readonly #onTrouble: (why: string) => void;
  readonly #slots = new Map<string, number>();
  /** Of a former exporter, not yet claimed by a series of this one. */
  readonly #former: Map<string, SavedSlot>;
  #uncertain = 0;
  #writesFailed = 0;
  #writeFailing = false;

  /**
   * Reads the file; `unconfirmed` says whether increments that may have arrived count as such, or are due again. Of more
   * than `limit` slots the ones that have gone unclaimed longest are forgotten.
   */
  constructor(
    path: string,
    store: DeltaStore,
    limit: number,
    unconfirmed: 'drop' | 'resend',
    onTrouble: (why: string) => void,
  ) {
    this.#file = new StateFile(path);
    this.#store = store;
    this.#onTrouble = onTrouble;
    this.#former = this.#file.read((why) => onTrouble(`state file ${path} is damaged: ${why}; counters begin anew`));
    let excess = this.#former.size - limit;
    for (const [key, slot] of this.#former) {
      if (excess-- > 0) {
        this.#former.delete(key);
        continue;
      }
      if (slot.sent === slot.sentBefore) continue;
      this.#uncertain++;
      const sent = unconfirmed === 'resend' ? slot.sentBefore : slot.sent;
      this.#former.set(key, { ...slot, sent, sentBefore: sent });
    }
  }

  /** Increments of which a former exporter did not learn whether they arrived. */
  get uncertain(): number {
    return this.#uncertain;
  }

  /** How often the file could not be written. */
  get writesFailed(): number {
    return this.#writesFailed;
  }

  /** Ties a slot to a series, and continues what a former exporter knew of it. */
  claim(key: string, slot: number): void {
    if (slot < 0 || this.#slots.has(key)) return;
    this.#slots.set(key, slot);
    const former = this.#former.get(key);
    if (former === undefined) return;
    this.#former.delete(key);
    this.#store.restore(slot, former);
  }

  /** Writes that something of these slots is on its way; the values are what each had sent before. Resolves also when it cannot: sending goes on. */
  announce(sentBefore: ReadonlyMap<number, number>): Promise<void> {
    return this.#write(sentBefore, NONE);
  }

  /** Writes what is known after a batch; `held` is what of a slot's sent value waits in memory. Resolves also when it cannot. */
  settle(held: ReadonlyMap<number, number>): Promise<void> {
    return this.#write(NONE, held);
  }

  async #write(before: ReadonlyMap<number, number>, held: ReadonlyMap<number, number>): Promise<void> {
    // What no series has claimed stays: the series may come later, with its old total.
    const saved = new Map(this.#former);
    for (const [key, slot] of this.#slots) {
      const state = this.#store.state(slot);
      if (state === undefined) continue;
      const sent = state.sent - (held.get(slot) ?? 0);
      saved.set(key, { ...state, sent, sentBefore: before.get(slot) ?? sent });
    }
    try {
      await this.#file.write(saved);
      this.#writeFailing = false;
    } catch (error) {
      this.#writesFailed++;
      if (!this.#writeFailing) {
        this.#onTrouble(`the state file cannot be written: ${(error as Error).message}; a restart now may count twice`);
      }
      this.#writeFailing = true;
    }
  }
}
