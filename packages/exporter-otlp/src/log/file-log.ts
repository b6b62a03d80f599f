import { OtlpError } from '../errors.ts';
import { AppendQueue, type PendingAppend } from './append-queue.ts';
import { LockFile } from './lock-file.ts';
import { LOG_FILES, type LogFiles } from './log-files.ts';
import { readSegment, type RecordFilter, type SegmentRead } from './read-records.ts';
import { RECORD_HEADER_BYTES, recordHeader, SEGMENT_HEADER_BYTES } from './record-format.ts';
import type { FullPolicy, Holdings, LogBatch, LogListener, LogPosition, RecordLog } from './record-log.ts';
import { recover } from './recover.ts';
import type { Segment } from './segment.ts';
import { type FsyncPolicy, SegmentWriter } from './segment-writer.ts';
import { SettledFile } from './settled-file.ts';
import { SettledState } from './settled-state.ts';
import { RoomSignal } from './room-signal.ts';

/** Settings of a {@link FileLog}. */
export interface FileLogOptions {
  readonly directory: string;
  readonly limitBytes: number;
  readonly segmentBytes: number;
  readonly pendingLimitBytes: number;
  readonly fullPolicy: FullPolicy;
  readonly fsync: FsyncPolicy;
  readonly fsyncIntervalMs: number;
  readonly now: () => number;
  readonly files?: LogFiles;
}

/**
 * A write-ahead log: records in segment files, and a file that says what is settled. Appends are written in groups by one
 * writer at a time; nothing here runs on the event loop longer than a checksum takes.
 */
