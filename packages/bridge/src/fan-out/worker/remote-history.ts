import type { HistoryRequest, HistoryRows, HistorySource } from '@nanometer/live';
import type { FromWorker, ToWorker } from '../messages.ts';

/**
 * The bridge's history, asked through messages. Who gets an answer has waited for it at most `historyTimeoutMs`, as with any source:
 * one that never comes is forgotten with the worker.
 */
export class RemoteHistory implements HistorySource {
  readonly #ask: (question: Extract<FromWorker, { kind: 'history' }>) => void;
  readonly #catchUp: () => void;
  readonly #waiting = new Map<number, (rows: HistoryRows | undefined) => void>();
  #asked = 0;

  /** `catchUp` reads all that was published before the answer: a snapshot must not be older than the history before it. */
  constructor(ask: (question: Extract<FromWorker, { kind: 'history' }>) => void, catchUp: () => void) {
    this.#ask = ask;
    this.#catchUp = catchUp;
  }

  read({ series, afterMs, untilMs, rowsLimit }: HistoryRequest): Promise<HistoryRows | undefined> {
    const request = ++this.#asked;
    const ids = Uint32Array.from(series, ({ id }) => id);
    return new Promise((resolve) => {
      this.#waiting.set(request, resolve);
      this.#ask({ kind: 'history', request, ids, afterMs, untilMs, rowsLimit });
    });
  }

  answer({ request, rows }: Extract<ToWorker, { kind: 'history' }>): void {
    this.#catchUp();
    this.#waiting.get(request)?.(rows);
    this.#waiting.delete(request);
  }
}
