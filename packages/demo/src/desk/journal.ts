import { closeSync, fdatasync, fsyncSync, ftruncateSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import type { Fill } from '@nanometer/quant';
import { DemoError } from '../errors.ts';
import {
  type JournalContents,
  type JournalEntry,
  type JournalLine,
  type JournalMarket,
  type JournalPeriod,
  journalPath,
  lineOf,
  readJournal,
  sliceEnd,
} from './desk-state.ts';

/** Quiet market time after which a slice is written all the same, so that little of it is traded twice. */
const QUIET_MS = 1_000;
const BYTES_LIMIT = 256 * 2 ** 20;

/** How much a {@link Journal} may hold, and who is told of its troubles. */
export interface JournalOptions {
  /** Most bytes of the file; a slice that would make it longer is not kept, nor any after it. Default 256 MiB. */
  readonly bytesLimit?: number | undefined;
  /** Told, once each, that the state was damaged, is full or cannot be written; begins with the code. */
  readonly onNotice?: ((text: string) => void) | undefined;
}

/**
 * The desk's state as the events that lead to it, a JSON document per line. The events of a slice of market time are
 * written with one write, and count once the line that ends the slice is there, before the slice is answered: after a
 * kill the market goes on with the first slice the journal does not hold, and nothing is booked twice or missed.
 *
 * Of a kill of the process nothing is lost. For one of the machine the file is synced all the time, beside the trading
 * and never twice at once: what it then lacks is what was written since the last sync began, whole slices of it.
 */
export class Journal {
  readonly #file: number;
  readonly #found: JournalContents | undefined;
  readonly #bytesLimit: number;
  readonly #onNotice: (text: string) => void;
  #bytes: number;
  #pending: string[] = [];
  #writtenMs: number;
  /** False once a slice could not be kept: one after it would have a gap before it. */
  #isKept = true;
  #isSyncing = false;
  #isSynced = true;
  #isClosed = false;

  /**
   * Makes the folder where there is none, and leaves off what a kill cut short. A damaged file is put aside as
   * `desk.jsonl.damaged`, in place of an earlier one, and the desk starts from empty.
   * @throws DemoError `invalid_option` for a folder that cannot be used, or that holds the state of another market.
   */
  constructor(directory: string, market: JournalMarket, { bytesLimit = BYTES_LIMIT, onNotice }: JournalOptions = {}) {
    if (!(Number.isSafeInteger(bytesLimit) && bytesLimit >= 1)) {
      throw new DemoError('invalid_option', `stateBytesLimit: expected a whole number from 1, found ${bytesLimit}`);
    }
    this.#bytesLimit = bytesLimit;
    this.#onNotice = onNotice ?? (() => undefined);
    const path = journalPath(directory);
    try {
      mkdirSync(directory, { recursive: true });
      this.#found = this.#read(path);
      this.#file = openSync(path, 'a');
      this.#bytes = this.#found?.length ?? 0;
      ftruncateSync(this.#file, this.#bytes);
      syncFolder(directory);
    } catch (cause) {
      throw new DemoError('invalid_option', `stateDirectory: ${(cause as Error).message}`, { cause });
    }
    const found = this.#found?.market;
    if (found !== undefined && JSON.stringify(found) !== JSON.stringify(market)) {
      closeSync(this.#file);
      const names = `${found.mode} ${found.name}, and the market is ${market.mode} ${market.name}`;
      const text = `stateDirectory: ${directory} holds the state of ${names}; choose another folder for it`;
      throw new DemoError('invalid_option', text);
    }
    this.#writtenMs = this.marketTimeMs;
    if (found === undefined) this.#push({ market });
    this.#push({ run: this.run });
  }

  /** What earlier desks left, oldest first. */
  get entries(): readonly JournalEntry[] {
    return this.#found?.entries ?? [];
  }

  /** Number of this desk, from 1. */
  get run(): number {
    return (this.#found?.runs ?? 0) + 1;
  }

  /** Market time at which this desk goes on. */
  get marketTimeMs(): number {
    return this.#found?.marketTimeMs ?? 0;
  }

  /** Whether everything so far is, or will be, in the file. */
  get isKept(): boolean {
    return this.#isKept;
  }

  /** A fill, and the mid of its market then, which coins may have had their rate from. */
  fill(fill: Fill, mid: number): void {
    this.#push({ fill, mid });
  }

  period(period: JournalPeriod): void {
    this.#push({ period });
  }

  /** Ends a slice that ended at this market time; writes it when it holds something, or after a quiet while. */
  commit(marketTimeMs: number): void {
    if (!this.#isKept) return;
    if (this.#pending.length === 0 && marketTimeMs - this.#writtenMs < QUIET_MS) return;
    const lines = this.#pending.join('');
    this.#pending = [];
    this.#writtenMs = marketTimeMs;
    const bytes = Buffer.from(lines + sliceEnd(lines, marketTimeMs));
    if (this.#bytes + bytes.length > this.#bytesLimit) {
      this.#giveUp(`state_full: the state has reached its limit of ${this.#bytesLimit} bytes (stateBytesLimit)`);
      return;
    }
    try {
      for (let at = 0; at < bytes.length;) at += writeSync(this.#file, bytes, at);
    } catch (error) {
      // A part that was written has no end of a slice, or the wrong checksum is cut off: it does not count.
      this.#giveUp(`state_unwritable: ${(error as Error).message}`);
      return;
    }
    this.#bytes += bytes.length;
    this.#isSynced = false;
    this.#sync();
  }

  /** What was not committed is not kept. A sync under way ends first. */
  close(): void {
    this.#isClosed = true;
    this.#isKept = false;
    if (!this.#isSyncing) this.#end();
  }

  #read(path: string): JournalContents | undefined {
    try {
      return readJournal(path);
    } catch (error) {
      if (!(error instanceof DemoError)) throw error;
      const aside = `${path}.damaged`;
      renameSync(path, aside);
      this.#onNotice(`state_damaged: ${error.message}; it is kept as ${aside}, and the desk starts from empty`);
      return undefined;
    }
  }

  #push(line: JournalLine): void {
    if (this.#isKept) this.#pending.push(lineOf(line));
  }

  #giveUp(text: string): void {
    this.#isKept = false;
    this.#pending = [];
    try {
      ftruncateSync(this.#file, this.#bytes);
    } catch {
      // What was cut short is left off by who reads it.
    }
    this.#onNotice(
      `${text}; the desk trades on, and after a kill goes on from market time ${this.#writtenMs} ms or before`,
    );
  }

  #sync(): void {
    if (this.#isSyncing) return;
    this.#isSyncing = true;
    this.#isSynced = true;
    fdatasync(this.#file, (error) => {
      this.#isSyncing = false;
      if (error !== null && this.#isKept) this.#giveUp(`state_unwritable: ${error.message}`);
      if (this.#isClosed) this.#end();
      else if (!this.#isSynced) this.#sync();
    });
  }

  #end(): void {
    try {
      fsyncSync(this.#file);
    } catch {
      // Nobody is left who could do anything about it; what is not on disk is left off at the next start.
    }
    closeSync(this.#file);
  }
}

/** So that the file's name survives the machine too. */
function syncFolder(directory: string): void {
  // Windows opens no folders; its file systems journal names by themselves.
  if (process.platform === 'win32') return;
  const folder = openSync(directory, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
