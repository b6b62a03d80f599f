/** Smoothing of what a frame costs beyond the panels' own work. */
const WEIGHT = 0.2;
/** Beyond this the rest of a frame is somebody else's: a tab that stood still, a debugger. */
const MOST_FACTOR = 20;

/**
 * How much of a frame panels may fill. What they do takes time twice: when they write, and afterwards when the browser lays out,
 * paints and rasters what they wrote, which nobody can stop. The second is in proportion to the first, and the proportion is
 * learnt from frames as they end, so that the whole of the next one fits.
 */
export class FrameBudget {
  readonly #wholeMs: number;
  #factor = 3;

  /** @param wholeMs - main-thread time a frame may take as a whole, > 0. */
  constructor(wholeMs: number) {
    this.#wholeMs = wholeMs;
  }

  /** Milliseconds that panels may take of a frame. */
  get panelsMs(): number {
    return this.#wholeMs / this.#factor;
  }

  /** Learns from a frame: the panels' own time and the whole one, in milliseconds; a frame in which nothing was done tells nothing. */
  learn(panelsMs: number, wholeMs: number): void {
    if (!(panelsMs > 0.2) || !(wholeMs >= panelsMs)) return;
    this.#factor += WEIGHT * (Math.min(MOST_FACTOR, wholeMs / panelsMs) - this.#factor);
  }
}
