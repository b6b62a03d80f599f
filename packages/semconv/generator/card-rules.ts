import type { InstrumentKind, MetricDefinition } from '../src/definition.ts';
import type { Card } from './model.ts';

/** Instruments that take no negative value, by the OpenTelemetry specification. */
const UNSIGNED: ReadonlySet<InstrumentKind> = new Set(['counter', 'observablecounter', 'histogram']);

/** Instruments that add up since their start: the difference of two readings is the value of the time between them. */
const ADDITIVE: ReadonlySet<InstrumentKind> = new Set([
  'counter',
  'updowncounter',
  'histogram',
  'observablecounter',
  'observableupdowncounter',
]);

/** What the sign of the number means: as the model says, or as the instrument implies. */
export function signOf({ sign, kind }: MetricDefinition): string | undefined {
  return sign ?? (UNSIGNED.has(kind) ? 'never negative' : undefined);
}

/** The time the number is about: as the model says, or as the instrument implies. */
export function windowOf({ window, kind }: MetricDefinition): string | undefined {
  return window ?? (ADDITIVE.has(kind) ? 'since start; any other by difference' : undefined);
}

/** What a reader of the number is not told: the empty list for a card that is complete. */
export function missingIn(metric: MetricDefinition, { minimum, reference, origin, proof }: Card): string[] {
  const missing: string[] = [];
  if (signOf(metric) === undefined) missing.push('sign');
  if (windowOf(metric) === undefined) missing.push('window');
  if (minimum === undefined) missing.push('minimum');
  if (reference === undefined && origin === undefined) missing.push('reference or origin');
  if (proof.length === 0) missing.push('proof');
  return missing;
}
