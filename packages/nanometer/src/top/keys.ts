import type { ReadStream } from 'node:tty';
import { SORT_KEYS, type SortKey } from './sort.ts';

/** What the keyboard asks for. */
export interface KeyActions {
  readonly quit: () => void;
  readonly sortBy: (key: SortKey) => void;
}

/**
 * Listens to single keys while a terminal is there: `q` quits, the first letter of a sort key sorts by it. Returns what puts
 * the terminal back.
 */
export function listenToKeys(
  input: Pick<ReadStream, 'setRawMode' | 'on' | 'off' | 'resume' | 'pause'>,
  actions: KeyActions,
): () => void {
  const onData = (data: Buffer): void => {
    for (const key of data.toString()) {
      // Raw mode hands Ctrl-C over as a character.
      if (key === 'q' || key === '\u0003') actions.quit();
      const sortKey = SORT_KEYS.find((name) => name.startsWith(key));
      if (sortKey !== undefined) actions.sortBy(sortKey);
    }
  };
  input.setRawMode(true);
  input.resume();
  input.on('data', onData);
  return () => {
    input.off('data', onData);
    input.setRawMode(false);
    input.pause();
  };
}
