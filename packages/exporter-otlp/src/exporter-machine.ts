import { diag } from '@opentelemetry/api';
import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import type { ResolvedOptions } from './config/resolve-options.ts';
import { createLog } from './create-log.ts';
import { createTransport } from './create-transport.ts';
import { Deadline } from './deadline.ts';
import type { EncodedRequest } from './encode/encode-request.ts';
import { OtlpError } from './errors.ts';
import { type DropCause, Ledger } from './ledger.ts';
import type { LogListener, RecordLog } from './log/record-log.ts';
import { Outage } from './outage.ts';
import type { SelfMetrics } from './self-metrics.ts';
import { Sender, type SenderListener } from './send/sender.ts';
import type { OtlpStats } from './stats.ts';
import { UndeliveredError } from './undelivered-error.ts';

/** Time between two attempts to open a log that could not be opened. */
const REOPEN_MS = 1000;
const GIVEN_UP = 'some were given up';

/** Log, sender and account behind an exporter. */
export class ExporterMachine {
  readonly #options: ResolvedOptions;
  readonly #selfMetrics: SelfMetrics;
  readonly #ledger = new Ledger();
  readonly #outage: Outage;
  readonly #log: RecordLog;
  readonly #warned = new Set<string>();
  #sender: Sender | undefined;
  #opening: Promise<void> | undefined;
  #openedMs = -Infinity;
  #storing = new Set<Promise<void>>();
  /** Requests the log did not take, that their owner keeps for another attempt. */
  readonly #kept = new Set<EncodedRequest>();
  #droppedTold = 0;
  #requests = 0;
  #retries = 0;
  #shutdown: Promise<void> | undefined;

  constructor(options: ResolvedOptions, selfMetrics: SelfMetrics) {
    this.#options = options;
    this.#selfMetrics = selfMetrics;
    this.#outage = new Outage(options.onOutage, options.onRecovery);
    this.#log = createLog(options, this.#logListener());
  }

  /** Opens the log and starts sending; tries again when the last attempt failed a while ago. */
  async open(): Promise<void> {
    const nowMs = performance.now();
    if (this.#opening === undefined || (this.#sender === undefined && nowMs - this.#openedMs > REOPEN_MS)) {
      this.#openedMs = nowMs;
      this.#opening = this.#openNow();
    }
    return this.#opening;
  }

  receive(points: number): void {
    this.#ledger.received += points;
    this.#ledger.pending += points;
  }

  unencodable({ scopeMetrics }: ResourceMetrics, cause: unknown): OtlpError {
    const error = new OtlpError('INVALID_OPTION', `metrics cannot be encoded: ${(cause as Error).message}`, { cause });
    const points = countPoints(scopeMetrics);
    this.#ledger.received += points;
    this.#drop('invalid_point', points, error.message);
    return error;
  }

  async store(encoded: EncodedRequest, keep = false): Promise<void> {
    const stored = this.#storeNow(encoded, keep);
    this.#storing.add(stored);
    try {
      await stored;
    } finally {
      this.#storing.delete(stored);
    }
  }

