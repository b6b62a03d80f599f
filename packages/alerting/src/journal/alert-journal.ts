import { mkdir } from 'node:fs/promises';
import { FileLog, type FsyncPolicy, problemListener, type RecordLog } from '@nanometer/exporter-otlp/log';
import { AlertingError } from '../errors.ts';
import type { Entry, SavedState } from './entry.ts';
import { readSnapshot, type Snapshot, writeSnapshot } from './snapshot-file.ts';

/** How a center keeps its state on disk. */
export interface JournalOptions {
  readonly directory: string;
  readonly fsync: FsyncPolicy;
  /** Most bytes of the log; beyond it changes are kept in memory only, and that is said. */
  readonly limitBytes: number;
  /** Bytes of log after which the whole state is saved. */
  readonly snapshotBytes: number;
  readonly now: () => number;
  readonly onTrouble: (text: string) => void;
}

/** What an earlier life left. */
export interface Recovered {
  readonly state: SavedState | undefined;
  /** Changes since, in order. */
  readonly entries: readonly Entry[];
}

const READ_BYTES = 4 * 1024 * 1024;

/** An append-only log of changes with checksums, and now and then the whole state. A folder has one writer. */
export class AlertJournal {
  readonly recovered: Recovered;
  readonly #options: JournalOptions;
  readonly #log: RecordLog;
  #number: number;
  /** Sequence of the log that the last snapshot stands for. */
  #savedSequence: number;
  #bytesSinceSnapshot = 0;
  #last: Promise<void> = Promise.resolve();
  #saving: Promise<void> | undefined;
  #isTroubled = false;
  /** Changes the log did not take: so far, when a snapshot was last tried for them, and in the last snapshot. */
  #failures = { all: 0, tried: 0, saved: 0 };

  private constructor(options: JournalOptions, log: RecordLog, snapshot: Snapshot | undefined, read: ReadEntries) {
    this.#options = options;
    this.#log = log;
    this.#number = Math.max(snapshot?.number ?? 0, read.lastNumber);
    this.#savedSequence = snapshot?.sequence ?? 0;
    this.recovered = { state: snapshot?.state, entries: read.entries };
  }

  /** Opens a folder, or begins one. @throws AlertingError `STATE_UNUSABLE` */
  static async open(options: JournalOptions): Promise<AlertJournal> {
    const { directory, limitBytes, fsync, now, onTrouble } = options;
    const log = new FileLog(
      {
        directory,
        limitBytes,
        segmentBytes: Math.min(8 * 1024 * 1024, Math.ceil(limitBytes / 8)),
        pendingLimitBytes: limitBytes,
        fullPolicy: 'drop-newest',
        fsync,
        fsyncIntervalMs: 1000,
        now,
      },
      problemListener(onTrouble),
    );
    try {
      await mkdir(directory, { recursive: true });
      await log.open();
      const snapshot = await readSnapshot(directory, onTrouble);
      return new AlertJournal(options, log, snapshot, await readEntries(log, snapshot?.number ?? 0));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new AlertingError('STATE_UNUSABLE', `the alerts' state in ${directory} cannot be used: ${why}`, error);
    }
  }

  /** Appends a change, in the background; never rejects: what cannot be kept goes on in memory. */
  append(entry: Entry): void {
    const payload = Buffer.from(JSON.stringify({ n: ++this.#number, ...entry }), 'utf8');
    this.#bytesSinceSnapshot += payload.length;
    this.#last = this.#appendTo(payload);
  }

  async #appendTo(payload: Buffer): Promise<void> {
    try {
      await this.#log.append(payload, 1);
      this.#isTroubled = false;
    } catch (error) {
      if (!this.#isTroubled) this.#options.onTrouble(`alerts are not kept on disk: ${String(error)}`);
      this.#isTroubled = true;
      this.#failures.all++;
    }
  }

  /**
   * Resolves when all changes so far are on disk, or cannot be. What the log did not take is tried once more, in a snapshot: appended
   * again it would come after later changes.
   */
  async durable(state: () => SavedState): Promise<void> {
    await this.#last;
    const failures = this.#failures;
    if (failures.saved === failures.all) return;
    if (failures.tried === failures.all) {
      await this.#saving;
      return;
    }
    // One under way may have begun before.
    await this.#saving;
    failures.tried = failures.all;
    await this.save(state);
  }

  /** Saves the state when the log has grown long enough, or lacks a change. */
  saveIfDue(state: () => SavedState): void {
    if (this.#bytesSinceSnapshot >= this.#options.snapshotBytes || this.#failures.saved < this.#failures.all)
      void this.save(state);
  }

  /** Saves the state, and lets go of the log before the last snapshot but one. Never rejects. */
  save(state: () => SavedState): Promise<void> {
    this.#saving ??= this.#save(state)
      .catch((error: unknown) => this.#options.onTrouble(`the alerts' state could not be saved: ${String(error)}`))
      .finally(() => {
        this.#saving = undefined;
      });
    return this.#saving;
  }

  async #save(state: () => SavedState): Promise<void> {
    // Numbers are given in the order of the log: what is written by now is in the state, and what is under way has a
    // number that tells the next reader to skip it.
    const snapshot = { number: this.#number, sequence: this.#log.last, state: state() };
    const failures = this.#failures.all;
    this.#bytesSinceSnapshot = 0;
    await writeSnapshot(this.#options.directory, snapshot);
    this.#failures.saved = failures;
    // The log is kept from the snapshot before on: should the last one be damaged, nothing is lost.
    const settled = this.#isTroubled ? snapshot.sequence : this.#savedSequence;
    this.#savedSequence = snapshot.sequence;
    const start = this.#log.start();
    if (settled > start.after)
      this.#log.settle({ from: start.after + 1, to: settled, records: [], start, next: start });
  }

  async close(state: () => SavedState): Promise<void> {
    await this.#last;
    await this.#saving;
    await this.save(state);
    await this.#log.close();
  }
}

interface ReadEntries {
  readonly entries: readonly Entry[];
  readonly lastNumber: number;
}

async function readEntries(log: RecordLog, after: number): Promise<ReadEntries> {
  const entries: Entry[] = [];
  let lastNumber = after;
  for (let position = log.start(); ;) {
    const batch = await log.read(position, READ_BYTES, log.last);
    if (batch === undefined) return { entries, lastNumber };
    for (const { payload } of batch.records) {
      const { n, ...entry } = JSON.parse(Buffer.from(payload).toString('utf8')) as Entry & { n: number };
      if (n <= lastNumber) continue;
      lastNumber = n;
      entries.push(entry as Entry);
    }
    position = batch.next;
  }
}
