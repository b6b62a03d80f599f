import type { HistorySource } from '@nanometer/live';
import { HistoryError } from './errors.ts';
import { historySource } from './live-backfill.ts';
import { type CheckedHistoryOptions, checkedHistoryOptions, type HistoryOptions } from './options.ts';
import type { RollupQuestion, SeriesQuestion } from './query/question.ts';
import { MINUTE_MS } from './rollup/rollup.ts';
import { type HistorySeries, identityOf } from './series/history-series.ts';
import { type Part, type PartSink, SeriesRecorder } from './series/series-recorder.ts';
import type { Evictions } from './store/evictor.ts';
import { sqlite } from './store/open-database.ts';
import { PartWriter } from './store/part-columns.ts';
import type { KeptSeries, RollupAnswer, SeriesAnswer } from './store/rollup-reader.ts';
import type { SeriesRow } from './store/rollup-writer.ts';
import type { Committed, MinuteColumns, MinutesWanted, WorkerReply } from './worker/messages.ts';
import { WorkerClient } from './worker/worker-client.ts';

/** Longest that handing parts to the worker keeps the event loop at a time, and the parts between two looks at the clock. */
const SLICE_MS = 1;
const SLICE_PARTS = 64;
const ROWS_PER_MESSAGE = 512;
/** A question is about what was there a second ago at most. */
const FRESH_MS = 1000;
const DAY_MS = 86_400_000;

/** Numbers of a history. */
export interface HistoryStats {
  /** Series held. */
  readonly series: number;
  /** Parts of minutes that wait to be written. */
  readonly pending: number;
  readonly commits: number;
  readonly commitsFailed: number;
  /** Bytes in use in the file. */
  readonly sizeBytes: number;
  /** Rollups let go since the start, by cause. */
  readonly evicted: Evictions;
}

/**
 * Rollups of metrics on disk. Recording happens in memory; `commit` hands what has gathered to a worker, which merges it into
 * the file in one transaction. What is committed survives the end of the process, and a minute that was under way goes on in the
 * next life.
 */
export class History {
  readonly #options: CheckedHistoryOptions;
  readonly #byIdentity = new Map<string, SeriesRecorder>();
  readonly #sink: PartSink & { minuteLeast: number; minuteMost: number; knownSinceMs: number };
  #worker: WorkerClient | undefined;
  #changed: SeriesRecorder[] = [];
  #closed: Part[] = [];
  #closedFrom = 0;
  #nextId = 1;
  #committing: Promise<void> | undefined;
  #closing: Promise<void> | undefined;
  #committedMs = Number.NEGATIVE_INFINITY;
  #inTrouble = false;
  #commits = 0;
  #commitsFailed = 0;
  #latest: Committed = { sizeBytes: 0, evicted: { age: 0, size: 0 }, seriesGone: [], minutesFromMs: 0, beganMs: 0 };
  /** For the live stream: what a subscriber missed, from the minutes. */
  readonly source: HistorySource;

