import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ReplayError } from '../errors.ts';
import type { MarketFeed } from '../market/market-feed.ts';
import { FileSource } from './file-source.ts';
import { detectLayout, type FileLayout, KNOWN_NAMES, type NamedFile, parseFileName } from './layout.ts';
import { readLines } from './line-reader.ts';
import { ReplayFeed } from './replay-feed.ts';

/**
 * Opens recorded market data: one file, or every file of a folder that is market data by its name. The first rows of
 * each file are read, so that an unusable file fails here and not in mid-run.
 * @throws ReplayError
 */
export async function openReplay(path: string): Promise<MarketFeed> {
  const notices: string[] = [];
  const files = await listFiles(path, notices);
  const sources: FileSource[] = [];
  try {
    for (const [file, named] of preferTrades(files, notices)) {
      const layout = await readLayout(file, named);
      if (layout === undefined) {
        notices.push(`${basename(file)}: skipped, it has no rows`);
        continue;
      }
      const source = new FileSource(layout);
      sources.push(source);
      await source.fill();
    }
    const filled = sources.filter((source) => source.head !== undefined);
    if (filled.length === 0) {
      throw new ReplayError('empty', `${path}: expected rows of market data, found none`);
    }
    return new ReplayFeed(path, filled, notices);
  } catch (error) {
    for (const source of sources) await source.close();
    throw error;
  }
}

async function listFiles(path: string, notices: string[]): Promise<[string, NamedFile][]> {
  let isDirectory: boolean;
  try {
    isDirectory = (await stat(path)).isDirectory();
  } catch (cause) {
    throw new ReplayError('not_found', `${path}: expected a file or folder of market data, found nothing`, { cause });
  }
  if (!isDirectory) {
    const named = parseFileName(path);
    if (named) return [[path, named]];
    throw new ReplayError('unknown_layout', `${path}: expected a name like ${KNOWN_NAMES}, found ${basename(path)}`);
  }
  const names = (await readdir(path)).sort();
  if (names.length === 0)
    throw new ReplayError('empty', `${path}: expected files of market data, found an empty folder`);
  const files: [string, NamedFile][] = [];
  const seen = new Set<string>();
  const skipped: string[] = [];
  for (const name of names) {
    const named = parseFileName(name);
    if (named === undefined) skipped.push(name);
    else if (seen.has(named.stem)) notices.push(`${name}: skipped, the same data is there under another ending`);
    else files.push([join(path, name), named]);
    if (named) seen.add(named.stem);
  }
  if (files.length === 0) {
    throw new ReplayError('no_market_data', `${path}: expected files named ${KNOWN_NAMES}, found ${names.join(', ')}`);
  }
  if (skipped.length > 0) notices.push(`skipped, not market data by name: ${skipped.join(', ')}`);
  return files;
}

/** A day's trades and aggregate trades are the same trades twice. */
function preferTrades(files: [string, NamedFile][], notices: string[]): [string, NamedFile][] {
  const key = (file: NamedFile & { kind: 'binance' }): string => `${file.symbol} ${file.date}`;
  const withTrades = new Set<string>();
  for (const [, named] of files) {
    if (named.kind === 'binance' && named.content === 'trades') withTrades.add(key(named));
  }
  return files.filter(([path, named]) => {
    const twice = named.kind === 'binance' && named.content === 'aggTrades' && withTrades.has(key(named));
    if (twice) notices.push(`${basename(path)}: skipped, the day's trades are there one by one`);
    return !twice;
  });
}

async function readLayout(path: string, named: NamedFile): Promise<FileLayout | undefined> {
  const lines = readLines(path);
  try {
    const { value } = await lines.next();
    const firstLine = value?.lines[0];
    return firstLine === undefined || firstLine === '' ? undefined : detectLayout(path, named, firstLine);
  } finally {
    await lines.return();
  }
}
