import {
  checkedDialect,
  DEFAULT_MTU_BYTES,
  DeltaStore,
  StatsdBatch,
  type StatsdError,
  UdpSender,
  type UdpSenderStats,
} from '@nanometer/exporter-statsd';
import type { Output } from '../ingest.ts';
import { Account, type DropCause } from '../ledger.ts';
import type { Series } from '../store/series.ts';
import { writeLines } from './statsd-lines.ts';
import type { BridgeStatsdOptions } from './statsd-options.ts';
import type { StatsdOutcome } from './statsd-outcome.ts';
import { StatsdNames, type StatsdSeries } from './statsd-series.ts';

/** A send under way: its series and how many points of each. */
interface Send {
  readonly states: readonly StatsdSeries[];
  readonly taken: Float64Array;
}

/**
 * StatsD over UDP. Points wait for the next flush, which sends one state per changed series: what they change is summed up, so
 * that a server that is away costs no memory per point. Those a sent state supersedes count as forwarded with it; what
 * could not be delivered stays held.
 */
export class StatsdOutput implements Output {
  readonly account: Account = new Account();
  readonly #mtuBytes: number;
  readonly #deltas: DeltaStore;
  readonly #names: StatsdNames;
  readonly #sender: UdpSender;
  // By series id.
  readonly #states: (StatsdSeries | DropCause | undefined)[] = [];
  #changed: StatsdSeries[] = [];
  #held = 0;
  #send: Send | undefined;

  /** Throws `StatsdError` `INVALID_OPTION`. */
  constructor(options: BridgeStatsdOptions, seriesLimit: number, onTrouble: (error: StatsdError) => void) {
    this.#mtuBytes = options.mtuBytes ?? DEFAULT_MTU_BYTES;
    const { initialValue = 'count', prefix = '' } = options;
    const { resourceAttributes = ['service.name', 'service.instance.id'] } = options;
    const dialect = checkedDialect(options.dialect ?? 'dogstatsd');
    this.#deltas = new DeltaStore({ limit: seriesLimit * 2, initialValue });
    this.#names = new StatsdNames({ dialect, prefix, resourceAttributes }, this.#deltas);
    this.#sender = new UdpSender({ ...options, onTrouble });
  }

  /** Points that wait for a send, or are on their way with one. */
  get held(): number {
    return this.#held;
  }

  /** Series that wait for a send. */
  get changedCount(): number {
    return this.#changed.length;
  }

  /** What the socket has done. */
  senderStats(): UdpSenderStats {
    return this.#sender.stats();
  }

  accept(series: Series): void {
    const state = (this.#states[series.id] ??= this.#names.open(series));
    if (typeof state === 'string') {
      this.account.drop(state);
      return;
    }
    this.#held++;
    state.pending++;
    this.#enqueue(state);
  }

  /** A series with points that wait is not to be forgotten: they would neither be sent nor counted. */
  holds({ id }: Series): boolean {
    const state = this.#states[id];
    return typeof state === 'object' && (state.queued || this.#send?.states.includes(state) === true);
  }

  forget({ id }: Series): void {
    const state = this.#states[id];
    this.#states[id] = undefined;
    if (typeof state === 'object') this.#names.close(state);
  }

  /**
   * Takes the first changed series as of their present state into a send; only one is under way at a time. Returns how to send it,
   * which never rejects and sends nothing before it is called.
   */
  take(seriesCount: number): () => Promise<StatsdOutcome> {
    const states = this.#changed.splice(0, seriesCount);
    const taken = new Float64Array(states.length);
    const batch = new StatsdBatch(this.#deltas, this.#sender, this.#mtuBytes);
    for (const [index, state] of states.entries()) {
      batch.own(index);
      taken[index] = state.pending;
      state.pending = 0;
      state.queued = false;
      const outcome = writeLines(batch, state);
      if (outcome === 'packed' || outcome === 'unchanged') continue;
      this.account.drop(outcome, taken[index]);
      this.#held -= taken[index];
      taken[index] = 0;
    }
    this.#send = { states, taken };
    return async () => {
      const failed = new Set<number>();
      await batch.send((index) => failed.add(index));
      return {
        unconfirmed: false,
        failed: [...failed].map((index) => {
          const { slot, sumSlot } = states[index]!;
          return { index, sent: this.#sent(slot), sentSum: this.#sent(sumSlot) };
        }),
      };
    };
  }

  #sent(slot: number): number {
    return slot < 0 ? 0 : this.#deltas.sent(slot);
  }

  /** Books what became of the send under way. */
  settle({ failed, unconfirmed }: StatsdOutcome): void {
    const { states, taken } = this.#send!;
    this.#send = undefined;
    for (const { index, sent, sentSum } of failed) {
      const state = states[index]!;
      if (state.slot >= 0) this.#deltas.rollback(state.slot, sent);
      if (state.sumSlot >= 0) this.#deltas.rollback(state.sumSlot, sentSum);
      state.pending += taken[index]!;
      taken[index] = 0;
      this.#enqueue(state);
    }
    for (const count of taken) {
      if (unconfirmed) this.account.drop('unconfirmed', count);
      else this.account.forwarded += count;
      this.#held -= count;
    }
  }

  #enqueue(state: StatsdSeries): void {
    if (state.queued) return;
    state.queued = true;
    this.#changed.push(state);
  }

  /** Drops what is held as `closed`: nobody will send it. */
  giveUp(): void {
    for (const state of this.#changed) this.account.drop('closed', state.pending);
    this.#changed = [];
    this.#held = 0;
  }

  /** Closes the socket. */
  close(): Promise<void> {
    return this.#sender.close();
  }
}
