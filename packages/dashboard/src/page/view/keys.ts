import { TIME_WINDOWS } from './view-state.ts';

/** What the keys do. */
export interface KeyActions {
  readonly help: () => void;
  readonly pause: () => void;
  readonly filter: () => void;
  readonly clear: () => void;
  readonly window: (ms: number) => void;
  readonly fullScreen: () => void;
  /** Goes to the panel with this id. */
  readonly go: (panel: string) => void;
}

/** Where `g` and a second key lead. */
const PLACES: Readonly<Record<string, string>> = {
  r: 'exposure',
  p: 'positions',
  s: 'strategies',
  m: 'markouts',
  c: 'correlation',
  f: 'feeds',
  h: 'history',
  v: 'topology',
  a: 'alerts',
  t: 'trust',
};

/** Time for the second key. */
const SECOND_KEY_MS = 1500;

/** Binds the page's keys; what is typed into a field stays there, and keys with modifiers belong to the browser. */
export function bindKeys(actions: KeyActions): void {
  let goUntil = -Infinity;
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Escape') {
      actions.clear();
      return;
    }
    if (isField(event.target)) return;
    const place = event.timeStamp <= goUntil ? PLACES[event.key] : undefined;
    goUntil = -Infinity;
    if (place !== undefined) {
      actions.go(place);
      event.preventDefault();
      return;
    }
    const chosen = TIME_WINDOWS[Number(event.key) - 1];
    if (chosen !== undefined) actions.window(chosen.ms);
    else if (event.key === '?') actions.help();
    else if (event.key === 'p') actions.pause();
    else if (event.key === '/') actions.filter();
    else if (event.key === 'f') actions.fullScreen();
    else if (event.key === 'g') goUntil = event.timeStamp + SECOND_KEY_MS;
    else return;
    event.preventDefault();
  });
}

/**
 * Whether it is a field to type into. A dialog that was closed keeps the focus until the browser's next frame, and a key that is
 * pressed before that is the page's.
 */
function isField(target: EventTarget | null): boolean {
  const isInput = target instanceof HTMLInputElement || target instanceof HTMLSelectElement;
  return isInput && target.closest('dialog:not([open])') === null;
}
