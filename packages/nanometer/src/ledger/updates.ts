import type { Exposition } from './exposition.ts';
import type { Updates } from './hop.ts';

/** The pipeline's accounts of itself move while they are read; they have rows of their own. */
const OWN = /^nanometer_/;

/** Words that writers put behind a name for its unit, or leave away. */
const UNIT =
  /_(?:percent|days|hours|minutes|(?:milli|micro|nano)?seconds|(?:kilo|mega|giga|tera|kibi|mebi|gibi|tebi)?bytes)(?:_per_[a-z]+)?$/;

/** One spelling of a sample's name: `latency_seconds_count` and `latency_count` are the same. */
export function familyKey(name: string): string {
  const suffix = /_(?:total|count)$/.exec(name)?.[0] ?? '';
  return name.slice(0, name.length - suffix.length).replace(UNIT, '') + suffix;
}

/**
 * Sums of everything an exposition counts: its counters, and the counts of its histograms; of one service instance when it is given.
 * A sum that downstream is not smaller has arrived, whatever counts points on the way.
 */
export function updatesOf({ samples, types }: Exposition, instance?: string): Updates {
  const names = new Set<string>();
  for (const [family, type] of types) {
    if (OWN.test(family)) continue;
    // OpenMetrics declares a counter without its suffix.
    if (type === 'counter') names.add(family.endsWith('_total') ? family : `${family}_total`).add(family);
    if (type === 'histogram') names.add(`${family}_count`);
  }
  const sums = new Map<string, number>();
  for (const { name, labels, value } of samples) {
    if (!names.has(name) || (instance !== undefined && labels.get('instance') !== instance)) continue;
    const key = familyKey(name);
    sums.set(key, (sums.get(key) ?? 0) + value);
  }
  return sums;
}

/** What is missing downstream, by family. */
export function missingUpdates(upstream: Updates, downstream: Updates): Record<string, number> {
  const missing: Record<string, number> = {};
  for (const [name, sum] of upstream) {
    const difference = sum - (downstream.get(name) ?? 0);
    // Sums of many doubles differ in their last bits.
    if (difference > Math.abs(sum) * 1e-9) missing[name] = difference;
  }
  return missing;
}

/** Sums of several services. */
export function addUpdates(all: readonly Updates[]): Updates {
  const sums = new Map<string, number>();
  for (const updates of all) for (const [name, sum] of updates) sums.set(name, (sums.get(name) ?? 0) + sum);
  return sums;
}
