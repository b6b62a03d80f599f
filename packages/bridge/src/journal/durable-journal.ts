import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { serialize } from 'node:v8';
import { FileLog, OtlpError, problemListener, type RecordLog } from '@nanometer/exporter-otlp/log';
import type { BridgeState } from '../bridge-state.ts';
import { BridgeError } from '../errors.ts';
import type { DurableOptions } from './durable-options.ts';
import { encodeEntry } from './entry-format.ts';
import { type Entry, type Journal, JournalUnavailable } from './journal.ts';
import { replay } from './replay.ts';
import { type Snapshot, SnapshotFiles } from './snapshot-files.ts';
import { piecesOf } from './state-snapshot.ts';
import { VoidRanges } from './void-ranges.ts';

const SEGMENT_BYTES = 8 * 1024 * 1024;
/** Longest that a snapshot keeps the event loop at a time. */
const SNAPSHOT_TURN_MS = 2;

/** What a journal has done. */
export interface JournalStats {
  /** Of the log, what a snapshot stands for and is not deleted yet included. */
  readonly logBytes: number;
  /** Entries kept since the start. */
  readonly entries: number;
  /** Entries that could not be kept; their senders were told to try again. */
  readonly refused: number;
  readonly snapshots: number;
  /** Entries repeated at the start. */
  readonly replayed: number;
  /** Entries of earlier lives that the disk did not give back. */
  readonly entriesLost: number;
}

/**
 * Keeps entries in a log on disk before they take effect, and saves the whole state now and then so that the log stays short. Entries
 * that arrive while the disk is busy are written and synced together.
 */
export class DurableJournal implements Journal {
  /** When the first bridge on this folder began, Unix milliseconds. */
  readonly startedAtMs: number;
  readonly #log: RecordLog;
  readonly #snapshots: SnapshotFiles;
  readonly #snapshotBytes: number;
  readonly #queueLimitBytes: number;
  readonly #onTrouble: (text: string) => void;
  readonly #voided = new VoidRanges();
  #state: BridgeState | undefined;
  #lastNumber = 0;
  #bytesSinceSnapshot = 0;
  #lastSequence = 0;
  /** Commits that the log has not answered, and who waits for there to be none. */
  #outstanding = 0;
  #onQuiet: (() => void) | undefined;
  /** Present while a snapshot is taken: commits wait for it. */
  #pause: Promise<void> | undefined;
  #pausedBytes = 0;
  #saving: Promise<void> | undefined;
  #isTroubled = false;
  #isFull = false;
  #isClosed = false;
  #counts = { entries: 0, refused: 0, snapshots: 0, replayed: 0, entriesLost: 0 };

  private constructor(options: DurableOptions, log: RecordLog, startedAtMs: number, onTrouble: (text: string) => void) {
    this.startedAtMs = startedAtMs;
    this.#log = log;
    this.#snapshots = new SnapshotFiles(options.directory, options.fsync !== 'never');
    this.#snapshotBytes = options.snapshotBytes;
    this.#queueLimitBytes = options.queueLimitBytes;
    this.#onTrouble = onTrouble;
  }

  /** Opens a folder, or begins one. Throws `BridgeError` `STATE_IN_USE`, `STATE_UNUSABLE`. */
  static async open(
    options: DurableOptions,
    now: () => number,
    onTrouble: (text: string) => void,
  ): Promise<DurableJournal> {
    const { directory, logLimitBytes, queueLimitBytes, fsync, fsyncIntervalMillis } = options;
    const log = new FileLog(
      {
        directory,
        limitBytes: logLimitBytes,
        segmentBytes: Math.min(SEGMENT_BYTES, Math.ceil(logLimitBytes / 8)),
        pendingLimitBytes: queueLimitBytes,
        fullPolicy: 'drop-newest',
        fsync,
        fsyncIntervalMs: fsyncIntervalMillis,
        now,
      },
      problemListener(onTrouble),
    );
    try {
      await mkdir(directory, { recursive: true });
      await log.open();
      return new DurableJournal(options, log, await startedAt(directory, now()), onTrouble);
    } catch (error) {
      throw unusable(directory, error);
    }
  }

  /** Brings an empty state to where the last life ended. To be called once, before the first commit. */
  async recover(state: BridgeState): Promise<void> {
    const snapshot = await this.#lastSnapshot();
    const { lastNumber, entries, entriesLost } = await replay(this.#log, snapshot, state);
    this.#lastNumber = lastNumber;
    this.#lastSequence = snapshot?.sequence ?? 0;
    this.#state = state;
    this.#counts.replayed = entries;
    this.#counts.entriesLost = entriesLost;
    this.#bytesSinceSnapshot = this.#log.holdings.bytes;
    if (entriesLost > 0) this.#onTrouble(`${entriesLost} entries of the state's log could not be read back`);
  }

  async #lastSnapshot(): Promise<Snapshot | undefined> {
    for (const sequence of await this.#snapshots.list()) {
      const snapshot = await this.#snapshots.read(sequence);
      if (snapshot) return snapshot;
      this.#onTrouble(`the saved state ${sequence} is damaged; the one before is used`);
    }
    return undefined;
  }

