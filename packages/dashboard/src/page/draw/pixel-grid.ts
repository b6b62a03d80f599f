import { Surface } from './surface.ts';

/** A canvas filled with a grid of coloured cells: one ImageData write and one scaled copy, however many cells. */
export class PixelGrid {
  readonly surface: Surface;
  readonly #source: HTMLCanvasElement = document.createElement('canvas');
  readonly #sourceContext: CanvasRenderingContext2D;
  #image: ImageData | undefined;
  #pixels: Uint32Array = new Uint32Array(0);

  constructor(canvas: HTMLCanvasElement) {
    this.surface = new Surface(canvas);
    const context = this.#source.getContext('2d');
    if (context === null) throw new Error('this browser offers no 2D canvas');
    this.#sourceContext = context;
  }

  /** The cells of a grid of this size, row after row, to be filled and then drawn. */
  cells(columns: number, rows: number): Uint32Array {
    if (this.#image === undefined || this.#image.width !== columns || this.#image.height !== rows) {
      this.#source.width = columns;
      this.#source.height = rows;
      this.#image = this.#sourceContext.createImageData(columns, rows);
      this.#pixels = new Uint32Array(this.#image.data.buffer);
    }
    return this.#pixels;
  }

  /** Brings the cells onto the canvas, as large as its box. */
  draw(): void {
    if (this.#image === undefined) return;
    this.#sourceContext.putImageData(this.#image, 0, 0);
    const { context, canvas } = this.surface;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.imageSmoothingEnabled = false;
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.drawImage(this.#source, 0, 0, canvas.width, canvas.height);
  }
}
