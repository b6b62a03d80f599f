import { RecentTimes } from '../store/recent-times.ts';
import type { Frame, Panel } from './panel.ts';

const SLOW_FRAME_MS = 32;

/**
 * The page's only animation loop. Panels off screen are not asked, a hidden tab stops the loop altogether, and
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
  #handle = 0;
  #lastMs = 0;
  #costMs = 0;

  /** @param arrivedAt - monotonic time of the oldest value not drawn yet, which is forgotten by asking. */
  constructor(frameOf: () => Frame, arrivedAt: () => number | undefined) {
    this.#frameOf = frameOf;
    this.#arrivedAt = arrivedAt;
    this.#minimumMs = matchMedia('(pointer: coarse)').matches ? SLOW_FRAME_MS : 0;
    this.#observer = new IntersectionObserver(
      (entries) => {
        for (const entry of entries) {
          const known = this.#panels.get(entry.target);
          if (known !== undefined) known.visible = entry.isIntersecting;
        }
      },
      { rootMargin: '80px' },
    );
    // A page restored from the back/forward cache announces itself with pageshow only.
    document.addEventListener('visibilitychange', () => this.#resume());
    window.addEventListener('pageshow', () => this.#resume());
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
    this.#resume();
  }

  #resume(): void {
    cancelAnimationFrame(this.#handle);
    if (!document.hidden) this.#handle = requestAnimationFrame((atMs) => this.#tick(atMs));
  }

  #tick(atMs: number): void {
    if (document.hidden) return;
    this.#handle = requestAnimationFrame((next) => this.#tick(next));
    if (atMs - this.#lastMs < this.#minimumMs) return;
    this.#lastMs = atMs;
    const startMs = performance.now();
    const arrivedAt = this.#arrivedAt();
    const frame = this.#frameOf();
    for (const { panel, visible } of this.#panels.values()) if (visible) panel.frame(frame);
    if (arrivedAt !== undefined) this.paint.add(performance.now() - arrivedAt);
    this.#costMs += (performance.now() - startMs - this.#costMs) / 60;
  }
}
