import { RecentTimes } from '../store/recent-times.ts';
import type { Frame, Panel } from './panel.ts';

/** Between frames of devices with a coarse pointer: 30 a second. */
const SLOW_FRAME_MS = 33;

/** Least time between two frames of this device, 0 where every frame of the screen is drawn. */
export function leastFrameMs(): number {
  return matchMedia('(pointer: coarse)').matches ? SLOW_FRAME_MS : 0;
}

/** A frame asked for this much before it is due comes with the screen's next one. */
const SCREEN_FRAME_MS = 12;
/** Without news only time passes: axes move on and ages grow. */
const IDLE_MS = 100;
/** Display that stands still: the clock and what was missed. */
const PAUSED_MS = 500;

/** What a reader does may change what is shown. */
const GESTURES = ['pointermove', 'pointerdown', 'pointerup', 'click', 'keydown', 'input', 'wheel', 'scroll', 'resize'];

/**
 * The page's only animation loop. It runs when it is woken: by what arrives and by what the reader does; in between it looks
 * a few times a second whether time has moved anything. Panels off screen are not asked, a hidden tab has no frames, and
 * devices with a coarse pointer get 30 frames per second.
 */
export class Loop {
  /** Milliseconds from the arrival of a value to the end of the frame that drew it. */
  readonly paint: RecentTimes = new RecentTimes();
  readonly #frameOf: () => Frame;
  readonly #arrivedAt: () => number | undefined;
  readonly #panels: Map<Element, { readonly panel: Panel; visible: boolean }> = new Map();
  readonly #observer: IntersectionObserver;
  readonly #minimumMs: number;
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

  /** Adds a panel; `always` asks it even while it is off screen, because something of it is pinned elsewhere. */
  add(panel: Panel, { always = false }: { readonly always?: boolean } = {}): void {
    this.#panels.set(panel.element, { panel, visible: true });
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
    const arrivedAt = this.#arrivedAt();
    const frame = this.#frameOf();
    for (const { panel, visible } of this.#panels.values()) if (visible) panel.frame(frame);
    const endMs = performance.now();
    if (arrivedAt !== undefined) this.paint.add(endMs - arrivedAt);
    this.#costMs += (endMs - startMs - this.#costMs) / 60;
    this.#wait(startMs + (frame.view.paused ? PAUSED_MS : IDLE_MS), endMs);
  }
}