  private constructor(options: CheckedHistoryOptions) {
    this.#options = options;
    this.#sink = {
      minuteLeast: 0,
      minuteMost: 0,
      knownSinceMs: options.now() - MINUTE_MS,
      moveWindow: () => this.#moveWindow(),
      changed: (recorder) => void this.#changed.push(recorder),
      closed: (part) => this.#keep(part),
    };
    this.source = historySource((wanted, afterMs, untilMs, rowsLimit) =>
      this.#minutes(wanted, afterMs, untilMs, rowsLimit),
    );
    this.#moveWindow();
  }

  /** @throws HistoryError `INVALID_OPTION`, `SQLITE_MISSING`, `FILE_IN_USE`, `FILE_UNUSABLE`. */
  static async open(options: HistoryOptions): Promise<History> {
    const checked = checkedHistoryOptions(options);
    // Asked here, so that what is missing is said before a thread is started for it.
    sqlite();
    const history = new History(checked);
    let knownSinceMs = Number.NEGATIVE_INFINITY;
    const { client, committed } = await WorkerClient.start(workerOrder(checked), (kept) => {
      for (const each of kept) {
        history.#restore(each);
        knownSinceMs = Math.max(knownSinceMs, each.state?.timeMs ?? knownSinceMs);
      }
    });
    history.#worker = client;
    history.#latest = committed;
    if (Number.isFinite(knownSinceMs)) history.#sink.knownSinceMs = knownSinceMs;
    return history;
  }

  /**
   * The recorder of a series; `undefined` when there are too many. `isAccounted` has `onSettled` told of its points. The same series
   * gets the same recorder.
   */
  recorder(series: HistorySeries, isAccounted: boolean = false): SeriesRecorder | undefined {
    const identity = identityOf(series);
    const known = this.#byIdentity.get(identity);
    if (known !== undefined) {
      known.isAccounted = isAccounted;
      return known;
    }
    if (this.#byIdentity.size >= this.#options.seriesLimit) return undefined;
    const recorder = new SeriesRecorder(this.#nextId++, series, this.#sink, undefined, isAccounted);
    this.#byIdentity.set(identity, recorder);
    return recorder;
  }

  /**
   * Writes what has gathered, in slices that keep the event loop for a millisecond each. Never rejects: what could not be written
   * is tried again with the next commit. One that is under way is not doubled.
   */
  commit(): Promise<void> {
    this.#committing ??= this.#commit().finally(() => {
      this.#committing = undefined;
    });
    return this.#committing;
  }

  /** Rollups, as JSON. Rejects with `HistoryError` `TOO_MANY_POINTS`, `READ_FAILED`, `CLOSED`. */
  async rollupsJson(question: RollupQuestion): Promise<Uint8Array<ArrayBuffer>> {
    await this.#fresh(FRESH_MS);
    return bodyOf(await this.#ask({ kind: 'rollups', question, name: question.name }));
  }

  /** Rollups; see {@link rollupsJson}. */
  async rollups(question: RollupQuestion): Promise<RollupAnswer> {
    return JSON.parse(new TextDecoder().decode(await this.rollupsJson(question))) as RollupAnswer;
  }

  /** Series, as JSON. Rejects like {@link rollupsJson}. */
  async seriesJson(question: SeriesQuestion): Promise<Uint8Array<ArrayBuffer>> {
    await this.#fresh(FRESH_MS);
    return bodyOf(await this.#ask({ kind: 'series', question }));
  }

  /** Series; see {@link seriesJson}. */
  async series(question: SeriesQuestion): Promise<SeriesAnswer> {
    return JSON.parse(new TextDecoder().decode(await this.seriesJson(question))) as SeriesAnswer;
  }

  /** Unix milliseconds before which minutes are no longer kept, or not all of them. */
  get minutesFromMs(): number {
    return Math.max(this.#latest.minutesFromMs, this.#sink.minuteLeast * MINUTE_MS);
  }

  stats(): HistoryStats {
    const { sizeBytes, evicted } = this.#latest;
    return {
      series: this.#byIdentity.size,
      pending: this.#closed.length - this.#closedFrom + this.#changed.length,
      commits: this.#commits,
      commitsFailed: this.#commitsFailed,
      sizeBytes,
      evicted,
    };
  }

  /** Commits, then closes the file. What cannot be written then is dropped as `closed`. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#committing;
    await this.commit();
    this.#drop(this.#closed.splice(0), 'closed');
    await this.#worker?.ask({ kind: 'close' }).catch(() => this.#worker?.terminate());
    this.#worker = undefined;
  }

  async #commit(): Promise<void> {
    const worker = this.#worker;
    this.#moveWindow();
    if (worker === undefined) return;
    const startedMs = this.#options.now();
    const sent = await this.#send(worker);
    try {
      if (sent.length === 0 && this.#commits > 0 && startedMs - this.#committedMs < MINUTE_MS) return;
      const reply = await worker.ask({ kind: 'commit', nowMs: startedMs });
      if (reply.kind === 'committed') this.#settle(sent, reply.committed, startedMs);
    } catch (error) {
      this.#failed(sent, error);
    }
  }

  /** Hands everything that has gathered to the worker, a slice per turn of the event loop. */
  async #send(worker: WorkerClient): Promise<Part[]> {
    const changed = this.#changed;
    this.#changed = [];
    const sent: Part[] = [];
    const writer = new PartWriter(ROWS_PER_MESSAGE);
    const series: SeriesRow[] = [];
    const post = (): void => {
      if (writer.count > 0) worker.rows(series.splice(0), writer.take());
    };
    let untilMs = performance.now() + SLICE_MS;
    const add = (part: Part): void => {
      sent.push(part);
      if (!part.recorder.isWritten) series.push(rowOf(part.recorder));
      writer.add(part);
      if (writer.isFull) post();
    };
    // Parts closed on the way go with it: they are older than what their recorder has open now.
    let nextChanged = 0;
    for (;;) {
      let part: Part | undefined;
      if (this.#closedFrom < this.#closed.length) part = this.#closed[this.#closedFrom++];
      else if (nextChanged < changed.length) part = changed[nextChanged++]!.take();
      else break;
      if (part === undefined) continue;
      add(part);
      if (sent.length % SLICE_PARTS !== 0 || performance.now() < untilMs) continue;
      post();
      await nextTurn();
      untilMs = performance.now() + SLICE_MS;
    }
    this.#closed = this.#closed.slice(this.#closedFrom);
    this.#closedFrom = 0;
    post();
    return sent;
  }

  #settle(sent: readonly Part[], committed: Committed, atMs: number): void {
    this.#latest = committed;
    this.#commits++;
    this.#committedMs = atMs;
    let points = 0;
    for (const part of sent) {
      part.recorder.isWritten = true;
      points += part.points;
    }
    if (committed.seriesGone.length > 0) this.#forget(new Set(committed.seriesGone));
    if (points > 0) this.#options.onSettled(points, undefined);
    if (this.#inTrouble) this.#options.onTrouble('the history is written again');
    this.#inTrouble = false;
  }

  #failed(sent: readonly Part[], error: unknown): void {
    this.#commitsFailed++;
    if (!this.#inTrouble) {
      const why = error instanceof Error ? error.message : String(error);
      this.#options.onTrouble(`the history cannot be written to ${this.#options.path}: ${why}; it is tried again`);
    }
    this.#inTrouble = true;
    this.#closed = [...sent, ...this.#closed];
    const surplus = this.#closed.length - this.#options.pendingLimit;
    if (surplus > 0) this.#drop(this.#closed.splice(0, surplus), 'write_failed');
  }

  #keep(part: Part): void {
    this.#closed.push(part);
    const waiting = this.#closed.length - this.#closedFrom;
    if (waiting > this.#options.pendingLimit) this.#drop([this.#closed[this.#closedFrom++]!], 'write_failed');
    else if (waiting * 4 > this.#options.pendingLimit && !this.#inTrouble) void this.commit();
  }

  #drop(parts: readonly Part[], cause: 'write_failed' | 'closed'): void {
    let points = 0;
    for (const part of parts) points += part.points;
    if (points > 0) this.#options.onSettled(points, cause);
  }

  #restore({ id, identity, series, state }: KeptSeries): void {
    this.#byIdentity.set(identity, new SeriesRecorder(id, series, this.#sink, state, false));
    this.#nextId = Math.max(this.#nextId, id + 1);
  }

  #forget(gone: ReadonlySet<number>): void {
    for (const [identity, recorder] of this.#byIdentity) {
      if (!gone.has(recorder.id)) continue;
      recorder.isWritten = false;
      this.#byIdentity.delete(identity);
    }
  }

  #moveWindow(): number {
    const { now, minuteDays, aheadMillis } = this.#options;
    const nowMs = now();
    this.#sink.minuteLeast = Math.floor((nowMs - minuteDays * DAY_MS) / MINUTE_MS);
    this.#sink.minuteMost = Math.floor((nowMs + aheadMillis) / MINUTE_MS);
    return this.#sink.minuteMost;
  }

  /** Commits unless that was done within so many milliseconds. */
  async #fresh(withinMs: number): Promise<void> {
    await this.#committing;
    if (this.#options.now() - this.#committedMs >= withinMs || withinMs === 0) await this.commit();
  }

  async #minutes(
    wanted: readonly MinutesWanted[],
    afterMs: number,
    untilMs: number,
    rowsLimit: number,
  ): Promise<MinuteColumns | undefined> {
    await this.#fresh(0);
    if (afterMs < Math.max(this.minutesFromMs, this.#latest.beganMs)) return undefined;
    for (const { identity } of wanted) if (!this.#byIdentity.has(identity)) return undefined;
    const reply = await this.#ask({ kind: 'minutes', wanted, afterMs, untilMs, rowsLimit });
    return reply.kind === 'minutes' ? reply.columns : undefined;
  }

  #ask(request: Parameters<WorkerClient['ask']>[0]): Promise<WorkerReply> {
    if (this.#worker === undefined) return Promise.reject(new HistoryError('CLOSED', 'the history is closed'));
    return this.#worker.ask(request);
  }
}

function workerOrder(options: CheckedHistoryOptions): Parameters<typeof WorkerClient.start>[0] {
  const { path, minuteDays, hourDays, sizeLimitBytes, answerPointLimit, answerSeriesLimit, now } = options;
  return { path, minuteDays, hourDays, sizeLimitBytes, answerPointLimit, answerSeriesLimit, nowMs: now() };
}

function rowOf({ id, series }: SeriesRecorder): SeriesRow {
  return [id, identityOf(series), series.name, JSON.stringify(series)];
}

function bodyOf(reply: WorkerReply): Uint8Array<ArrayBuffer> {
  if (reply.kind !== 'body')
    throw new HistoryError('READ_FAILED', `unexpected ${reply.kind} from the history's worker`);
  return reply.body;
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
