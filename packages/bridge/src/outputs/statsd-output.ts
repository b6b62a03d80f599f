import {
  checkedDialect,
  DEFAULT_MTU_BYTES,
  DeltaStore,
  type Distribution,
  type OwnerFate,
  type SlotState,
  StatsdBatch,
  type StatsdError,
  UdpSender,
  type UdpSenderStats,
} from '@nanometer/exporter-statsd';
import type { Output } from '../ingest.ts';
import { Account, type DropCause } from '../ledger.ts';
import type { Series } from '../store/series.ts';
import { observeCounts, writeLines } from './statsd-lines.ts';
import type { BridgeStatsdOptions } from './statsd-options.ts';
import { type StatsdOutcome, UNCONFIRMED } from './statsd-outcome.ts';
import { StatsdNames, type StatsdSeries } from './statsd-series.ts';

/** A send under way: its series and how many points of each. */
interface Send {
  readonly states: readonly StatsdSeries[];
  readonly taken: Float64Array;
}

/** What is saved of one series: what the receiver has summed, and what waits. */
export interface SavedStatsd {
  readonly slot: SlotState | undefined;
  readonly sumSlot: SlotState | undefined;
  readonly pending: number;
  readonly before: Distribution | undefined;
  readonly beforeStart: number;
}

/** A send that was under way, by numbers of series. */
export interface SavedSend {
  readonly series: readonly number[];
  readonly taken: Float64Array;
}

/**
 * StatsD over UDP. Points wait for the next flush, which sends one state per changed series: what they change is summed up, also
 * over restarts of their producer, so that a server that is away costs no memory per point. Those a sent state supersedes count
 * as forwarded with it; what could not be delivered stays held.
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
  constructor(
    options: BridgeStatsdOptions,
    seriesLimit: number,
    startedAtSeconds: number,
    onTrouble: (error: StatsdError) => void,
  ) {
    this.#mtuBytes = options.mtuBytes ?? DEFAULT_MTU_BYTES;
    const { initialValue = 'count', prefix = '' } = options;
    const { resourceAttributes = ['service.name', 'service.instance.id'] } = options;
    const dialect = checkedDialect(options.dialect ?? 'dogstatsd');
    this.#deltas = new DeltaStore({ limit: seriesLimit * 2, initialValue, startedAtSeconds });
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
    if (!observeCounts(this.#deltas, state)) {
      this.account.drop('non_finite');
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
    // Only when entries were lost from a log: what they said of the send before is not known.
    this.settle(UNCONFIRMED);
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
      const failed = new Map<number, OwnerFate>();
      await batch.send((index, fate) => failed.set(index, fate));
      return {
        unconfirmed: false,
        failed: [...failed].map(([index, fate]) => {
          const { slot, sumSlot } = states[index]!;
          return { index, fate, sent: this.#sent(slot), sentSum: this.#sent(sumSlot) };
        }),
      };
    };
  }

  #sent(slot: number): number {
    return slot < 0 ? 0 : this.#deltas.sent(slot);
  }

  /** Points of the send under way: in an earlier life it began, and nothing tells how it ended. */
  get inDoubt(): number {
    return this.#send?.taken.reduce((sum, count) => sum + count, 0) ?? 0;
  }

  /** Names of the metrics in the send under way, ten at most. */
  get doubtful(): string[] {
    const names = new Set(this.#send?.states.map(({ series }) => series.metric.name));
    return [...names].slice(0, 10);
  }

  /** Books what became of the send under way. */
  settle({ failed, unconfirmed }: StatsdOutcome): void {
    if (this.#send === undefined) return;
    const { states, taken } = this.#send;
    this.#send = undefined;
    for (const { index, fate, sent, sentSum } of failed) {
      const state = states[index];
      if (state === undefined) continue;
      if (state.slot >= 0) this.#deltas.rollback(state.slot, sent);
      if (state.sumSlot >= 0) this.#deltas.rollback(state.sumSlot, sentSum);
      const count = taken[index]!;
      taken[index] = 0;
      if (fate === 'held') {
        state.pending += count;
        this.#enqueue(state);
      } else {
        this.account.drop(fate, count);
        this.#held -= count;
      }
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

  /** What a snapshot keeps of a series. */
  saved({ id }: Series): SavedStatsd | undefined {
    const state = this.#states[id];
    if (typeof state !== 'object') return undefined;
    const { slot, sumSlot, pending, before, beforeStart } = state;
    const slotState = (used: number): SlotState | undefined => (used < 0 ? undefined : this.#deltas.state(used));
    return { slot: slotState(slot), sumSlot: slotState(sumSlot), pending, before, beforeStart };
  }

  /** What a snapshot keeps of the order of sending. */
  savedQueue(numbers: ReadonlyMap<Series, number>): { changed: number[]; send: SavedSend | undefined } {
    const numberOf = ({ series }: StatsdSeries): number => numbers.get(series)!;
    const send = this.#send && { series: this.#send.states.map(numberOf), taken: this.#send.taken.slice() };
    return { changed: this.#changed.map(numberOf), send };
  }

  restore(series: Series, saved: SavedStatsd | undefined): void {
    const state = (this.#states[series.id] ??= this.#names.open(series));
    if (typeof state !== 'object' || saved === undefined) return;
    if (state.slot >= 0 && saved.slot) this.#deltas.restore(state.slot, saved.slot);
    if (state.sumSlot >= 0 && saved.sumSlot) this.#deltas.restore(state.sumSlot, saved.sumSlot);
    state.pending = saved.pending;
    state.before = saved.before;
    state.beforeStart = saved.beforeStart;
    this.#held += saved.pending;
  }

  restoreQueue(changed: readonly number[], send: SavedSend | undefined, series: readonly Series[]): void {
    const statesOf = (numbers: readonly number[]): StatsdSeries[] =>
      numbers.map((number) => this.#states[series[number]!.id]).filter((state) => typeof state === 'object');
    for (const state of statesOf(changed)) this.#enqueue(state);
    if (send === undefined) return;
    this.#send = { states: statesOf(send.series), taken: send.taken };
    this.#held += this.inDoubt;
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