  async flush(timeoutMs: number): Promise<void> {
    const deadline = new Deadline(timeoutMs);
    try {
      await Promise.race([this.#delivered(deadline.signal), deadline.passed]);
    } finally {
      deadline.clear();
    }
    const { held } = this.stats();
    const dropped = this.#ledger.droppedPoints - this.#droppedTold;
    this.#droppedTold += dropped;
    if (deadline.signal.aborted) throw this.#undelivered(held, dropped, `not within ${timeoutMs} ms`);
    if (dropped > 0) throw this.#undelivered(held, dropped, GIVEN_UP);
    if (this.#kept.size > 0) throw this.#undelivered(held, dropped, 'the log does not take it');
  }

  async shutdown(timeoutMs: number): Promise<void> {
    this.#shutdown ??= this.#shutdownNow(timeoutMs);
    return this.#shutdown;
  }

  stats(): OtlpStats {
    const { points, bytes, oldestMs } = this.#log.holdings;
    const { received, recovered, forwarded, pending, dropped } = this.#ledger;
    const { lastError } = this.#outage;
    return {
      received,
      recovered,
      forwarded,
      held: points + pending,
      dropped,
      heldBytes: bytes,
      oldestHeldSeconds: oldestMs === undefined ? 0 : Math.max(0, (this.#options.clock.now() - oldestMs) / 1000),
      requests: this.#requests,
      retries: this.#retries,
      ...(lastError === undefined ? {} : { lastError }),
    };
  }

  async #openNow(): Promise<void> {
    await this.#log.open();
    this.#droppedTold = this.#ledger.droppedPoints;
    const { timeoutMillis: timeoutMs, initialBackoffMillis: initialBackoffMs } = this.#options;
    const { maxBackoffMillis: maxBackoffMs, maxRetryAfterMillis: maxRetryAfterMs } = this.#options;
    const options = { ...this.#options, timeoutMs, initialBackoffMs, maxBackoffMs, maxRetryAfterMs };
    this.#sender = new Sender(this.#log, createTransport(this.#options), options, this.#senderListener());
  }

  async #storeNow(encoded: EncodedRequest, keep: boolean): Promise<void> {
    const { bytes, pointCount } = encoded;
    try {
      if (this.#shutdown !== undefined) throw new OtlpError('CLOSED', 'the exporter is shut down');
      await this.open();
      if (pointCount > 0) await this.#log.append(bytes, pointCount);
      this.#ledger.pending -= pointCount;
      this.#kept.delete(encoded);
    } catch (error) {
      if (keep) {
        this.#kept.add(encoded);
        this.#problem('the log takes nothing; what is collected waits in memory', error);
      } else {
        this.#ledger.pending -= pointCount;
        this.#drop(causeOf(error as OtlpError), pointCount, (error as Error).message);
      }
      throw error;
    }
  }

  /** Resolves when what was handed over before is settled, or when the signal aborts. */
  async #delivered(limit: AbortSignal): Promise<void> {
    await this.open();
    await Promise.allSettled(this.#storing);
    await this.#sender?.settledUpTo(this.#log.last, limit);
  }

  async #shutdownNow(timeoutMs: number): Promise<void> {
    const deadline = new Deadline(timeoutMs);
    const reason = await Promise.race([this.#delivered(deadline.signal), deadline.passed]).then(
      () => (deadline.signal.aborted ? `not within ${timeoutMs} ms` : GIVEN_UP),
      (error: Error) => error.message,
    );
    deadline.clear();
    await this.#sender?.stop();
    const { points } = this.#log.holdings;
    await this.#log.close();
    await Promise.allSettled(this.#storing);
    const dropped = this.#ledger.droppedPoints - this.#droppedTold;
    const { pending } = this.#ledger;
    this.#ledger.pending = 0;
    this.#drop('closed', pending, 'the log did not take them');
    if (this.#options.directory === undefined) this.#drop('closed', points, 'they were held in memory');
    if (points + pending + dropped > 0) throw this.#undelivered(points + pending, dropped, reason);
  }

  #undelivered(held: number, dropped: number, reason: string): UndeliveredError {
    const { directory, endpoint } = this.#options;
    const where = directory === undefined ? 'in memory' : `in ${directory}`;
    const last = this.#outage.lastError;
    const because = last === undefined ? '' : `; last answer: ${last}`;
    const message = `not delivered to ${endpoint.url.href} (${reason}): ${held} points held ${where}, ${dropped} dropped${because}`;
    return new UndeliveredError(message, held, dropped);
  }

  #drop(cause: DropCause, points: number, reason: string): void {
    if (points === 0) return;
    this.#ledger.drop(cause, points);
    this.#warnOnce(`${points} points dropped, ${cause}: ${reason}`, cause);
  }

  #warnOnce(message: string, key: string): void {
    if (this.#warned.has(key)) return;
    this.#warned.add(key);
    diag.warn(`otlp: ${message}; more of this kind is counted and not told`);
  }

  #problem(what: string, error: unknown): void {
    this.#warnOnce(error instanceof Error ? `${what}: ${error.message}` : what, what);
  }

  #logListener(): LogListener {
    return {
      onAppended: () => this.#sender?.wake(),
      onDropped: (cause, points) => this.#drop(cause, points, this.#options.directory ?? 'in memory'),
      onRecovered: (points) => {
        this.#ledger.received += points;
        this.#ledger.recovered += points;
      },
      onSynced: (seconds) => this.#selfMetrics.synced(seconds),
      onProblem: (what, error) => this.#problem(what, error),
    };
  }

  #senderListener(): SenderListener {
    return {
      onRequest: (points) => {
        const finish = this.#selfMetrics.startRequest(points);
        return (failure) => {
          if (failure === undefined) this.#requests++;
          if (failure === undefined || failure.kind !== 'retry') this.#outage.answered();
          finish(failure);
        };
      },
      onRetry: (failure) => {
        this.#retries++;
        this.#outage.failed(failure);
      },
      onSettled: (forwarded, dropped) => {
        this.#ledger.forwarded += forwarded;
        for (const [cause, points] of dropped) this.#ledger.drop(cause, points);
      },
      onDropped: (cause, points, reason) => this.#warnOnce(`${points} points dropped, ${cause}: ${reason}`, cause),
      onProblem: (what, error) => this.#problem(what, error),
    };
  }
}

function causeOf({ code }: OtlpError): DropCause {
  if (code === 'QUEUE_FULL') return 'queue_full';
  return code === 'CLOSED' ? 'closed' : 'write_failed';
}

function countPoints(scopes: ResourceMetrics['scopeMetrics']): number {
  try {
    return scopes.reduce(
      (sum, { metrics }) => sum + metrics.reduce((all, { dataPoints }) => all + dataPoints.length, 0),
      0,
    );
  } catch {
    // Data that cannot be read cannot be counted either.
    return 0;
  }
}
