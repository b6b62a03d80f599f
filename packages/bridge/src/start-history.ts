import { History, HistoryError, type HistoryErrorCode, type PartDropCause } from '@nanometer/history';
import { BridgeError, type BridgeErrorCode } from './errors.ts';
import type { CheckedOptions } from './options.ts';

const CODES: Readonly<Partial<Record<HistoryErrorCode, BridgeErrorCode>>> = {
  INVALID_OPTION: 'INVALID_OPTION',
  FILE_IN_USE: 'STATE_IN_USE',
};

/**
 * Opens the history. A Node.js without SQLite is told of, and the bridge runs without a history.
 *
 * @throws BridgeError `INVALID_OPTION`, `STATE_IN_USE`, `STATE_UNUSABLE`.
 */
export async function startHistory(
  { history: options, seriesLimit, now, onTrouble }: CheckedOptions,
  onSettled: (points: number, cause: PartDropCause | undefined) => void,
): Promise<History | undefined> {
  if (options === undefined) return undefined;
  const { commitIntervalMillis: _, ...rest } = options;
  try {
    return await History.open({ seriesLimit, ...rest, now, onTrouble, onSettled });
  } catch (error) {
    if (!(error instanceof HistoryError)) throw error;
    if (error.code !== 'SQLITE_MISSING') {
      throw new BridgeError(CODES[error.code] ?? 'STATE_UNUSABLE', `history: ${error.message}`, 'history', error);
    }
    onTrouble(`${error.message}; the bridge runs without a history`);
    return undefined;
  }
}
