import {
  type DeltaStore,
  type Distribution,
  type HistogramFrames,
  histogramFrames,
  type LineFrame,
  lineFrame,
  type StatsdDialect,
} from '@nanometer/exporter-statsd';
import type { DropCause } from '../ledger.ts';
import type { AttributeValue } from '../otlp/read-attributes.ts';
import type { Series } from '../store/series.ts';

/** What the StatsD output remembers of one series. */
export interface StatsdSeries {
  readonly series: Series;
  readonly frame: LineFrame | undefined;
  readonly histogram: HistogramFrames | undefined;
  /** Of what the receiver counts up: the place of its total, and of a histogram's sum; -1 for none. */
  readonly slot: number;
  readonly sumSlot: number;
  /** Points that wait for a send, or are on their way with one. */
  pending: number;
  queued: boolean;
  before: Distribution | undefined;
  beforeStart: number;
}

/** How series are spelled. */
export interface StatsdSpelling {
  readonly dialect: StatsdDialect;
  readonly prefix: string;
  readonly resourceAttributes: readonly string[];
}

/** Spells series, and keeps two gauges from having one name: counters add up, gauges would overwrite each other. */
export class StatsdNames {
  readonly #spelling: StatsdSpelling;
  readonly #deltas: DeltaStore;
  readonly #gauges = new Set<string>();

  constructor(spelling: StatsdSpelling, deltas: DeltaStore) {
    this.#spelling = spelling;
    this.#deltas = deltas;
  }

  open(series: Series): StatsdSeries | DropCause {
    const { dialect, prefix } = this.#spelling;
    const { metric } = series;
    const name = prefix + metric.name;
    const tags = this.#tags(series);
    const isHistogram = metric.kind === 'histogram' || metric.kind === 'exponential';
    const histogram = isHistogram ? histogramFrames(dialect, name, tags) : undefined;
    const frame = isHistogram ? undefined : lineFrame(dialect, name, tags);
    const isCounter = isHistogram || metric.monotonic;
    const gauge = gaugeName(frame, histogram, isCounter);
    if (gauge !== undefined) {
      if (this.#gauges.has(gauge)) return 'name_collision';
      this.#gauges.add(gauge);
    }
    const slot = isCounter ? this.#deltas.open() : -1;
    const sumSlot = isHistogram ? this.#deltas.open() : -1;
    return { series, frame, histogram, slot, sumSlot, pending: 0, queued: false, before: undefined, beforeStart: -1 };
  }

  close({ frame, histogram, slot, sumSlot }: StatsdSeries): void {
    const gauge = gaugeName(frame, histogram, slot >= 0);
    if (gauge !== undefined) this.#gauges.delete(gauge);
    for (const used of [slot, sumSlot]) if (used >= 0) this.#deltas.release(used);
  }

  #tags(series: Series): (readonly [string, AttributeValue])[] {
    const { entries } = series.metric.scope.resource.attributes;
    const { resourceAttributes } = this.#spelling;
    return [...entries.filter(([key]) => resourceAttributes.includes(key)), ...series.attributes.entries];
  }
}

/** What a gauge of this series is called on the wire; of a histogram its greatest value stands for all its gauges. */
function gaugeName(
  frame: LineFrame | undefined,
  histogram: HistogramFrames | undefined,
  isCounter: boolean,
): string | undefined {
  const gauge = histogram?.max ?? (isCounter ? undefined : frame);
  return gauge && gauge.head + gauge.tail;
}
