import type { Recovery, ResumePoint } from '../protocol/messages.ts';
import type { HistoryRows } from './history-source.ts';
import type { ResolvedOptions } from './options.ts';
import type { ServerCounters } from './stats.ts';
import type { Consumer } from './streams/consumer.ts';
import type { FanOut } from './streams/fan-out.ts';
import { LosslessStream } from './streams/lossless-stream.ts';

/** Brings a lossless subscriber that comes back up to date: from the ring, else from the history, else with a snapshot. */
export class Recoveries {
  readonly #options: ResolvedOptions;
  readonly #counters: ServerCounters;
  readonly #fanOut: FanOut;

  readonly #sent: () => void;

  /** @param sent - called when something was sent later than `start`, and more may wait. */
  constructor(options: ResolvedOptions, counters: ServerCounters, fanOut: FanOut, sent: () => void) {
    this.#options = options;
    this.#counters = counters;
    this.#fanOut = fanOut;
    this.#sent = sent;
  }

  /** Finds the way, says which through `tell`, and sends what there is to send; later, when the history is asked. */
  start(consumer: Consumer, resume: ResumePoint | undefined, tell: (recovery: Recovery) => void): void {
    const { stream } = consumer;
    if (resume === undefined || !(stream instanceof LosslessStream)) tell('snapshot');
    else if (stream.holds(resume)) {
      stream.replay(consumer, resume);
      tell('replay');
    } else if (this.#options.history === undefined || resume.timeMs === undefined) {
      this.#counters.resumes.reset += 1;
      tell('reset');
    } else {
      consumer.waitsForHistory = true;
      void this.#readHistory(stream, resume.timeMs).then((rows) => this.#backfill(consumer, stream, rows, tell));
      return;
    }
    stream.catchUp(consumer);
  }

  #backfill(
    consumer: Consumer,
    stream: LosslessStream,
    rows: HistoryRows | undefined,
    tell: (recovery: Recovery) => void,
  ): void {
    consumer.waitsForHistory = false;
    const { connection } = consumer;
    if (connection.isClosing || stream.consumers.get(connection) !== consumer) return;
    this.#fanOut.drain();
    this.#counters.resumes[rows === undefined ? 'reset' : 'backfilled'] += 1;
    tell(rows === undefined ? 'reset' : 'backfill');
    if (rows !== undefined) stream.sendHistory(consumer, rows);
    stream.catchUp(consumer);
    this.#sent();
  }

  /** Never rejects: what a history cannot give, a snapshot replaces. */
  async #readHistory(stream: LosslessStream, afterMs: number): Promise<HistoryRows | undefined> {
    const { clock, history, historyTimeoutMs, limits } = this.#options;
    const series = Array.from(stream.members.ids, (id) => this.#fanOut.series(id));
    const request = { series, afterMs, untilMs: clock.now(), rowsLimit: limits.historyRows };
    let cancel: () => void = () => undefined;
    const timeout = new Promise<undefined>((resolve) => {
      cancel = clock.after(historyTimeoutMs, () => resolve(undefined));
    });
    try {
      const rows = await Promise.race([history!.read(request), timeout]);
      return rows !== undefined && isUsable(rows, stream, limits.historyRows) ? rows : undefined;
    } catch {
      return undefined;
    } finally {
      cancel();
    }
  }
}

/** What comes from outside is checked: a row of a strange series would be a row the subscriber may not see. */
function isUsable({ ids, timesMs, values }: HistoryRows, stream: LosslessStream, limit: number): boolean {
  const { length } = ids;
  return (
    length <= limit &&
    timesMs.length === length &&
    values.length === length &&
    ids.every((id) => stream.members.has(id)) &&
    timesMs.every((timeMs) => Number.isFinite(timeMs))
  );
}
