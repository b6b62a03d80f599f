import type { AlertService } from '@nanometer/alerting';
import { distributionQuantile } from '@nanometer/exporter-statsd';
import type { Output } from '../ingest.ts';
import { Account } from '../ledger.ts';
import type { AlertStats } from '../stats.ts';
import type { AttributeSet } from '../otlp/read-attributes.ts';
import type { Series } from '../store/series.ts';
import { RecentBuckets } from './recent-buckets.ts';

type Field = ReturnType<AlertService['engine']['fieldsOf']>[number]['field'];

/** What rules look at of one series. */
interface Watched {
  readonly slot: number;
  readonly field: Field;
  /** Of percentiles. */
  readonly window: RecentBuckets | undefined;
}

const QUANTILES: Readonly<Partial<Record<Field, number>>> = { p50: 0.5, p90: 0.9, p99: 0.99, p999: 0.999 };
const NOT_WATCHED: readonly Watched[] = [];

/**
 * Hands each new state to the rules that look at it, and has them compared when the request it came with is done. A point
 * that no rule looks at is forwarded, too: the rules have seen that there is nothing to see. Until a service is attached,
 * which is while an earlier life is repeated, nothing is compared: what fired then was told then.
 */
export class AlertsOutput implements Output {
  readonly account: Account = new Account();
  service: AlertService | undefined;
  // By series id.
  readonly #watched: (readonly Watched[] | undefined)[] = [];
  #isDue = false;

  /** Begins, with the series that are there already. */
  attach(service: AlertService, series: Iterable<Series>, nowMs: number): void {
    this.service = service;
    for (const each of series) {
      for (const { slot, value } of this.#values(service, each)) {
        service.engine.begin(slot, each.seenMs, value, startMsOf(each));
      }
    }
    service.evaluate(nowMs);
  }

  accept(series: Series): void {
    this.account.forwarded++;
    const { service } = this;
    if (service === undefined || !this.#update(service, series) || this.#isDue) return;
    this.#isDue = true;
    queueMicrotask(() => {
      this.#isDue = false;
      service.evaluate(series.seenMs);
    });
  }

  forget({ id, seenMs }: Series): void {
    for (const { slot } of this.#watched[id] ?? []) this.service?.engine.forget(slot, seenMs);
    this.#watched[id] = undefined;
  }

  stats(): AlertStats {
    const { engine, center } = this.service!;
    const { evaluations, series, seriesDropped, groupsDropped } = engine;
    return { evaluations, series, seriesDropped: seriesDropped + groupsDropped, ...center.stats() };
  }

  /** Whether any rule looks at the series. */
  #update({ engine }: AlertService, series: Series): boolean {
    const watched = (this.#watched[series.id] ??= this.#register(engine, series));
    for (let index = 0; index < watched.length; index++) {
      const each = watched[index]!;
      const value = valueOf(series, each);
      if (value !== undefined) engine.update(each.slot, series.seenMs, value, startMsOf(series));
    }
    return watched.length > 0;
  }

  /** What a series has for the rules that look at it. */
  *#values({ engine }: AlertService, series: Series): Generator<{ readonly slot: number; readonly value: number }> {
    for (const each of (this.#watched[series.id] ??= this.#register(engine, series))) {
      const value = valueOf(series, each);
      if (value !== undefined) yield { slot: each.slot, value };
    }
  }

  #register(engine: AlertService['engine'], series: Series): readonly Watched[] {
    const { metric, attributes, seenMs } = series;
    const watched: Watched[] = [];
    for (const { field, windowMs } of engine.fieldsOf(metric.name)) {
      if ((field === 'value') === (series.histogram !== undefined)) continue;
      const identity = {
        name: metric.name,
        field,
        attributes: record(attributes),
        resource: record(metric.scope.resource.attributes),
      };
      const slot = engine.register(identity, seenMs);
      if (slot < 0) continue;
      watched.push({ slot, field, window: field in QUANTILES ? new RecentBuckets(windowMs) : undefined });
    }
    return watched.length > 0 ? watched : NOT_WATCHED;
  }
}

/** NaN when it is not known. */
function startMsOf({ startSeconds }: Series): number {
  return startSeconds * 1000 || Number.NaN;
}

/** `undefined` when the point does not have it. */
function valueOf(series: Series, { field, window }: Watched): number | undefined {
  const { histogram } = series;
  if (histogram === undefined) return series.value;
  if (field === 'count') return histogram.count;
  if (field === 'sum') return histogram.hasSum ? histogram.sum : undefined;
  const { distribution, min, max } = histogram;
  const recent = window?.advance(series.timeMs, series.startSeconds, distribution);
  // Nothing recorded within the window is no value, which ends what fired on an earlier one.
  return (recent && distributionQuantile(QUANTILES[field]!, recent, min, max)) ?? Number.NaN;
}

function record({ entries }: AttributeSet): Readonly<Record<string, unknown>> {
  return Object.fromEntries(entries);
}
