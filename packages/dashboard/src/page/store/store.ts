import { type Cell, Measure, type MeasureOptions } from './measure.ts';
import { Series, type SeriesIdentity, seriesKey } from './series.ts';
import { type Source, Sources } from './sources.ts';

/** A cell with the measure that folds it. */
interface Place {
  readonly measure: Measure;
  readonly cell: Cell;
}

/**
 * Everything the page knows. Frames write into it ({@link define}, {@link set}, {@link commit}), panels declare
 * measures and read their cells; neither knows of the other.
 */
export class Store {
  readonly sources: Sources = new Sources();
  readonly #series: Series[] = [];
  readonly #byKey: Map<string, number> = new Map();
  readonly #placesOf: Place[][] = [];
  readonly #places: Map<Cell, Place> = new Map();
  readonly #measures: Measure[] = [];
  /** Places with a value that changed since the last commit. */
  #changed: Place[] = [];
  /** By source: places that move on with its time, without a new value: rates fall, histories continue. */
  readonly #moving: Map<Source, Set<Place>> = new Map();
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

  /**
   * Names of all metrics that measures read: what to subscribe to. Those that a measure keeps a history of are drawn in each
   * frame, the others are only written as text.
   */
  metricNames(): { readonly drawn: readonly string[]; readonly written: readonly string[] } {
    const names = new Map<string, boolean>();
    for (const { options } of this.#measures) {
      for (const { metric } of options.terms) {
        names.set(metric.name, names.get(metric.name) === true || options.history === true);
      }
    }
    const sorted = [...names.keys()].sort();
    return {
      drawn: sorted.filter((name) => names.get(name) === true),
      written: sorted.filter((name) => names.get(name) !== true),
    };
  }

  /** Makes a series known and returns its slot; the same identity always gets the same slot. */
  define(identity: SeriesIdentity): number {
    const key = seriesKey(identity);
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    const slot = this.#series.length;
    this.#series.push(new Series(identity, this.sources.get(identity.resource)));
    this.#placesOf.push([]);
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
    for (const place of this.#placesOf[slot] as Place[]) {
      if (place.cell.dirty) continue;
      place.cell.dirty = true;
      this.#changed.push(place);
    }
  }

  /** Forgets all values, not the series or their histories: the server was restarted and will say what still is. */
  forgetValues(): void {
    for (const series of this.#series) series.forget();
    for (const places of this.#placesOf) this.#changed.push(...places);
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
    if (this.#reviewSources()) for (const places of this.#placesOf) this.#changed.push(...places);
    for (const place of this.#changed) this.#fold(place);
    this.#changed = [];
    for (const place of this.#moved()) {
      const { measure, cell } = place;
      if (measure.options.reduce === 'rate') this.#fold(place);
      cell.history?.add(cell.newestMs, cell.latest);
    }
    this.#advanced.clear();
    if (!this.#frozen) this.#version += 1;
  }

  #fold({ measure, cell }: Place): void {
    measure.fold(cell);
    if (!this.#frozen) cell.value = cell.latest;
  }

  #moved(): ReadonlySet<Place> {
    const sources = [...this.#advanced];
    const [first] = sources;
    if (first === undefined) return NONE;
    if (sources.length === 1) return this.#moving.get(first) ?? NONE;
    const all = new Set<Place>();
    for (const source of sources) for (const place of this.#moving.get(source) ?? NONE) all.add(place);
    return all;
  }

  // Which instance of a service replaced which changes rarely: once a second of data time is often enough.
  #reviewSources(): boolean {
    const { newestMs } = this.sources;
    if (Math.abs(newestMs - this.#reviewedMs) < 1000) return false;
    this.#reviewedMs = newestMs;
    return this.sources.review();
  }

  #attach(measure: Measure, slot: number): void {
    const series = this.#series[slot] as Series;
    const cell = measure.attach(series);
    if (cell === undefined) return;
    const place = this.#placeOf(measure, cell);
    (this.#placesOf[slot] as Place[]).push(place);
    this.#changed.push(place);
    if (measure.options.reduce !== 'rate' && cell.history === undefined) return;
    let moving = this.#moving.get(series.source);
    if (moving === undefined) {
      moving = new Set();
      this.#moving.set(series.source, moving);
    }
    moving.add(place);
  }

  /** One place per cell, so that a set of them has each once. */
  #placeOf(measure: Measure, cell: Cell): Place {
    let place = this.#places.get(cell);
    if (place === undefined) {
      place = { measure, cell };
      this.#places.set(cell, place);
    }
    return place;
  }
}

const NONE: ReadonlySet<Place> = new Set();
