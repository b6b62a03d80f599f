import { type Cell, Measure, type MeasureOptions } from './measure.ts';
import { Series, type SeriesIdentity, seriesKey } from './series.ts';
import { type Source, Sources } from './sources.ts';

/**
 * Everything the page knows. Frames write into it ({@link define}, {@link set}, {@link commit}), panels declare
 * measures and read their cells; neither knows of the other.
 */
export class Store {
  readonly sources: Sources = new Sources();
  readonly #series: Series[] = [];
  readonly #byKey: Map<string, number> = new Map();
  readonly #cellsOf: Cell[][] = [];
  readonly #measures: Measure[] = [];
  readonly #advanced: Set<Source> = new Set();
  #version = 0;
  #updates = 0;
  #frozen = false;
  #reviewedMs = 0;

  /** Counts commits; a panel that saw this version has nothing new to show. */
  get version(): number {
    return this.#version;
  }

  /** Values taken over since the page was opened. */
  get updates(): number {
    return this.#updates;
  }

  /** Number of known series. */
  get seriesCount(): number {
    return this.#series.length;
  }

  /** Declares a measure; series that are already known join at once. */
  measure(options: MeasureOptions): Measure {
    const measure = new Measure(options);
    this.#measures.push(measure);
    for (let slot = 0; slot < this.#series.length; slot++) this.#attach(measure, slot);
    return measure;
  }

  /** Names of all metrics that measures read: what to subscribe to. */
  metricNames(): string[] {
    const names = new Set<string>();
    for (const measure of this.#measures) for (const term of measure.options.terms) names.add(term.metric.name);
    return [...names].sort();
  }

  /** Makes a series known and returns its slot; the same identity always gets the same slot. */
  define(identity: SeriesIdentity): number {
    const key = seriesKey(identity);
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    const slot = this.#series.length;
    this.#series.push(new Series(identity, this.sources.get(identity.resource)));
    this.#cellsOf.push([]);
    this.#byKey.set(key, slot);
    for (const measure of this.#measures) this.#attach(measure, slot);
    return slot;
  }

  /** Takes a value of a slot over; values of unknown slots, older than the last or not finite are left out. */
  set(slot: number, timeMs: number, value: number): void {
    const series = this.#series[slot];
    if (series === undefined) return;
    if (series.source.advance(timeMs)) this.#advanced.add(series.source);
    if (!series.set(timeMs, value)) return;
    this.#updates += 1;
    for (const cell of this.#cellsOf[slot] as Cell[]) cell.dirty = true;
  }

  /** Forgets all values, not the series or their histories: the server was restarted and will say what still is. */
  forgetValues(): void {
    for (const series of this.#series) series.forget();
    for (const measure of this.#measures) for (const cell of measure.cells()) cell.dirty = true;
  }

  /** While frozen, cells keep the value they show; histories go on and show on resuming what was missed. */
  freeze(frozen: boolean): void {
    this.#frozen = frozen;
    if (frozen) return;
    for (const measure of this.#measures) for (const cell of measure.cells()) cell.value = cell.latest;
    this.#version += 1;
  }

  /** Ends a batch: folds what changed and continues the histories of every source that moved on. */
  commit(): void {
    const reviewed = this.#reviewSources();
    for (const measure of this.#measures) {
      const isRate = measure.options.reduce === 'rate';
      for (const cell of measure.cells()) {
        const moved = (isRate || cell.history !== undefined) && this.#moved(cell);
        if (cell.dirty || reviewed || (isRate && moved)) measure.fold(cell);
        if (moved && cell.history !== undefined) cell.history.add(cell.newestMs, cell.latest);
        if (!this.#frozen) cell.value = cell.latest;
      }
    }
    this.#advanced.clear();
    if (!this.#frozen) this.#version += 1;
  }

  // Which instance of a service replaced which changes rarely: once a second of data time is often enough.
  #reviewSources(): boolean {
    const { newestMs } = this.sources;
    if (Math.abs(newestMs - this.#reviewedMs) < 1000) return false;
    this.#reviewedMs = newestMs;
    return this.sources.review();
  }

  #moved(cell: Cell): boolean {
    for (const { series } of cell.members) if (this.#advanced.has(series.source)) return true;
    return false;
  }

  #attach(measure: Measure, slot: number): void {
    const cell = measure.attach(this.#series[slot] as Series);
    if (cell !== undefined) (this.#cellsOf[slot] as Cell[]).push(cell);
  }
}
