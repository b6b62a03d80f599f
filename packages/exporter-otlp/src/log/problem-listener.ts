import type { LogListener } from './record-log.ts';

/** A listener for a log that its owner reads and counts by itself: only problems are told, as text. */
export function problemListener(onTrouble: (text: string) => void): LogListener {
  return {
    onAppended: () => {},
    onDropped: () => {},
    onRecovered: () => {},
    onSynced: () => {},
    onProblem: (what, error) => onTrouble(error instanceof Error ? `${what}: ${error.message}` : what),
  };
}
