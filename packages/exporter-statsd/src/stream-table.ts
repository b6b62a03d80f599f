import type { Attributes } from '@opentelemetry/api';
import type { DeltaStore } from './delta-store.ts';
import { frameOf, lineFrame, type LineFrame, type StatsdDialect, type TagValue } from './dialect.ts';
import type { Distribution } from './distribution.ts';
import { histogramFrames, type HistogramFrames } from './histogram-frames.ts';
import { SampleBacklog, type SampleFormat } from './histogram-samples.ts';

/** How a stream is written: one frame, a histogram's frames, or sampled values. */
export type StreamShape = 'counter' | 'gauge' | 'histogram' | 'samples';

/** What the exporter remembers of one series. */
export interface Stream {
  /** Proven identity, the same after a restart. */
  readonly key: string;
  readonly shape: StreamShape;
  readonly frame: LineFrame | undefined;
  readonly histogram: HistogramFrames | undefined;
  readonly samples: SampleFormat | undefined;
  readonly backlog: SampleBacklog;
  /** Delta slots: of the value, or of a histogram's count and sum; -1 where there is none. */
  readonly slot: number;
  readonly sumSlot: number;
  /** Running sums for a producer that delivers increments in spite of the temporality asked for. */
  total: number;
  totalSum: number;
  /** The histogram's buckets at the last export, and the start they belong to. */
  before: Distribution | undefined;
  beforeStart: string;
  /** Last value of a gauge, for a batch without a new one. */
  value: number;
  /** Points whose lines were not delivered and are part of the next batch. */
  heldPoints: number;
  /** Number of the last export that wrote this stream. */
  exportNumber: number;
}

/** Why a series has no stream. */
export type StreamRefusal = 'series_limit' | 'name_collision';

/** How the streams' lines look. */
export interface StreamFormat {
  readonly dialect: StatsdDialect;
  readonly prefix: string;
  /** Behind the tags of every line. */
  readonly tail: string;
  readonly packsValues: boolean;
  readonly samplesPerLine: number;
  readonly mtuBytes: number;
}

/** The series of one metric: what all of them have in common. */
export interface StreamFamily {
  readonly scopeKey: string;
  readonly name: string;
  readonly shape: StreamShape;
  /** Factor of sampled values, see {@link SampleFormat}. */
  readonly scale: number;
  /** Streams by attribute object. Only frozen objects: of others the attributes could change. */
  readonly byAttributes: WeakMap<Attributes, Stream>;
}

/** Finds the stream of a series by proven identity, and makes it on first sight within the limits. */
export class StreamTable {
  readonly #format: StreamFormat;
  readonly #store: DeltaStore;
  readonly #limit: number;
  readonly #families = new Map<string, StreamFamily>();
  readonly #streams = new Map<string, Stream | StreamRefusal>();
  // Gauges of two series that escaping makes equal would overwrite each other; counters of such series add up.
  readonly #gaugeNames = new Map<string, string>();

  constructor(format: StreamFormat, store: DeltaStore, limit: number) {
    this.#format = format;
    this.#store = store;
    this.#limit = limit;
  }

  /** Series known, those without a stream included. */
  get size(): number {
    return this.#streams.size;
  }

