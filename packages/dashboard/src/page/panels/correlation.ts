import { clusteredOrder, type CorrelationMatrix, strongestPairs } from '../correlation/matrix.ts';
import type { CorrelationScene } from '../correlation/scene.ts';
import { DIVERGING_MAP, pixelOf } from '../draw/color-map.ts';
import { PixelGrid } from '../draw/pixel-grid.ts';
import { formatAge, formatNumber } from '../format.ts';
import { Choice } from '../view/choice.ts';
import { el, setClass, setHidden, setText } from '../view/dom.ts';
import { type Frame, type OptionalPanel, panelShell, TABLE_INTERVAL_MS, TextClock } from '../view/panel.ts';

const REORDER_MS = 60_000;
const STALE_MS = 10_000;
const STRONGEST = 3;

/** Correlations of all instruments: a matrix, or bars in three dimensions where the device and its reader want them. */
export class CorrelationPanel implements OptionalPanel {
  readonly title = 'Correlation';
  readonly element: HTMLElement;
  readonly #fallback: () => CorrelationMatrix | undefined;
  readonly #note: HTMLElement;
  readonly #line: HTMLElement = el('p', { class: 'value-line', attributes: { role: 'note' } });
  readonly #flat: HTMLCanvasElement;
  readonly #deep: HTMLCanvasElement;
  readonly #grid: PixelGrid;
  readonly #choice: Choice;
  readonly #textClock: TextClock = new TextClock(TABLE_INTERVAL_MS);
  #matrix: CorrelationMatrix | undefined;
  #told = false;
  #order: readonly number[] = [];
  #orderedFor = '';
  #orderedMs = 0;
  #scene: CorrelationScene | 'loading' | 'refused' | undefined;
  #pointed: readonly [row: number, column: number] | undefined;
  #dirty = true;

