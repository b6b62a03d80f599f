import { LONGEST_WINDOW_MS } from '../store/history.ts';

/** A choice of time window. */
export interface TimeWindow {
  readonly label: string;
  readonly name: string;
  readonly ms: number;
}

/** The windows on offer, in the order of their keys 1 to 4. */
export const TIME_WINDOWS: readonly TimeWindow[] = [
  { label: '1m', name: '1 minute', ms: 60_000 },
  { label: '5m', name: '5 minutes', ms: 300_000 },
  { label: '15m', name: '15 minutes', ms: 900_000 },
  { label: '1h', name: '1 hour', ms: LONGEST_WINDOW_MS },
];

/** What the reader chose. The window and the filter live in the address, so that a link shows the same. */
export class ViewState {
  windowMs: number = 60_000;
  /** Lower case words that a row's or line's labels must all contain. */
  filterText = '';
  paused = false;
  /** Time at which the display was frozen, Unix milliseconds by the server's clock. */
  pausedAtMs = 0;
  #cursorMs: number | undefined = undefined;
  #cursorRevision = 0;
  #revision = 0;

  /** Moment under the pointer, shared by every chart. */
  get cursorMs(): number | undefined {
    return this.#cursorMs;
  }

  set cursorMs(cursorMs: number | undefined) {
    if (cursorMs === this.#cursorMs) return;
    this.#cursorMs = cursorMs;
    this.#cursorRevision += 1;
  }

  /** Counts movements of the cursor, which concern charts only. */
  get cursorRevision(): number {
    return this.#cursorRevision;
  }

  /** Counts changes: what is drawn for an older revision must be drawn again. */
  get revision(): number {
    return this.#revision;
  }

  /** Says that something was changed. */
  touch(): void {
    this.#revision += 1;
  }

  /** Whether labels pass the filter: every word of it occurs in one of them. */
  shows(labels: readonly string[]): boolean {
    if (this.filterText === '') return true;
    const text = labels.join(' ').toLowerCase();
    return this.filterText.split(/\s+/).every((word) => text.includes(word));
  }

  /** Takes window and filter from the fragment of an address; what it does not name stays. */
  readFragment(fragment: string): void {
    const parameters = new URLSearchParams(fragment.replace(/^#/, ''));
    const chosen = TIME_WINDOWS.find((window) => window.label === parameters.get('window'));
    if (chosen !== undefined) this.windowMs = chosen.ms;
    const filter = parameters.get('filter');
    if (filter !== null) this.filterText = filter.trim().toLowerCase();
    this.touch();
  }

  /** The fragment that restores window and filter. */
  fragment(): string {
    const parameters = new URLSearchParams();
    const chosen = TIME_WINDOWS.find((window) => window.ms === this.windowMs);
    if (chosen !== undefined) parameters.set('window', chosen.label);
    if (this.filterText !== '') parameters.set('filter', this.filterText);
    return `#${parameters.toString()}`;
  }
}
