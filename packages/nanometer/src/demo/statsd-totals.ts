import type { StatsdReceiver } from '@nanometer/exporter-statsd';
import {
  CURRENCY_ATTRIBUTE,
  DESK_INSTANCE,
  INSTANCE_ATTRIBUTE,
  type Sample,
  sumTotals,
  TOTAL_METRICS,
  type Totals,
} from './totals.ts';

/** Totals as a StatsD server in this process ended with: counters summed, gauges as last set. */
export function totalsFromStatsd(receiver: StatsdReceiver): Totals {
  const wanted = new Set(TOTAL_METRICS);
  const samples: Sample[] = [];
  for (const { name, tags, value } of [...receiver.counters(), ...receiver.gauges()]) {
    if (wanted.has(name) && tags[INSTANCE_ATTRIBUTE] === DESK_INSTANCE)
      samples.push({ metric: name, currency: tags[CURRENCY_ATTRIBUTE], value });
  }
  return sumTotals(samples);
}
