import { RecentTimes } from '../store/recent-times.ts';
import { FrameBudget } from './frame-budget.ts';
import { leastFrameMs } from './pace.ts';
import type { Frame, Panel } from './panel.ts';

/** A frame asked for this much before it is due comes with the screen's next one. */
const SCREEN_FRAME_MS = 12;
/**
 * Main-thread time of a whole frame. What does not fit is drawn in the next one: numbers a frame later are seen by nobody,
 * while a frame that takes ten of them makes scrolling and touches late.
 */
const FRAME_MS = 12;
/**
 * Between two looks at a panel off screen: what is scrolled to has its size and its numbers already, and a screen reader, for
 * which nothing is off screen, reads no old ones.
 */
const OFF_SCREEN_MS = 5000;
/**
 * Off-screen looks from which on the browser may leave a panel out of layout and paint: by then it has been laid out with what it
 * shows and its height is known, so that nothing moves when the focus or a key leads to it.
 */
const SKIPPED_FROM = 2;
/**
 * Where panels are asked in turns: time between two looks at those that wait for no turn. In every frame they took a phone's
 * frames from 32 to 50 ms (`npm run bench:page`, phone, one screen).
 */
const PINNED_MS = 200;
/** Without news only time passes: axes move on and ages grow. */
const IDLE_MS = 100;
/** Display that stands still: the clock and what was missed. */
const PAUSED_MS = 500;

/** What a reader does may change what is shown. */
const GESTURES = ['pointermove', 'pointerdown', 'pointerup', 'click', 'keydown', 'input', 'wheel', 'scroll', 'resize'];

interface Entry {
  readonly panel: Panel;
  visible: boolean;
  askedMs: number;
  /** How often it was asked off screen. */
  unseen: number;
}

/**
 * The page's only animation loop. It runs when it is woken: by what arrives and by what the reader does; in between it looks
 * a few times a second whether time has moved anything. Panels off screen are seldom asked, a hidden tab has no frames, and
 * devices with a coarse pointer get 30 frames per second. Where all panels in view are more than a frame can hold they are asked
 * in turns, and the next frame goes on where the last one ended.
 */
export class Loop {
  /** Milliseconds from the arrival of a value to the end of the frame that drew it. */
  readonly paint: RecentTimes = new RecentTimes();
  readonly #frameOf: () => Frame;
  readonly #arrivedAt: () => number | undefined;
  readonly #panels: Map<Element, Entry> = new Map();
  readonly #observer: IntersectionObserver;
  readonly #minimumMs: number;
  readonly #budget: FrameBudget = new FrameBudget(FRAME_MS);
  /** Tells when a frame is over: a message is heard after what the browser did with what was written. */
  readonly #over: MessageChannel = new MessageChannel();
  /** The link, the strip and alerts: they wait for no other panel's turn. */
  readonly #pinned: Panel[] = [];
  #pinnedAskedMs = -Infinity;
  /** Whether the last frame held all panels in view. */
  #isWhole = true;
  #entries: readonly Entry[] = [];
  /** Of the entries: where the next frame begins. */
  #next = 0;
  #startMs = 0;
  /** Of the oldest value that not all panels in view have drawn. */
  #undrawnAt: number | undefined = undefined;
  #panelsMs = 0;
  /** Of the animation frame that was asked for, 0 when none was. */
  #handle = 0;
  #timer: ReturnType<typeof setTimeout> | undefined = undefined;
  /** When the timer ends, on the page's clock. */
  #timerMs = Infinity;
  #lastMs = -Infinity;
  #costMs = 0;

