import type { MetricDefinition } from '@nanometer/semconv';
import { History } from './history.ts';
import type { Series } from './series.ts';
import type { Source } from './sources.ts';

/** Which series a measure reads; a term with a negative weight is subtracted. */
export interface Term {
  readonly metric: MetricDefinition;
  /** Field of a histogram, `value` for everything else (the default). */
  readonly field?: string;
  /** Factor of the term in a sum, 1 unless told. */
  readonly weight?: number;
  /** Attribute values a series must have. */
  readonly where?: Readonly<Record<string, string>>;
}

/**
 * How a measure folds its series:
 * `sum` adds weighted values, `max` takes the largest, `rate` adds the counters' rates per second.
 */
export type Reduction = 'sum' | 'max' | 'rate';

/** What a panel wants to know, declared once; the store keeps it up to date. */
export interface MeasureOptions {
  readonly terms: readonly Term[];
  /** Attributes of the series, or else of its resource, that make the cells; series without one do not count. None: a single cell. */
  readonly by?: readonly string[];
  readonly reduce: Reduction;
  /** Keep the course of each cell for charts. */
  readonly history?: boolean;
}

/** One number of a measure: the series that share a key. */
export class Cell {
  readonly key: readonly string[];
  readonly members: { readonly series: Series; readonly weight: number }[] = [];
  /** Senders of its members, each once: few, however many members there are. */
  readonly #sources: Source[] = [];
  readonly history: History | undefined;
  /** The value to show; `NaN` means no data, which is not zero. */
  value: number = NaN;
  /** The folded value as of the last commit; differs from `value` only while the display is frozen. */
  latest: number = NaN;
  dirty: boolean = true;

  constructor(key: readonly string[], history: boolean) {
    this.key = key;
    this.history = history ? new History() : undefined;
  }

  /** Adds a series. */
  join(series: Series, weight: number): void {
    this.members.push({ series, weight });
    if (!this.#sources.includes(series.source)) this.#sources.push(series.source);
    this.dirty = true;
  }

  /** Newest time of its sources in Unix milliseconds, 0 when none has sent. */
  get newestMs(): number {
    let newest = 0;
    for (const { newestMs } of this.#sources) if (newestMs > newest) newest = newestMs;
    return newest;
  }

  /** The most overdue of its running sources, by age relative to what is expected of it. */
  oldestSource(nowMs: number): Source | undefined {
    if (this.#sources.length === 1) {
      const only = this.#sources[0] as Source;
      return only.superseded ? undefined : only;
    }
    let oldest: Source | undefined;
    let worst = -Infinity;
    for (const source of this.#sources) {
      if (source.superseded) continue;
      const overdue = (nowMs - source.newestMs) / source.staleAfterMs;
      if (overdue > worst) {
        worst = overdue;
        oldest = source;
      }
    }
    return oldest;
  }
}

/** A declared measure and its cells, sorted by key. */
export class Measure {
  readonly options: MeasureOptions;
  readonly #cells: Map<string, Cell> = new Map();
  #sorted: readonly Cell[] | undefined = [];

  constructor(options: MeasureOptions) {
    this.options = options;
  }

  cells(): readonly Cell[] {
    // Sorted when asked for: a desk's first message brings thousands of cells, and a sort for each would hold the page up
    // for seconds (`bench/first-message.bench.js`).
    this.#sorted ??= [...this.#cells.values()].sort((a, b) => compareKeys(a.key, b.key));
    return this.#sorted;
  }

  /** The cell of a key, given in the order of `by`; no arguments for the single cell. */
  cell(...key: string[]): Cell | undefined {
    return this.#cells.get(key.join('\u0000'));
  }

  /** Value of a cell, `NaN` when there is no such cell or no data. */
  value(...key: string[]): number {
    return this.cell(...key)?.value ?? NaN;
  }

  /** Attaches a series if a term selects it; returns the cell it belongs to. */
  attach(series: Series): Cell | undefined {
    const term = this.options.terms.find((candidate) => selects(candidate, series));
    if (term === undefined) return undefined;
    const key: string[] = [];
    for (const attribute of this.options.by ?? []) {
      const value = series.attributes[attribute] ?? series.source.resource[attribute];
      if (value === undefined) return undefined;
      key.push(String(value));
    }
    const joined = key.join('\u0000');
    let cell = this.#cells.get(joined);
    if (cell === undefined) {
      cell = new Cell(key, this.options.history === true);
      this.#cells.set(joined, cell);
      this.#sorted = undefined;
    }
    if (this.options.reduce === 'rate') series.trackRate();
    cell.join(series, term.weight ?? 1);
    return cell;
  }

  /** Folds the members of a cell into its value. */
  fold(cell: Cell): void {
    const { reduce } = this.options;
    let folded = NaN;
    for (const { series, weight } of cell.members) {
      if (series.source.superseded) continue;
      const value = reduce === 'rate' ? series.rate() : series.value;
      if (Number.isNaN(value)) continue;
      if (Number.isNaN(folded)) folded = value * weight;
      else folded = reduce === 'max' ? Math.max(folded, value) : folded + value * weight;
    }
    cell.latest = folded;
    cell.dirty = false;
  }
}

function selects(term: Term, series: Series): boolean {
  if (series.name !== term.metric.name || series.field !== (term.field ?? 'value')) return false;
  for (const [attribute, value] of Object.entries(term.where ?? {})) {
    if (String(series.attributes[attribute]) !== value) return false;
  }
  return true;
}

/** Made once: `localeCompare` with a locale looks for one at every comparison. */
const { compare } = new Intl.Collator('en', { numeric: true });

function compareKeys(a: readonly string[], b: readonly string[]): number {
  for (let index = 0; index < a.length; index++) {
    const order = compare(a[index] as string, b[index] as string);
    if (order !== 0) return order;
  }
  return 0;
}
