import type { Clock } from '../clock.ts';
import type { DropCause } from '../ledger.ts';
import type { LogBatch, RecordLog } from '../log/record-log.ts';
import { halveRequest } from '../request/split-request.ts';
import { Backoff } from './backoff.ts';
import { pack, type Packed, unpack } from './pack.ts';
import { Spans } from './spans.ts';
import type { SendResult, Transport } from './transport.ts';

/** Settings of a {@link Sender}. */
export interface SenderOptions {
  readonly maxBatchBytes: number;
  readonly maxRequestBytes: number;
  readonly timeoutMs: number;
  readonly freshFirst: boolean;
  readonly initialBackoffMs: number;
  readonly maxBackoffMs: number;
  /** Longest wait a receiver may ask for. */
  readonly maxRetryAfterMs: number;
  readonly clock: Clock;
  readonly random: () => number;
}

/** Told what becomes of the records. */
export interface SenderListener {
  /** A request begins; what is returned is called with its final outcome. */
  onRequest(points: number): (failure?: SendResult) => void;
  onRetry(result: SendResult & { kind: 'retry' }): void;
  /** A batch is settled: so many points arrived, the others were dropped by cause. */
  onSettled(forwarded: number, dropped: ReadonlyMap<DropCause, number>): void;
  onDropped(cause: DropCause, points: number, reason: string): void;
  onProblem(what: string, error: unknown): void;
}

/**
 * Sends a log's records, one request at a time, until the receiver took them or refused them for good. Nothing is given up
 * because time has passed.
 */
export class Sender {
  readonly #log: RecordLog;
  readonly #transport: Transport;
  readonly #options: SenderOptions;
  readonly #listener: SenderListener;
  readonly #spans: Spans;
  readonly #backoff: Backoff;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;
  #wake: (() => void) | undefined;
  #settledWaiters: (() => void)[] = [];
  /** Drops of the batch under way. */
  #dropped = new Map<DropCause, number>();

  constructor(log: RecordLog, transport: Transport, options: SenderOptions, listener: SenderListener) {
    this.#log = log;
    this.#transport = transport;
    this.#options = options;
    this.#listener = listener;
    this.#spans = new Spans(log, options.freshFirst);
    const { initialBackoffMs: initialMs, maxBackoffMs: maxMs, random } = options;
    this.#backoff = new Backoff({ initialMs, maxMs, random });
    this.#running = this.#run();
  }

  /** There is more in the log. */
  wake(): void {
    this.#wake?.();
  }

  /** Resolves when everything up to a sequence number is settled, or when the signal aborts. */
  async settledUpTo(sequence: number, signal: AbortSignal): Promise<void> {
    const abort = (): void => this.#announce();
    signal.addEventListener('abort', abort, { once: true });
    while (this.#log.start().after < sequence && !signal.aborted) {
      await new Promise<void>((resolve) => this.#settledWaiters.push(resolve));
    }
    signal.removeEventListener('abort', abort);
  }

  /** Ends; a request under way is broken off, and its records stay in the log. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.#wake?.();
    await this.#running;
    this.#transport.close();
    this.#announce();
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      // Made before the look, so that what is appended during it is not missed.
      const more = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      let batch: LogBatch | undefined;
      try {
        batch = await this.#spans.next(this.#options.maxBatchBytes);
      } catch (error) {
        this.#listener.onProblem('the log cannot be read; trying again', error);
        await this.#options.clock.wait(this.#backoff.next(), signal);
        continue;
      }
      if (batch === undefined) {
        this.#announce();
        await more;
      } else {
        await this.#deliver(batch);
      }
    }
  }

  async #deliver(batch: LogBatch): Promise<void> {
    this.#dropped = new Map();
    const requests = pack(batch.records, this.#options.maxRequestBytes);
    for (const [index, request] of requests.entries()) {
      const isDone = await this.#sendUntilSettled(request, index === 0 ? batch : undefined);
      if (!isDone) return;
    }
    const settled = this.#log.settle(batch);
    // Points that the full log dropped while they were under way are counted there.
    let rest = settled;
    const dropped = new Map<DropCause, number>();
    for (const [cause, points] of this.#dropped) {
      const counted = Math.min(points, rest);
      rest -= counted;
      dropped.set(cause, counted);
    }
    this.#listener.onSettled(rest, dropped);
    this.#announce();
  }

  /** Returns false when it was stopped, or when fresher records should go first. */
  async #sendUntilSettled(request: Packed, batch: LogBatch | undefined): Promise<boolean> {
    const { clock, timeoutMs, maxRetryAfterMs } = this.#options;
    const { signal } = this.#stop;
    const finish = this.#listener.onRequest(request.pointCount);
    for (;;) {
      const result = await this.#transport.send(request.bytes, timeoutMs, signal);
      if (result.kind !== 'retry') {
        this.#backoff.reset();
        return this.#conclude(request, result, finish);
      }
      if (signal.aborted) break;
      this.#listener.onRetry(result);
      await clock.wait(this.#backoff.next(Math.min(result.afterMs ?? 0, maxRetryAfterMs)), signal);
      if (signal.aborted) break;
      if (batch !== undefined && this.#spans.isOvertaken()) {
        this.#spans.putBack(batch);
        break;
      }
    }
    finish({ kind: 'retry', error: 'put off', type: 'put_off' });
    return false;
  }

  async #conclude(
    request: Packed,
    result: Exclude<SendResult, { kind: 'retry' }>,
    finish: (failure?: SendResult) => void,
  ): Promise<boolean> {
    const { pointCount } = request;
    if (result.kind === 'accepted') {
      const rejected = Math.min(result.rejectedPoints, pointCount);
      finish();
      this.#drop('partial_success', rejected, result.message);
      return true;
    }
    finish(result);
    const parts = smallerRequests(request, result.kind);
    if (parts.length < 2) {
      this.#drop(result.kind === 'too-large' ? 'too_large' : 'refused', pointCount, result.error);
      return true;
    }
    for (const part of parts) {
      const isDone = await this.#sendUntilSettled(part, undefined);
      if (!isDone) return false;
    }
    return true;
  }

  #drop(cause: DropCause, points: number, reason: string): void {
    if (points === 0) return;
    this.#dropped.set(cause, (this.#dropped.get(cause) ?? 0) + points);
    this.#listener.onDropped(cause, points, reason);
  }

  #announce(): void {
    for (const resolve of this.#settledWaiters.splice(0)) resolve();
  }
}

/**
 * What to try instead of a request that was not taken: of records merged, each by itself, so that a bad one takes no other
 * with it; of what is too large, the halves.
 */
function smallerRequests(request: Packed, kind: 'too-large' | 'refused'): Packed[] {
  if (request.records.length > 1) return unpack(request);
  if (kind === 'refused') return [];
  const { bytes, pointCount, records } = request;
  return halveRequest(bytes, pointCount).map((half) => Object.assign(half, { records }));
}
