import { closeSync, existsSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Fill } from '@nanometer/quant';
import { DemoError } from '../errors.ts';
import type { MarketMode } from '../market/market-feed.ts';

const FILE = 'desk.jsonl';
const NEWLINE = 0x0a;
/** Quiet market time after which a slice is written all the same, so that little of it is traded twice. */
const QUIET_MS = 1_000;

/** The market that a journal belongs to: on another one its positions mean nothing. */
export interface JournalMarket {
  readonly mode: MarketMode;
  readonly name: string;
  /** `exchange/symbol`; marks name a market by its index in here. */
  readonly symbols: readonly string[];
}

/** The end of a period of the desk's clock. */
export interface JournalPeriod {
  /** Unix milliseconds of the market. */
  readonly endMs: number;
  /** Index of a market and its mid, of markets whose mid changed in the period. */
  readonly marks: readonly (readonly [market: number, mid: number])[];
  /** Orders sent so far, by strategy. */
  readonly orders: Readonly<Record<string, number>>;
}

/** What a desk has to be told again to be where it was. */
export type JournalEntry = { readonly fill: Fill; readonly mid: number } | { readonly period: JournalPeriod };

/** What is known of a desk's state without starting it. */
export interface DeskState {
  readonly market: JournalMarket;
  /** Market time of the last slice that is in the journal to its end. */
  readonly marketTimeMs: number;
  /** Desks that have written to it. */
  readonly runs: number;
  readonly entries: readonly JournalEntry[];
}

interface Contents extends DeskState {
  /** Bytes up to the end of the last whole slice. */
  readonly length: number;
}

type Line = JournalEntry | { readonly market: JournalMarket } | { readonly run: number } | { readonly slice: number };

/** Reads the state in a folder; undefined where there is none. @throws DemoError `invalid_option` */
export function readDeskState(directory: string): DeskState | undefined {
  return read(join(directory, FILE));
}

/**
 * The desk's state as the events that lead to it, a JSON document per line. The events of a slice of market time are
 * written with one write, and count once the line that ends the slice is there, before the slice is answered: after a
 * kill the market goes on with the first slice the journal does not hold, and nothing is booked twice or missed. It
 * outlives the process, not the machine: nothing is fsynced.
 */
export class Journal {
  readonly #file: number;
  readonly #found: Contents | undefined;
  #pending: string[] = [];
  #writtenMs: number;

  /** Makes the folder where there is none, and leaves off what a kill cut short. @throws DemoError `invalid_option` */
  constructor(directory: string, market: JournalMarket) {
    const path = join(directory, FILE);
    try {
      mkdirSync(directory, { recursive: true });
      this.#found = read(path);
      this.#file = openSync(path, 'a');
      ftruncateSync(this.#file, this.#found?.length ?? 0);
    } catch (cause) {
      if (cause instanceof DemoError) throw cause;
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

  /** A fill, and the mid of its market then, which coins may have had their rate from. */
  fill(fill: Fill, mid: number): void {
    this.#push({ fill, mid });
  }

  period(period: JournalPeriod): void {
    this.#push({ period });
  }

  /** Ends a slice that ended at this market time; writes it when it holds something, or after a quiet while. */
  commit(marketTimeMs: number): void {
    if (this.#pending.length === 0 && marketTimeMs - this.#writtenMs < QUIET_MS) return;
    this.#push({ slice: marketTimeMs });
    this.#writtenMs = marketTimeMs;
    const bytes = Buffer.from(this.#pending.join(''));
    this.#pending = [];
    for (let at = 0; at < bytes.length;) at += writeSync(this.#file, bytes, at);
  }

  /** What was not committed is not kept. */
  close(): void {
    closeSync(this.#file);
  }

  #push(line: Line): void {
    this.#pending.push(`${JSON.stringify(line)}\n`);
  }
}

function read(path: string): Contents | undefined {
  if (!existsSync(path)) return undefined;
  const bytes = readFileSync(path);
  let market: JournalMarket | undefined;
  let marketTimeMs = 0;
  let runs = 0;
  let length = 0;
  const entries: JournalEntry[] = [];
  let open: JournalEntry[] = [];
  let openRuns = 0;
  for (let start = 0, line = 1; start < bytes.length; line++) {
    const end = bytes.indexOf(NEWLINE, start);
    // A kill can cut a write short: what has no end is not counted.
    if (end < 0) break;
    const found = parse(bytes.toString('utf8', start, end), path, line);
    start = end + 1;
    if ('market' in found) market = found.market;
    else if ('run' in found) openRuns = found.run;
    else if ('slice' in found) {
      entries.push(...open);
      open = [];
      runs = Math.max(runs, openRuns);
      marketTimeMs = found.slice;
      length = start;
    } else open.push(found);
  }
  return market === undefined || length === 0 ? undefined : { market, marketTimeMs, runs, entries, length };
}

function parse(text: string, path: string, line: number): Line {
  try {
    const found = JSON.parse(text) as Line | null;
    if (typeof found === 'object' && found !== null) return found;
  } catch {
    // Told below, with its place.
  }
  const message = `stateDirectory: ${path}:${line}: expected a JSON object, found ${JSON.stringify(text.slice(0, 40))}`;
  throw new DemoError('invalid_option', message);
}