  /** The family of a metric; `scopeKey` identifies its scope, `unit` decides how sampled values are scaled. */
  family(scopeKey: string, name: string, shape: StreamShape, unit: string): StreamFamily {
    const key = JSON.stringify([scopeKey, name, shape, unit]);
    const known = this.#families.get(key);
    if (known !== undefined) return known;
    const isTimer = sampleType(this.#format.dialect) === 'ms';
    const scale = isTimer ? (MILLIS[unit] ?? 1) : 1;
    // A timer of what is no time would be read as milliseconds.
    const actual = shape === 'samples' && isTimer && MILLIS[unit] === undefined ? 'histogram' : shape;
    const family = { scopeKey, name, shape: actual, scale, byAttributes: new WeakMap<Attributes, Stream>() };
    // Bounded as the streams are: beyond the limit families are made anew each time.
    if (this.#families.size < this.#limit) this.#families.set(key, family);
    return family;
  }

  /** `resourceTags` are added to the point's attributes. */
  find(
    family: StreamFamily,
    resourceTags: readonly (readonly [string, TagValue])[],
    attributes: Attributes,
  ): Stream | StreamRefusal {
    const cached = family.byAttributes.get(attributes);
    if (cached !== undefined) return cached;
    const tags = Object.entries(attributes);
    const key = identity(family, tags);
    let stream = this.#streams.get(key);
    if (stream === undefined) {
      if (this.#streams.size >= this.#limit) return 'series_limit';
      stream = this.#make(key, family, [...resourceTags, ...tags]);
      this.#streams.set(key, stream);
    }
    if (typeof stream !== 'string' && Object.isFrozen(attributes)) family.byAttributes.set(attributes, stream);
    return stream;
  }

  #make(key: string, family: StreamFamily, tags: (readonly [string, TagValue])[]): Stream | StreamRefusal {
    const { dialect, prefix, tail, packsValues, samplesPerLine, mtuBytes } = this.#format;
    const { shape } = family;
    const fullName = prefix + family.name;
    const ended = (frame: LineFrame): LineFrame => (tail === '' ? frame : frameOf(frame.head, frame.tail + tail));
    const whole = ended(lineFrame(dialect, fullName, shape === 'samples' ? withoutQuantile(tags) : tags));
    const histogram = shape === 'histogram' ? histogramFrames(dialect, fullName, tags, ended) : undefined;
    const gauge = shape === 'gauge' ? whole : histogram?.max;
    if (gauge !== undefined) {
      const wireName = `${gauge.head}|${gauge.tail}`;
      const owner = this.#gaugeNames.get(wireName);
      if (owner !== undefined && owner !== key) return 'name_collision';
      this.#gaugeNames.set(wireName, key);
    }
    const samples =
      shape !== 'samples'
        ? undefined
        : {
            frame: whole,
            type: sampleType(dialect),
            scale: family.scale,
            packsValues,
            countLimit: samplesPerLine,
            mtuBytes,
          };
    return {
      key,
      shape,
      frame: shape === 'counter' || shape === 'gauge' ? whole : undefined,
      histogram,
      samples,
      backlog: new SampleBacklog(),
      slot: shape === 'gauge' ? -1 : this.#store.open(),
      sumSlot: shape === 'histogram' ? this.#store.open() : -1,
      total: 0,
      totalSum: 0,
      before: undefined,
      beforeStart: '',
      value: Number.NaN,
      heldPoints: 0,
      exportNumber: 0,
    };
  }
}

/** Milliseconds in the units of time that UCUM spells like this. */
const MILLIS: Readonly<Record<string, number>> = { s: 1000, ms: 1, us: 1e-3, ns: 1e-6, min: 60_000, h: 3_600_000 };

// Prometheus keeps the label to itself in summaries, which statsd_exporter makes of observations.
function withoutQuantile(tags: (readonly [string, TagValue])[]): (readonly [string, TagValue])[] {
  return tags.map(([key, value]) => (key === 'quantile' ? ['quantile_', value] : [key, value]));
}

// `d` and `h` are DogStatsD's; Telegraf and statsd_exporter, which read Influx tags, know `h` too. Elsewhere only timers exist.
function sampleType(dialect: StatsdDialect): SampleFormat['type'] {
  if (dialect === 'dogstatsd') return 'd';
  return dialect === 'influx' ? 'h' : 'ms';
}

// JSON keeps values of different types apart (1 and "1") and needs no reserved separator.
function identity({ scopeKey, name, shape }: StreamFamily, tags: [string, TagValue][]): string {
  tags.sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([scopeKey, name, shape, tags], jsonSafe);
}

function jsonSafe(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' || (typeof value === 'number' && !Number.isFinite(value))
    ? `#${String(value)}`
    : value;
}
