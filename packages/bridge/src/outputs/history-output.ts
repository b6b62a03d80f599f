import type { History, PartDropCause, PointRefusal, SeriesRecorder } from '@nanometer/history';
import type { SeriesAttributes, SeriesKind } from '@nanometer/live';
import type { Output } from '../ingest.ts';
import { Account, type DropCause } from '../ledger.ts';
import type { AttributeSet } from '../otlp/read-attributes.ts';
import type { MetricInfo, Series } from '../store/series.ts';

/**
 * The history: rollups of everything received. A point is held until the minute it is part of is on the disk. A point that an earlier
 * life has written, and the journal brings again, is forwarded: it is where it belongs.
 */
export class HistoryOutput implements Output {
  readonly account: Account = new Account();
  readonly #history: History;
  // By series id.
  readonly #recorders: (SeriesRecorder | DropCause | undefined)[] = [];
  readonly #owned = new Set<SeriesRecorder>();
  #held = 0;

  constructor(history: History) {
    this.#history = history;
  }

  /** Points that wait to be written. */
  get held(): number {
    return this.#held;
  }

  accept(series: Series): void {
    const recorder = (this.#recorders[series.id] ??= this.#open(series));
    if (typeof recorder === 'string') {
      this.account.drop(recorder);
      return;
    }
    const refusal = record(recorder, series);
    if (refusal === undefined) this.#held++;
    else if (refusal === 'already_kept') this.account.forwarded++;
    else this.account.drop(refusal);
  }

  /** What was recorded stays; should the series come again, it goes on. */
  forget({ id }: Series): void {
    const recorder = this.#recorders[id];
    this.#recorders[id] = undefined;
    if (typeof recorder === 'object') this.#owned.delete(recorder);
  }

  /** Books points that were written, or not. */
  settled(points: number, cause: PartDropCause | undefined): void {
    this.#held -= points;
    if (cause === undefined) this.account.forwarded += points;
    else this.account.drop(cause, points);
  }

  #open(series: Series): SeriesRecorder | DropCause {
    const { metric, attributes } = series;
    const recorder = this.#history.recorder(
      {
        name: metric.name,
        kind: kindOf(metric),
        unit: metric.unit,
        attributes: recordOf(attributes),
        resource: recordOf(metric.scope.resource.attributes),
      },
      true,
    );
    if (recorder === undefined) return 'series_limit';
    // The history knows no scopes: two of our series can be one of its.
    if (this.#owned.has(recorder)) return 'name_collision';
    this.#owned.add(recorder);
    return recorder;
  }
}

function record(recorder: SeriesRecorder, series: Series): PointRefusal | undefined {
  const { histogram, timeMs, startSeconds, metric } = series;
  if (histogram !== undefined) return recorder.histogram(timeMs, startSeconds * 1000, histogram);
  if (metric.kind === 'sum' && metric.monotonic) return recorder.counter(timeMs, startSeconds * 1000, series.value);
  return recorder.gauge(timeMs, series.value);
}

function kindOf({ kind, monotonic }: MetricInfo): SeriesKind {
  if (kind === 'gauge') return 'gauge';
  if (kind === 'sum') return monotonic ? 'counter' : 'updowncounter';
  return 'histogram';
}

function recordOf({ entries }: AttributeSet): SeriesAttributes {
  // Not a literal's prototype: a key may be `__proto__`.
  return Object.fromEntries(entries);
}
