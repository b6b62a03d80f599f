import type { LiveClient } from '@nanometer/live';
import { CURRENCY_ATTRIBUTE, type Sample, sumTotals, TOTAL_METRICS, type Totals } from './totals.ts';

/** Totals as a WebSocket subscriber's store holds them: what has been pushed to it, nothing is asked for. */
export function totalsFromLive({ store }: LiveClient): Totals {
  const wanted = new Set(TOTAL_METRICS);
  const samples: Sample[] = [];
  for (const { id, name, attributes } of store.all()) {
    if (!wanted.has(name) || !store.hasValue(id)) continue;
    const currency = attributes[CURRENCY_ATTRIBUTE];
    samples.push({
      metric: name,
      currency: currency === undefined ? undefined : String(currency),
      value: store.values[id] ?? Number.NaN,
    });
  }
  return sumTotals(samples);
}
