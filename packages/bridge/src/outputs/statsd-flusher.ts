import type { Journal } from '../journal/journal.ts';
import type { StatsdOutcome } from './statsd-outcome.ts';
import type { StatsdOutput } from './statsd-output.ts';

/**
 * Series that one send takes along. When a bridge dies in the middle of a send, it is of these only that one cannot know
 * whether they arrived.
 */
const SERIES_PER_SEND = 500;

/**
 * Sends what the StatsD output holds. A flush is a row of sends, each an entry of the journal before its first datagram, and
 * its outcome one after the last: after a crash it is known what had been sent.
 */
export class StatsdFlusher {
  readonly #output: StatsdOutput;
  readonly #journal: Journal;
  readonly #packetsPerSecond: number;
  /** What became of the last send, as long as the journal has not taken it. */
  #unrecorded: StatsdOutcome | undefined;
  #flushing: Promise<void> | undefined;
  #nextFlush: Promise<void> | undefined;

  constructor(output: StatsdOutput, journal: Journal, packetsPerSecond: number) {
    this.#output = output;
    this.#journal = journal;
    this.#packetsPerSecond = packetsPerSecond;
  }

  /**
   * Sends the present state of every changed series. Resolves when all that was accepted before the call has been sent
   * or is held. Flushes do not overlap: however often it is asked for during one, one more follows. Never rejects.
   */
  flush(): Promise<void> {
    if (this.#flushing === undefined) return this.#start();
    this.#nextFlush ??= this.#flushing.then(() => this.#start());
    return this.#nextFlush;
  }

  #start(): Promise<void> {
    this.#nextFlush = undefined;
    // The journal tells of its trouble itself; what could not be recorded stays held.
    this.#flushing = this.#flushAll()
      .catch(() => {})
      .finally(() => {
        this.#flushing = undefined;
      });
    return this.#flushing;
  }

  async #flushAll(): Promise<void> {
    if (this.#unrecorded) await this.#record(this.#unrecorded);
    // What is changed again, or fails, while this flush is under way is for the next one.
    for (let left = this.#output.changedCount; left > 0; left -= SERIES_PER_SEND) {
      const startedMs = performance.now();
      const { packetsOffered } = this.#output.senderStats();
      await this.#send(Math.min(left, SERIES_PER_SEND));
      const packetCount = this.#output.senderStats().packetsOffered - packetsOffered;
      // The sender paces the datagrams of one send only.
      const spentMs = performance.now() - startedMs;
      if (left > SERIES_PER_SEND) await pause((packetCount * 1000) / this.#packetsPerSecond - spentMs);
    }
  }

  async #send(seriesCount: number): Promise<void> {
    let send: (() => Promise<StatsdOutcome>) | undefined;
    await this.#journal.commit({ kind: 'statsdTake', seriesCount }, () => {
      send = this.#output.take(seriesCount);
    });
    await this.#record(await send!());
  }

  async #record(outcome: StatsdOutcome): Promise<void> {
    this.#unrecorded = outcome;
    await this.#journal.commit({ kind: 'statsdOutcome', outcome }, () => this.#output.settle(outcome));
    this.#unrecorded = undefined;
  }
}

function pause(millis: number): Promise<void> {
  return millis < 1 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, millis));
}