  async commit(entry: Entry, apply: () => void): Promise<void> {
    const size = entry.kind === 'request' ? entry.bytes.length : 64;
    if (this.#pause) await this.#waitForPause(size);
    if (this.#isClosed) throw new JournalUnavailable('the bridge is closing');
    const number = ++this.#lastNumber;
    const voided = this.#voided.list;
    const payload = encodeEntry({ number, voided, entry });
    this.#outstanding++;
    try {
      // The log answers in the order it was asked, so that entries are applied in theirs.
      await this.#log.append(payload, 0);
      this.#voided.told(voided);
      this.#isTroubled = false;
      this.#counts.entries++;
      this.#bytesSinceSnapshot += payload.length;
      apply();
    } catch (error) {
      throw error instanceof OtlpError ? this.#refused(number, error) : error;
    } finally {
      if (--this.#outstanding === 0) this.#onQuiet?.();
    }
    if (this.#bytesSinceSnapshot >= this.#snapshotBytes) void this.save();
  }

  async #waitForPause(size: number): Promise<void> {
    if (this.#pausedBytes + size > this.#queueLimitBytes) {
      this.#counts.refused++;
      throw new JournalUnavailable(
        `${this.#pausedBytes} bytes wait for the disk, the limit is ${this.#queueLimitBytes}`,
      );
    }
    this.#pausedBytes += size;
    while (this.#pause) await this.#pause;
    this.#pausedBytes -= size;
  }

  #refused(number: number, error: OtlpError): JournalUnavailable {
    this.#counts.refused++;
    this.#voided.add(number);
    if (!this.#isTroubled) this.#onTrouble(`nothing more is taken, senders are asked to try again: ${error.message}`);
    this.#isTroubled = true;
    if (error.code === 'QUEUE_FULL') this.#isFull = true;
    if (this.#isFull) void this.save();
    return new JournalUnavailable(error.message);
  }

  /** Saves the whole state, and lets go of the log before the last saved one. Never rejects. */
  save(): Promise<void> {
    this.#saving ??= this.#save()
      .catch((error: unknown) => {
        this.#onTrouble(`the state could not be saved; the log grows: ${String(error)}`);
        // Not at the very next entry again.
        this.#bytesSinceSnapshot = this.#snapshotBytes / 2;
      })
      .finally(() => {
        this.#saving = undefined;
      });
    return this.#saving;
  }

  async #save(): Promise<void> {
    const isFull = this.#isFull;
    const { sequence, number, pieces } = await this.#frozen();
    const before = this.#lastSequence;
    if (sequence !== before) {
      await this.#snapshots.write(sequence, number, pieces);
      this.#counts.snapshots++;
      this.#lastSequence = sequence;
      const [, ...older] = (await this.#snapshots.list()).filter((each) => each !== sequence);
      for (const each of older) await this.#snapshots.delete(each);
    }
    // The log is kept from the snapshot before on: should the last one be damaged, nothing is lost. Unless there is no room.
    const settled = isFull ? sequence : before;
    this.#isFull = false;
    const position = this.#log.start();
    if (settled > position.after) {
      this.#log.settle({ from: position.after + 1, to: settled, records: [], start: position, next: position });
    }
  }

  /** The state, serialized while nothing changes it; what comes in meanwhile waits. */
  async #frozen(): Promise<{ sequence: number; number: number; pieces: Buffer[] }> {
    let resume = (): void => {};
    this.#pause = new Promise((resolve) => {
      resume = resolve;
    });
    try {
      if (this.#outstanding > 0) {
        await new Promise<void>((resolve) => {
          this.#onQuiet = resolve;
        });
        this.#onQuiet = undefined;
      }
      const pieces: Buffer[] = [];
      let turnEndMs = performance.now() + SNAPSHOT_TURN_MS;
      for (const piece of piecesOf(this.#state!)) {
        pieces.push(serialize(piece));
        if (performance.now() < turnEndMs) continue;
        await nextTurn();
        turnEndMs = performance.now() + SNAPSHOT_TURN_MS;
      }
      this.#bytesSinceSnapshot = 0;
      return { sequence: this.#log.last, number: this.#lastNumber, pieces };
    } finally {
      this.#pause = undefined;
      resume();
    }
  }

  stats(): JournalStats {
    return { logBytes: this.#log.holdings.bytes, ...this.#counts };
  }

  /** Takes no more, and closes the log. */
  async close(): Promise<void> {
    await this.#saving;
    this.#isClosed = true;
    await this.#log.close();
  }
}

/** What the first bridge on a folder wrote down; of the `auto` policy for first values, "before" means before it. */
async function startedAt(directory: string, nowMs: number): Promise<number> {
  const path = join(directory, 'started');
  try {
    const text = await readFile(path, 'utf8');
    if (/^\d+\n$/.test(text)) return Number(text);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  await writeFile(path, `${Math.round(nowMs)}\n`, { flush: true });
  return Math.round(nowMs);
}

function unusable(directory: string, error: unknown): BridgeError {
  const message = error instanceof Error ? error.message : String(error);
  const isLocked = error instanceof OtlpError && error.code === 'LOG_LOCKED';
  return isLocked
    ? new BridgeError(
        'STATE_IN_USE',
        `stateDirectory ${directory} is in use by another bridge: ${message}`,
        'stateDirectory',
        error,
      )
    : new BridgeError(
        'STATE_UNUSABLE',
        `stateDirectory ${directory} cannot be used: ${message}`,
        'stateDirectory',
        error,
      );
}
