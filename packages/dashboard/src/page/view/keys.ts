import { TIME_WINDOWS } from './view-state.ts';

/** What the keys do. */
export interface KeyActions {
  readonly help: () => void;
  readonly pause: () => void;
  readonly filter: () => void;
  readonly clear: () => void;
  readonly window: (ms: number) => void;
}

/** Binds the page's keys; what is typed into a field stays there, and keys with modifiers belong to the browser. */
export function bindKeys(actions: KeyActions): void {
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Escape') {
      actions.clear();
      return;
    }
    if (event.target instanceof HTMLInputElement) return;
    const chosen = TIME_WINDOWS[Number(event.key) - 1];
    if (chosen !== undefined) actions.window(chosen.ms);
    else if (event.key === '?') actions.help();
    else if (event.key === 'p') actions.pause();
    else if (event.key === '/') actions.filter();
    else return;
    event.preventDefault();
  });
}