  /** @param fallback - a matrix of the pairs that are metrics, for a desk that sends no whole one. */
  constructor(fallback: () => CorrelationMatrix | undefined) {
    this.#fallback = fallback;
    const shell = panelShell('correlation', this.title, '');
    this.element = shell.element;
    this.#note = shell.note;
    const label = { role: 'img', 'aria-label': 'Correlation matrix; the strongest pairs follow' };
    this.#flat = el('canvas', { class: 'grid-canvas', attributes: label });
    this.#deep = el('canvas', { class: 'grid-canvas', attributes: label });
    this.#grid = new PixelGrid(this.#flat);
    this.#choice = new Choice('Dimensions', () => {
      this.#dirty = true;
    });
    this.#choice.offer(prefersFlat() ? ['2D', '3D'] : ['3D', '2D']);
    shell.controls.append(this.#choice.element);
    shell.body.append(el('div', { class: 'plot square' }, this.#flat, this.#deep), this.#line);
    this.#flat.addEventListener('pointermove', (event) => this.#point(event));
    this.#flat.addEventListener('pointerdown', (event) => this.#point(event));
    this.#flat.addEventListener('pointerleave', () => {
      this.#pointed = undefined;
    });
  }

  /** Takes the matrix of an event over. */
  take(matrix: CorrelationMatrix | undefined): void {
    if (matrix === undefined) return;
    this.#matrix = matrix;
    this.#told = true;
    this.#dirty = true;
  }

  missing(): string | undefined {
    if (!this.#told) this.#matrix = this.#fallback();
    return this.#matrix === undefined
      ? 'No data: waiting for the topic correlation or risk.correlation.pair.'
      : undefined;
  }

  frame(frame: Frame): void {
    const due = this.#textClock.due(frame);
    const matrix = this.#matrix;
    if (matrix === undefined) return;
    this.#arrange(matrix, frame.nowMs);
    const deep = this.#choice.chosen === '3D' && this.#scene !== 'refused';
    setHidden(this.#flat, deep);
    setHidden(this.#deep, !deep);
    if (deep && this.#scene === undefined) void this.#load();
    const resized = this.#grid.surface.fit();
    if (this.#dirty || resized || (due && !this.#told)) {
      if (!deep) this.#drawFlat(matrix);
      else if (typeof this.#scene === 'object') this.#drawDeep(this.#scene, matrix);
      this.#dirty = deep && this.#scene === 'loading';
    }
    if (due || this.#pointed !== undefined) this.#write(matrix, frame.nowMs);
  }

  #arrange(matrix: CorrelationMatrix, nowMs: number): void {
    const names = matrix.symbols.join('\u0000');
    if (names === this.#orderedFor && Math.abs(nowMs - this.#orderedMs) < REORDER_MS) return;
    this.#orderedFor = names;
    this.#orderedMs = nowMs;
    this.#order = clusteredOrder(matrix);
    this.#dirty = true;
  }

  #drawFlat({ symbols, values }: CorrelationMatrix): void {
    const count = symbols.length;
    const cells = this.#grid.cells(count, count);
    for (let row = 0; row < count; row++) {
      const from = (this.#order[row] as number) * count;
      for (let column = 0; column < count; column++) {
        const value = values[from + (this.#order[column] as number)] as number;
        cells[row * count + column] = pixelOf(DIVERGING_MAP, (value + 1) / 2);
      }
    }
    this.#grid.draw();
  }

  #drawDeep(scene: CorrelationScene, { symbols, values }: CorrelationMatrix): void {
    const count = symbols.length;
    const ordered = new Float32Array(count * count);
    for (let row = 0; row < count; row++) {
      for (let column = 0; column < count; column++) {
        const value = values[(this.#order[row] as number) * count + (this.#order[column] as number)] as number;
        ordered[row * count + column] = Number.isNaN(value) ? 0 : value;
      }
    }
    scene.set({ count, values: ordered });
    scene.draw();
  }

  async #load(): Promise<void> {
    this.#scene = 'loading';
    try {
      const { CorrelationScene: Scene } = await import('../correlation/scene.ts');
      this.#scene = new Scene(this.#deep, () => {
        this.#dirty = true;
      });
    } catch {
      // No WebGL 2, or the chunk cannot be had: the matrix says the same.
      this.#scene = 'refused';
      this.#choice.offer(['2D']);
    }
    this.#dirty = true;
  }

  #point(event: PointerEvent): void {
    const count = this.#matrix?.symbols.length ?? 0;
    const { width, height } = this.#grid.surface;
    const row = Math.floor((event.offsetY / height) * count);
    const column = Math.floor((event.offsetX / width) * count);
    this.#pointed = row >= 0 && row < count && column >= 0 && column < count ? [row, column] : undefined;
  }

  #write(matrix: CorrelationMatrix, nowMs: number): void {
    const { symbols, values, method, timeMs } = matrix;
    const ageMs = nowMs - timeMs;
    const stale = timeMs > 0 && ageMs > STALE_MS && ageMs < 86_400_000;
    const count = symbols.length;
    setText(
      this.#note,
      [
        `${count} instruments`,
        method.replaceAll('_', ' '),
        'blue along, orange against',
        stale ? `${formatAge(ageMs / 1000)} old` : '',
      ]
        .filter((text) => text !== '')
        .join(', '),
    );
    setClass(this.element, 'stale', stale);
    const say = (first: string, second: string, value: number): string =>
      `${short(first)} / ${short(second)} ${formatNumber(value, 2)}`;
    if (this.#pointed !== undefined) {
      const [row, column] = this.#pointed.map((place) => this.#order[place] as number) as [number, number];
      setText(
        this.#line,
        say(symbols[row] as string, symbols[column] as string, values[row * count + column] as number),
      );
      return;
    }
    const pairs = strongestPairs(matrix, STRONGEST).map(({ first, second, value }) => say(first, second, value));
    setText(this.#line, `Strongest: ${pairs.join(' · ')}`);
  }
}

function prefersFlat(): boolean {
  return ['(max-width: 700px)', '(pointer: coarse)', '(prefers-reduced-motion: reduce)'].some(
    (query) => matchMedia(query).matches,
  );
}

function short(symbol: string): string {
  return symbol.slice(symbol.lastIndexOf('/') + 1);
}
