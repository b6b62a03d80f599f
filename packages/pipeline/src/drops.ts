import { DropCounter } from '@nanometer/instrumentation';
import { ATTR_PIPELINE_DROP_REASON } from '@nanometer/semconv';
import type { Counter } from '@opentelemetry/api';

/** Why an event, or a part of it, was left out; the values of `pipeline.drop.reason`. */
export type DropReason = 'invalid_name' | 'invalid_count' | 'invalid_duration' | 'too_many_stages';

/** What was left out, by reason. */
export type Drops = DropCounter<DropReason>;

/** The account of drops, kept in `counter`. */
export function dropsIn(counter: Counter): Drops {
  return new DropCounter(counter, ATTR_PIPELINE_DROP_REASON);
}