  /** @param arrivedAt - monotonic time of the oldest value not drawn yet, which is forgotten by asking. */
  constructor(frameOf: () => Frame, arrivedAt: () => number | undefined) {
    this.#frameOf = frameOf;
    this.#arrivedAt = arrivedAt;
    this.#minimumMs = leastFrameMs();
    this.#over.port1.onmessage = () => this.#budget.learn(this.#panelsMs, performance.now() - this.#startMs);
    this.#observer = new IntersectionObserver(
      (entries) => {
        for (const entry of entries) {
          const known = this.#panels.get(entry.target);
          if (known !== undefined) known.visible = entry.isIntersecting;
        }
        this.wake();
      },
      { rootMargin: '80px' },
    );
  }

  /** Main-thread milliseconds per frame, smoothed over about a second. */
  get costMs(): number {
    return this.#costMs;
  }

  /** Adds a panel; `always` asks it in no turn and off screen too, because something of it is pinned elsewhere. */
  add(panel: Panel, { always = false }: { readonly always?: boolean } = {}): void {
    if (always) this.#pinned.push(panel);
    this.#panels.set(panel.element, { panel, visible: true, askedMs: -Infinity, unseen: 0 });
    this.#entries = [...this.#panels.values()].filter((entry) => !this.#pinned.includes(entry.panel));
    if (!always) this.#observer.observe(panel.element);
  }

  start(): void {
    const wake = (): void => this.wake();
    for (const type of GESTURES) window.addEventListener(type, wake, { capture: true, passive: true });
    // A page restored from the back/forward cache announces itself with pageshow only.
    document.addEventListener('visibilitychange', wake);
    window.addEventListener('pageshow', wake);
    this.wake();
  }

  /** Something may have changed: a frame follows, as soon as the device is due for one. */
  wake(): void {
    if (this.#handle !== 0 || document.hidden) return;
    const dueMs = this.#lastMs + this.#minimumMs - SCREEN_FRAME_MS;
    const nowMs = performance.now();
    if (dueMs > nowMs) this.#wait(dueMs, nowMs);
    else this.#request();
  }

  #wait(untilMs: number, nowMs: number): void {
    if (untilMs >= this.#timerMs) return;
    clearTimeout(this.#timer);
    this.#timerMs = untilMs;
    this.#timer = setTimeout(() => this.#request(), untilMs - nowMs);
  }

  #request(): void {
    clearTimeout(this.#timer);
    this.#timerMs = Infinity;
    if (!document.hidden) this.#handle = requestAnimationFrame(() => this.#tick());
  }

  #tick(): void {
    this.#handle = 0;
    if (document.hidden) return;
    const startMs = performance.now();
    this.#lastMs = startMs;
    this.#undrawnAt ??= this.#arrivedAt();
    const frame = this.#frameOf();
    const isWhole = this.#ask(frame, startMs);
    this.#isWhole = isWhole;
    const endMs = performance.now();
    if (isWhole && this.#undrawnAt !== undefined) {
      this.paint.add(endMs - this.#undrawnAt);
      this.#undrawnAt = undefined;
    }
    this.#costMs += (endMs - startMs - this.#costMs) / 60;
    this.#startMs = startMs;
    this.#panelsMs = endMs - startMs;
    this.#over.port2.postMessage(0);
    if (isWhole) this.#wait(startMs + (frame.view.paused ? PAUSED_MS : IDLE_MS), endMs);
    else this.wake();
  }

  /** Asks the panels whose turn it is, from where the last frame ended, one at least; whether all were asked. */
  #ask(frame: Frame, startMs: number): boolean {
    const entries = this.#entries;
    const untilMs = startMs + this.#budget.panelsMs;
    if (this.#isWhole || startMs - this.#pinnedAskedMs >= PINNED_MS) {
      this.#pinnedAskedMs = startMs;
      for (const panel of this.#pinned) panel.frame(frame);
    }
    for (let asked = 0; asked < entries.length; asked++) {
      const entry = entries[this.#next % entries.length] as Entry;
      this.#next = (this.#next + 1) % entries.length;
      if (!entry.visible && (frame.view.paused || startMs - entry.askedMs < OFF_SCREEN_MS)) continue;
      entry.askedMs = startMs;
      entry.panel.frame(frame);
      if (!entry.visible && ++entry.unseen === SKIPPED_FROM) entry.panel.element.classList.add('skippable');
      if (performance.now() >= untilMs && asked < entries.length - 1) return false;
    }
    return true;
  }
}
