/** A canvas kept at the size of its box in device pixels. */
export class Surface {
  readonly canvas: HTMLCanvasElement;
  readonly context: CanvasRenderingContext2D;
  /** Size of the box in CSS pixels; 0 while it is not laid out. */
  width = 0;
  height = 0;
  ratio = 1;
  #resized = true;
  #cleared = true;

  constructor(canvas: HTMLCanvasElement) {
    this.canvas = canvas;
    const context = canvas.getContext('2d');
    if (context === null) throw new Error('this browser offers no 2D canvas');
    this.context = context;
    new ResizeObserver(([entry]) => {
      if (entry === undefined) return;
      this.width = entry.contentRect.width;
      this.height = entry.contentRect.height;
      this.#resized = true;
    }).observe(canvas);
  }

  /** Device pixels per CSS pixel: more than two cost a phone frames and show nothing. */
  static ratio(): number {
    return Math.min(2, window.devicePixelRatio || 1);
  }

  /** Brings the backing store to the size of the box; returns true when everything must be drawn anew. */
  fit(): boolean {
    const ratio = Surface.ratio();
    if (!this.#resized && ratio === this.ratio) return false;
    this.#resized = false;
    this.ratio = ratio;
    this.canvas.width = Math.max(1, Math.round(this.width * ratio));
    this.canvas.height = Math.max(1, Math.round(this.height * ratio));
    this.#cleared = true;
    return true;
  }

  /** Whether the canvas was emptied by a change of its size since this was asked last. */
  takeCleared(): boolean {
    const cleared = this.#cleared;
    this.#cleared = false;
    return cleared;
  }
}
