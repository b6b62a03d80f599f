import { DropCounter } from '@nanometer/instrumentation';
import { ATTR_ML_DROP_REASON } from '@nanometer/semconv';
import type { Counter } from '@opentelemetry/api';

/** Why an event, or a part of it, was left out; the values of `ml.drop.reason`. */
export type DropReason =
  | 'invalid_name'
  | 'invalid_value'
  | 'invalid_duration'
  | 'invalid_time'
  | 'invalid_outcome'
  | 'duplicate_prediction'
  | 'unknown_prediction'
  | 'too_many_models';

/** What was left out, by reason. */
export type Drops = DropCounter<DropReason>;

/** The account of drops, kept in `counter`. */
export function dropsIn(counter: Counter): Drops {
  return new DropCounter(counter, ATTR_ML_DROP_REASON);
}
