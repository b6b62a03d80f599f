import { OtlpError } from '../errors.ts';
import { AppendQueue } from './append-queue.ts';
import type { LogRecord } from './record-format.ts';
import type { FullPolicy, Holdings, LogBatch, LogListener, LogPosition, RecordLog } from './record-log.ts';
import { RoomSignal } from './room-signal.ts';

/** Settings of a {@link MemoryLog}. */
export interface MemoryLogOptions {
  readonly limitBytes: number;
  readonly pendingLimitBytes: number;
  readonly fullPolicy: FullPolicy;
  readonly now: () => number;
}

/** The same queue without a disk: what is held goes with the process. */
export class MemoryLog implements RecordLog {
  last = 0;
  readonly #options: MemoryLogOptions;
  readonly #listener: LogListener;
  readonly #queue: AppendQueue;
  readonly #room = new RoomSignal();
  #records: LogRecord[] = [];
  #points = 0;
  #pointsAfter = 0;
  #bytes = 0;
  #writing: Promise<void> | undefined;
  #closed = false;

  constructor(options: MemoryLogOptions, listener: LogListener) {
    this.#options = options;
    this.#listener = listener;
    this.#queue = new AppendQueue(options.pendingLimitBytes);
  }

  get holdings(): Holdings {
    const { length } = this.#records;
    return { points: this.#points, records: length, bytes: this.#bytes, oldestMs: this.#records[0]?.timeMs };
  }

  async open(): Promise<void> {
    this.#closed = false;
  }

  async append(payload: Uint8Array, points: number): Promise<void> {
    if (this.#closed) throw new OtlpError('CLOSED', 'the queue is closed');
    const taken = this.#queue.push(payload, points);
    this.#writing ??= this.#takeAll();
    return taken;
  }

  start(): LogPosition {
    return { after: (this.#records[0]?.sequence ?? this.last + 1) - 1, segment: 0, offset: 0 };
  }

  end(): LogPosition {
    return { after: this.last, segment: 0, offset: 0 };
  }

  async read(position: LogPosition, maxBytes: number, until: number): Promise<LogBatch | undefined> {
    const records: LogRecord[] = [];
    let bytes = 0;
    const first = this.#indexAfter(position.after);
    for (let i = first; i < this.#records.length; i++) {
      const record = this.#records[i]!;
      const isTooMuch = records.length > 0 && bytes + record.payload.length > maxBytes;
      if (record.sequence > until || isTooMuch) break;
      records.push(record);
      bytes += record.payload.length;
    }
    const last = records.at(-1);
    if (last === undefined) return undefined;
    const next = { after: last.sequence, segment: 0, offset: 0 };
    return { from: position.after + 1, to: last.sequence, records, start: position, next };
  }

  settle({ from, to }: LogBatch): number {
    const first = this.#indexAfter(from - 1);
    let count = 0;
    while (first + count < this.#records.length && this.#records[first + count]!.sequence <= to) count++;
    return this.#remove(first, count);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#room.free();
    await this.#writing;
    this.#remove(0, this.#records.length);
  }

  /** Records are in the order of their numbers. */
  #indexAfter(sequence: number): number {
    let low = 0;
    let high = this.#records.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#records[middle]!.sequence <= sequence) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #remove(first: number, count: number): number {
    let points = 0;
    for (const record of this.#records.splice(first, count)) {
      points += record.points;
      this.#bytes -= record.payload.length;
    }
    this.#points -= points;
    if (count > 0) this.#room.free();
    return points;
  }

  async #takeAll(): Promise<void> {
    while (this.#queue.length > 0) {
      const refusal = await this.#makeRoom(this.#queue.first!.payload.length);
      const [append] = this.#queue.take(0);
      if (refusal !== undefined) append!.reject(refusal);
      else this.#take(append!.payload, append!.points);
      if (refusal !== undefined) continue;
      append!.resolve();
      this.#listener.onAppended();
    }
    this.#writing = undefined;
  }

  #take(payload: Uint8Array, points: number): void {
    const sequence = ++this.last;
    const timeMs = this.#options.now();
    this.#records.push({ sequence, timeMs, pointsBefore: this.#pointsAfter, points, length: payload.length, payload });
    this.#pointsAfter += points;
    this.#points += points;
    this.#bytes += payload.length;
  }

  async #makeRoom(bytes: number): Promise<OtlpError | undefined> {
    const { limitBytes, fullPolicy } = this.#options;
    if (bytes > limitBytes) {
      return new OtlpError('QUEUE_FULL', `a record of ${bytes} bytes is larger than the queue may be (${limitBytes})`);
    }
    while (this.#bytes + bytes > limitBytes) {
      if (this.#closed) return new OtlpError('CLOSED', `the queue was closed while it was full (${this.#bytes} bytes)`);
      if (fullPolicy === 'drop-newest') {
        return new OtlpError('QUEUE_FULL', `the queue holds ${this.#bytes} bytes, the limit is ${limitBytes}`);
      }
      if (fullPolicy === 'drop-oldest') this.#listener.onDropped('queue_full', this.#remove(0, 1));
      else await this.#room.wait();
    }
    return undefined;
  }
}
