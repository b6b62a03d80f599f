import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Fill } from '@nanometer/quant';
import { DemoError } from '../errors.ts';
import type { MarketMode } from '../market/market-feed.ts';

const NEWLINE = 0x0a;

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

/** A state, and the bytes up to the end of its last whole slice. */
export interface JournalContents extends DeskState {
  readonly length: number;
}

/** The end of a slice of market time, and the checksum of all its lines before and of that time. */
interface SliceEnd {
  readonly slice: number;
  readonly crc: number;
}

/** A line of the journal. */
export type JournalLine = JournalEntry | { readonly market: JournalMarket } | { readonly run: number } | SliceEnd;

/** The journal of a folder. */
export function journalPath(directory: string): string {
  return join(directory, 'desk.jsonl');
}

/** The line that ends a slice. */
export function sliceEnd(lines: string, marketTimeMs: number): string {
  return lineOf({ slice: marketTimeMs, crc: checksum(lines, marketTimeMs) });
}

function checksum(lines: string | Uint8Array, marketTimeMs: number): number {
  return crc32(String(marketTimeMs), crc32(lines));
}

/** A line as it stands in the file. */
export function lineOf(line: JournalLine): string {
  return `${JSON.stringify(line)}\n`;
}

/**
 * Reads the state in a folder; undefined where there is none, or where what is there is damaged: a desk then starts from
 * empty and says so.
 */
export function readDeskState(directory: string): DeskState | undefined {
  try {
    return readJournal(journalPath(directory));
  } catch (error) {
    if (error instanceof DemoError) return undefined;
    throw error;
  }
}

/**
 * Reads a journal up to the end of its last whole slice: what a kill cut short is left off.
 * @throws DemoError `state_damaged` for a whole slice that is not as it was written.
 */
export function readJournal(path: string): JournalContents | undefined {
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
    if (end < 0) break;
    const found = parse(bytes.toString('utf8', start, end), `${path}:${line}`);
    const crc = 'slice' in found ? checksum(bytes.subarray(length, start), found.slice) : 0;
    start = end + 1;
    if ('market' in found) market = found.market;
    else if ('run' in found) openRuns = found.run;
    else if ('slice' in found) {
      if (found.crc !== crc || market === undefined)
        throw damaged(`${path}:${line}`, `checksum ${crc}`, `${found.crc}`);
      entries.push(...open);
      open = [];
      runs = Math.max(runs, openRuns);
      marketTimeMs = found.slice;
      length = start;
    } else open.push(found);
  }
  return market === undefined || length === 0 ? undefined : { market, marketTimeMs, runs, entries, length };
}

function parse(text: string, place: string): JournalLine {
  try {
    const found = JSON.parse(text) as JournalLine | null;
    if (typeof found === 'object' && found !== null) return found;
  } catch {
    // Told below, with its place.
  }
  throw damaged(place, 'a JSON object', JSON.stringify(text.slice(0, 40)));
}

function damaged(place: string, expected: string, found: string): DemoError {
  return new DemoError('state_damaged', `stateDirectory: ${place}: expected ${expected}, found ${found}`);
}
