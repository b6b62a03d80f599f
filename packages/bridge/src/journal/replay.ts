import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RecordLog } from '@nanometer/exporter-otlp/log';
import type { BridgeState } from '../bridge-state.ts';
import { decodeEntry, type NumberedEntry, type VoidRange } from './entry-format.ts';
import type { Snapshot } from './snapshot-files.ts';
import { StateRestorer } from './state-snapshot.ts';

const READ_BYTES = 4 * 1024 * 1024;

/** What came of a replay. */
export interface Replayed {
  /** Number of the last entry that is known of. */
  readonly lastNumber: number;
  readonly entries: number;
  /** Entries that were in the log and are not any more, or cannot be read or repeated. */
  readonly entriesLost: number;
}

/** Brings an empty state to where the log ends. Throws when the snapshot does not fit the limits. */
export async function replay(log: RecordLog, snapshot: Snapshot | undefined, state: BridgeState): Promise<Replayed> {
  if (snapshot) {
    const restorer = new StateRestorer(state);
    for (const piece of snapshot.pieces) restorer.add(piece);
  }
  const after = snapshot?.sequence ?? 0;
  const voided: VoidRange[] = [];
  for await (const { item } of entriesOf(log, after)) voided.push(...(item?.voided ?? []));
  const isVoid = (number: number): boolean => voided.some(({ from, to }) => number >= from && number <= to);
  let lastNumber = snapshot?.number ?? 0;
  let entries = 0;
  let entriesLost = 0;
  for await (const { item } of entriesOf(log, after)) {
    if (item === undefined) {
      entriesLost++;
      continue;
    }
    for (let number = lastNumber + 1; number < item.number; number++) if (!isVoid(number)) entriesLost++;
    lastNumber = Math.max(lastNumber, item.number);
    if (isVoid(item.number)) continue;
    entries++;
    if (!repeat(state, item)) entriesLost++;
  }
  return { lastNumber, entries, entriesLost };
}

/** One entry that cannot be repeated must not take all others with it. */
function repeat(state: BridgeState, { entry }: NumberedEntry): boolean {
  try {
    state.replay(entry);
    return true;
  } catch {
    return false;
  }
}

/** Entries behind a sequence number; `item` is `undefined` for one that no version known here has written. */
async function* entriesOf(log: RecordLog, after: number): AsyncGenerator<{ item: NumberedEntry | undefined }> {
  const until = log.last;
  for (let position = log.start(); ;) {
    const batch = await log.read(position, READ_BYTES, until);
    if (batch === undefined) return;
    for (const { sequence, payload } of batch.records) if (sequence > after) yield { item: decodeEntry(payload) };
    position = batch.next;
    await nextTurn();
  }
}
