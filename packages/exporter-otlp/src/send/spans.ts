import type { LogBatch, LogPosition, RecordLog } from '../log/record-log.ts';

interface Span {
  position: LogPosition;
  /** The last sequence number that belongs to it; `Infinity` for what is still to come. */
  until: number;
}

/** What is next to send: a log's records in order, or the fresh ones before the backlog. */
export class Spans {
  readonly #log: RecordLog;
  readonly #freshFirst: boolean;
  /** Oldest first; the last is open-ended. */
  #spans: Span[];

  constructor(log: RecordLog, freshFirst: boolean) {
    this.#log = log;
    this.#freshFirst = freshFirst;
    this.#spans = [{ position: log.start(), until: Infinity }];
    if (freshFirst && log.start().after < log.last) this.#cut(log.end());
  }

  /** Takes the next batch; `undefined` when all there is was taken. */
  async next(maxBytes: number): Promise<LogBatch | undefined> {
    const order = this.#freshFirst ? [this.#spans.at(-1)!, ...this.#spans.slice(0, -1)] : this.#spans;
    for (const span of order) {
      const batch = await this.#log.read(span.position, maxBytes, span.until);
      if (batch !== undefined) {
        span.position = batch.next;
        return batch;
      }
      if (span.until !== Infinity) this.#spans = this.#spans.filter((other) => other !== span);
    }
    return undefined;
  }

  /** Whether something new waits that should go before anything taken. */
  isOvertaken(): boolean {
    return this.#freshFirst && this.#log.last > this.#spans.at(-1)!.position.after;
  }

  /** Gives a batch back; what came after it goes first. */
  putBack(batch: LogBatch): void {
    const span = this.#spans.find(({ position }) => position.after === batch.next.after);
    if (span === undefined) return;
    span.position = batch.start;
    if (span.until !== Infinity) return;
    // What has come last is what goes first.
    this.#cut({ after: this.#log.last - 1, segment: 0, offset: 0 });
  }

  /** Turns what is up to a place into backlog. */
  #cut(place: LogPosition): void {
    const fresh = this.#spans.at(-1)!;
    const before = this.#spans.at(-2);
    if (before !== undefined && before.until === fresh.position.after) {
      before.until = place.after;
      this.#spans.pop();
    } else {
      fresh.until = place.after;
    }
    this.#spans.push({ position: place, until: Infinity });
  }
}
