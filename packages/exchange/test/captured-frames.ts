import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { sharedData } from '@nanometer/testing';

/** A message a recorder received from an exchange. */
export interface CapturedFrame {
  readonly receiveTimeMs: number;
  readonly payload: string;
}

/** Where the captures of eight exchanges are, or `undefined` without the shared data. */
export const CAPTURES: string | undefined = sharedData('market/ws-captures-8-exchanges.csv.gz');

/** The frames received, by exchange, in their order. */
export function capturedFrames(path: string): ReadonlyMap<string, readonly CapturedFrame[]> {
  const frames = new Map<string, CapturedFrame[]>();
  for (const [exchange = '', , seconds, direction, , payload = ''] of rowsOf(
    gunzipSync(readFileSync(path)).toString(),
  )) {
    if (direction !== 'in') continue;
    const known = frames.get(exchange) ?? [];
    known.push({ receiveTimeMs: Number(seconds) * 1000, payload });
    frames.set(exchange, known);
  }
  return frames;
}

/** Rows of a CSV text whose cells may be quoted. */
function* rowsOf(text: string): Generator<string[]> {
  const cell = /(?:"((?:[^"]|"")*)"|([^,\n]*))(,|\n|$)/gy;
  let row: string[] = [];
  while (cell.lastIndex < text.length) {
    const [, quoted, plain = '', end] = cell.exec(text) as RegExpExecArray;
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === ',') continue;
    yield row;
    row = [];
  }
}
