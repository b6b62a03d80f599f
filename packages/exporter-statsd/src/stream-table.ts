import type { Attributes } from '@opentelemetry/api';
import type { DeltaStore } from './delta-store.ts';
import { lineFrame, type LineFrame, type StatsdDialect, type TagValue } from './dialect.ts';
import type { Distribution } from './distribution.ts';
import { histogramFrames, type HistogramFrames } from './histogram-frames.ts';

/** How a stream is written: one frame, or a histogram's. */
export type StreamShape = 'counter' | 'gauge' | 'histogram';

/** What the exporter remembers of one series. */
export interface Stream {
  readonly shape: StreamShape;
  readonly frame: LineFrame | undefined;
  readonly histogram: HistogramFrames | undefined;
  /** Delta slots: of the value, or of a histogram's count and sum; -1 where there is none. */
  readonly slot: number;
  readonly sumSlot: number;
  /** Running sums for a producer that delivers increments in spite of the temporality asked for. */
  total: number;
  totalSum: number;
  /** The histogram's buckets at the last export, and the start they belong to. */
  before: Distribution | undefined;
  beforeStart: string;
}

/** Why a series has no stream. */
export type StreamRefusal = 'series_limit' | 'name_collision';

/** Finds the stream of a series by proven identity, and makes it on first sight within the limits. */
export class StreamTable {
  readonly #dialect: StatsdDialect;
  readonly #prefix: string;
  readonly #store: DeltaStore;
  readonly #limit: number;
  readonly #streams = new Map<string, Stream | StreamRefusal>();
  // Gauges of two series that escaping makes equal would overwrite each other; counters of such series add up.
  readonly #gaugeNames = new Map<string, string>();

  constructor(dialect: StatsdDialect, prefix: string, store: DeltaStore, limit: number) {
    this.#dialect = dialect;
    this.#prefix = prefix;
    this.#store = store;
    this.#limit = limit;
  }

  /** Series known, those without a stream included. */
  get size(): number {
    return this.#streams.size;
  }

  /** `scopeKey` identifies the scope; `resourceTags` are added to the point's attributes. */
  find(
    scopeKey: string,
    name: string,
    shape: StreamShape,
    resourceTags: readonly (readonly [string, TagValue])[],
    attributes: Attributes,
  ): Stream | StreamRefusal {
    const tags = Object.entries(attributes);
    const key = identity(scopeKey, name, shape, tags);
    const known = this.#streams.get(key);
    if (known !== undefined) return known;
    if (this.#streams.size >= this.#limit) return 'series_limit';
    const made = this.#make(key, name, shape, [...resourceTags, ...tags]);
    this.#streams.set(key, made);
    return made;
  }

  #make(key: string, name: string, shape: StreamShape, tags: (readonly [string, TagValue])[]): Stream | StreamRefusal {
    const fullName = this.#prefix + name;
    const frame = shape === 'histogram' ? undefined : lineFrame(this.#dialect, fullName, tags);
    const histogram = shape === 'histogram' ? histogramFrames(this.#dialect, fullName, tags) : undefined;
    const gauge = shape === 'gauge' ? frame : histogram?.max;
    if (gauge !== undefined) {
      const wireName = `${gauge.head}|${gauge.tail}`;
      const owner = this.#gaugeNames.get(wireName);
      if (owner !== undefined && owner !== key) return 'name_collision';
      this.#gaugeNames.set(wireName, key);
    }
    const slot = shape === 'gauge' ? -1 : this.#store.open();
    const sumSlot = shape === 'histogram' ? this.#store.open() : -1;
    return { shape, frame, histogram, slot, sumSlot, total: 0, totalSum: 0, before: undefined, beforeStart: '' };
  }
}

// JSON keeps values of different types apart (1 and "1") and needs no reserved separator.
function identity(scopeKey: string, name: string, shape: StreamShape, tags: [string, TagValue][]): string {
  tags.sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([scopeKey, name, shape, tags], jsonSafe);
}

function jsonSafe(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' || (typeof value === 'number' && !Number.isFinite(value))
    ? `#${String(value)}`
    : value;
}