export class FileLog implements RecordLog {
  last = 0;
  readonly #options: FileLogOptions;
  readonly #files: LogFiles;
  readonly #listener: LogListener;
  readonly #lock: LockFile;
  readonly #queue: AppendQueue;
  readonly #settled: SettledState;
  readonly #room = new RoomSignal();
  /** In order; the last is the active one while there is one. */
  #segments: Segment[] = [];
  #active: SegmentWriter | undefined;
  #pointsAfter = 0;
  #bytes = 0;
  #writing: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: FileLogOptions, listener: LogListener) {
    this.#options = options;
    this.#files = options.files ?? LOG_FILES;
    this.#listener = listener;
    this.#lock = new LockFile(options.directory, this.#files);
    this.#queue = new AppendQueue(options.pendingLimitBytes);
    const file = new SettledFile(options.directory, this.#files);
    this.#settled = new SettledState(file, this.#files, options.fsync !== 'never', {
      onDeleted: (bytes) => {
        this.#bytes -= bytes;
        this.#room.free();
      },
      onProblem: (what, error) => listener.onProblem(what, error),
    });
  }

  get holdings(): Holdings {
    let points = 0;
    let records = 0;
    let oldestMs: number | undefined;
    for (const segment of this.#segments) {
      points += segment.heldPoints;
      records += segment.heldRecords;
      if (segment.heldRecords > 0) oldestMs ??= segment.oldestMs;
    }
    return { points, records, bytes: this.#bytes, oldestMs };
  }

  async open(): Promise<void> {
    const { directory, fsync, fsyncIntervalMs } = this.#options;
    try {
      await this.#files.mkdir(directory, { recursive: true });
      await this.#lock.acquire();
    } catch (error) {
      throw unusable(directory, error);
    }
    try {
      await this.#recover();
    } catch (error) {
      await this.#lock.release();
      throw unusable(directory, error);
    }
    if (fsync !== 'interval') return;
    this.#timer = setInterval(() => void this.#syncNow(), fsyncIntervalMs);
    this.#timer.unref();
  }

  async append(payload: Uint8Array, points: number): Promise<void> {
    if (this.#closed) throw new OtlpError('CLOSED', 'the log is closed');
    const written = this.#queue.push(payload, points);
    this.#writing ??= this.#writeAll();
    return written;
  }

  start(): LogPosition {
    return { after: this.#settled.ranges.prefix, segment: 0, offset: 0 };
  }

  end(): LogPosition {
    return { after: this.last, segment: 0, offset: 0 };
  }

  async read(position: LogPosition, maxBytes: number, until: number): Promise<LogBatch | undefined> {
    let at = position;
    while (at.after < until) {
      const segment = this.#segments.find(({ lastSequence }) => lastSequence > at.after);
      if (segment === undefined) return undefined;
      // The segment may grow while it is read.
      const { lastSequence } = segment;
      const from = at.segment === segment.firstSequence ? at.offset : SEGMENT_HEADER_BYTES;
      const filter = this.#filter(at.after, maxBytes, until);
      const found = await this.#readSegment(segment, from, maxBytes, filter);
      const to = found.isAtEnd ? Math.max(lastSequence, at.after) : (found.records.at(-1)?.sequence ?? at.after);
      const next = { after: Math.min(to, until), segment: segment.firstSequence, offset: found.offset };
      if (found.records.length > 0) {
        return { from: position.after + 1, to: next.after, records: found.records, start: position, next };
      }
      // What is left up to here is settled or cannot be read.
      if (next.after > at.after) this.settle({ from: at.after + 1, to: next.after, records: [], start: at, next });
      else if (found.offset <= from) return undefined;
      at = next;
    }
    return undefined;
  }

  settle({ from, to, records }: LogBatch): number {
    let settled = 0;
    for (const { sequence, points } of records) {
      if (this.#settled.ranges.has(sequence)) continue;
      settled += points;
      const segment = this.#segments.findLast(({ firstSequence }) => firstSequence <= sequence);
      if (segment === undefined) continue;
      segment.heldPoints -= points;
      segment.heldRecords--;
    }
    const last = records.at(-1);
    this.#settled.add(from, to, last === undefined ? undefined : last.pointsBefore + last.points);
    this.#retire();
    return settled;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#timer);
    this.#room.free();
    await this.#writing;
    await this.#syncNow();
    await this.#leaveActive();
    this.#retire();
    await this.#settled.idle();
    await this.#lock.release();
  }

  async #recover(): Promise<void> {
    const { directory } = this.#options;
    const settled = await this.#settled.load();
    const found = await recover(directory, this.#files, settled, this.#settled.ranges);
    for (const path of found.unknown) {
      this.#listener.onProblem(`${path} was written by another version and is left alone`, undefined);
    }
    if (found.damagedBytes > 0) {
      const what = `${directory}: ${found.damagedBytes} bytes are no whole record (${found.lostPoints} points lost)`;
      this.#listener.onProblem(what, undefined);
    }
    this.last = found.lastSequence;
    this.#pointsAfter = found.pointsAfter;
    this.#segments = found.segments;
    for (const { bytes } of [...found.segments, ...found.obsolete]) this.#bytes += bytes;
    this.#listener.onRecovered(this.holdings.points + found.lostPoints);
    if (found.lostPoints > 0) this.#listener.onDropped('log_corrupt', found.lostPoints);
    if (settled === undefined && found.lastSequence === 0) this.#settled.begin();
    this.#settled.deleteLater(found.obsolete);
  }

  /** A file that was deleted behind the log's back counts as one that cannot be read. */
  async #readSegment(segment: Segment, from: number, maxBytes: number, filter: RecordFilter): Promise<SegmentRead> {
    try {
      return await readSegment(this.#files, segment, from, maxBytes, filter);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      if (segment === this.#active?.segment) await this.#leaveActive();
      return { records: [], offset: segment.bytes, isAtEnd: true };
    }
  }

  #filter(after: number, maxBytes: number, until: number): RecordFilter {
    return ({ sequence, payload }, bytesSoFar) => {
      if (sequence > until) return 'stop';
      if (sequence <= after || this.#settled.ranges.has(sequence)) return 'skip';
      return bytesSoFar > 0 && bytesSoFar + payload.length > maxBytes ? 'stop' : 'take';
    };
  }

  async #writeAll(): Promise<void> {
    while (this.#queue.length > 0) {
      const refusal = await this.#makeRoom(this.#queue.first!.payload.length + RECORD_HEADER_BYTES);
      if (refusal === undefined) await this.#writeGroup(this.#queue.take(this.#options.segmentBytes / 2));
      else for (const { reject } of this.#queue.take(0)) reject(refusal);
    }
    this.#writing = undefined;
  }

  /** Makes room for a record by the policy; returns why there is none. */
  async #makeRoom(bytes: number): Promise<OtlpError | undefined> {
    const { limitBytes, fullPolicy, directory } = this.#options;
    const needed = bytes + SEGMENT_HEADER_BYTES;
    if (needed > limitBytes) {
      return new OtlpError('QUEUE_FULL', `a record of ${bytes} bytes is larger than the log may be (${limitBytes})`);
    }
    while (this.#bytes + needed > limitBytes) {
      // Room that only waits for its file to end.
      if (this.#active !== undefined && this.#active.segment.heldRecords === 0) {
        await this.#leaveActive();
        this.#retire();
      }
      await this.#settled.idle();
      if (this.#bytes + needed <= limitBytes) break;
      if (fullPolicy === 'drop-newest') {
        return new OtlpError('QUEUE_FULL', `${directory} holds ${this.#bytes} bytes, the limit is ${limitBytes}`);
      }
      if (fullPolicy === 'drop-oldest') await this.#dropOldest();
      else if (this.#closed)
        return new OtlpError('CLOSED', `the log was closed while it was full (${this.#bytes} bytes)`);
      else await this.#room.wait();
    }
    return undefined;
  }

  async #dropOldest(): Promise<void> {
    const oldest = this.#segments[0];
    if (oldest === undefined) return;
    if (oldest === this.#active?.segment) await this.#leaveActive();
    const { heldPoints, firstSequence, lastSequence, pointsAfter } = oldest;
    oldest.heldPoints = 0;
    oldest.heldRecords = 0;
    if (heldPoints > 0) this.#listener.onDropped('queue_full', heldPoints);
    this.#settled.add(firstSequence, lastSequence, pointsAfter);
    this.#retire();
    await this.#settled.idle();
  }

  async #writeGroup(group: readonly PendingAppend[]): Promise<void> {
    const headers: { sequence: number; timeMs: number; points: number }[] = [];
    try {
      const writer = await this.#writerFor(group);
      const buffers: Uint8Array[] = [];
      const timeMs = this.#options.now();
      let pointsBefore = this.#pointsAfter;
      for (const { payload, points } of group) {
        const sequence = this.last + headers.length + 1;
        const header = { sequence, timeMs, pointsBefore, points, length: payload.length };
        headers.push(header);
        buffers.push(recordHeader(header, payload, writer.segment.salt), payload);
        pointsBefore += points;
      }
      await writer.write(buffers);
      if (this.#options.fsync === 'always') this.#synced(await writer.sync());
      const { segment } = writer;
      for (const { timeMs, points } of headers) segment.hold(points, timeMs);
      const bytes = buffers.reduce((sum, { length }) => sum + length, 0);
      segment.bytes += bytes;
      this.#bytes += bytes;
      this.last += group.length;
      segment.lastSequence = this.last;
      segment.pointsAfter = pointsBefore;
      this.#pointsAfter = pointsBefore;
    } catch (error) {
      await this.#takeBack(headers.length);
      const reason = `${this.#options.directory}: ${(error as Error).message}; the record is not in the log`;
      for (const { reject } of group) reject(new OtlpError('WRITE_FAILED', reason, { cause: error }));
      return;
    }
    for (const { resolve } of group) resolve();
    this.#listener.onAppended();
  }

  async #writerFor(group: readonly PendingAppend[]): Promise<SegmentWriter> {
    const { directory, segmentBytes, fsync } = this.#options;
    const bytes = group.reduce((sum, { payload }) => sum + payload.length + RECORD_HEADER_BYTES, 0);
    if (this.#active !== undefined && !this.#active.isEmpty && this.#active.segment.bytes + bytes > segmentBytes) {
      await this.#leaveActive();
    }
    if (this.#active === undefined) {
      this.#active = await SegmentWriter.create(this.#files, directory, this.last + 1, fsync === 'always');
      this.#segments.push(this.#active.segment);
      this.#bytes += SEGMENT_HEADER_BYTES;
    }
    return this.#active;
  }

  /** After a failed write or fsync: the file must end with its last good record, or be left. */
  async #takeBack(count: number): Promise<void> {
    if (this.#active === undefined) return;
    try {
      await this.#active.truncate();
    } catch (error) {
      this.#listener.onProblem(`${this.#active.segment.path} could not be cut back after a failed write`, error);
      // Their numbers may be on disk, so they are not given again.
      this.last += count;
      await this.#leaveActive();
    }
  }

  /** Ends the active file; the next record begins a new one. */
  async #leaveActive(): Promise<void> {
    const writer = this.#active;
    if (writer === undefined) return;
    await this.#syncNow();
    this.#active = undefined;
    await writer.close().catch((error: unknown) => this.#listener.onProblem(writer.segment.path, error));
  }

  async #syncNow(): Promise<void> {
    if (this.#options.fsync === 'never') return;
    try {
      this.#synced(await this.#active?.sync());
    } catch (error) {
      this.#listener.onProblem(`${this.#options.directory}: fsync failed`, error);
    }
  }

  #synced(seconds: number | undefined): void {
    if (seconds !== undefined) this.#listener.onSynced(seconds);
  }

  /** Lets go of the files whose records are all settled. */
  #retire(): void {
    const done = this.#segments.filter((segment) => segment !== this.#active?.segment && this.#settled.isDone(segment));
    if (done.length > 0) this.#segments = this.#segments.filter((segment) => !done.includes(segment));
    for (const { heldPoints } of done) {
      if (heldPoints > 0) this.#listener.onDropped('log_corrupt', heldPoints);
    }
    this.#settled.deleteLater(done);
  }
}

function unusable(directory: string, error: unknown): OtlpError {
  if (error instanceof OtlpError) return error;
  const message = `${directory} cannot hold the log: ${(error as Error).message}; give a folder this process may write`;
  return new OtlpError('LOG_UNUSABLE', message, { cause: error });
}
