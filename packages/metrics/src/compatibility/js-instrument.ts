import type { Attributes, Context } from '@opentelemetry/api';
import { MEASUREMENT } from '../aggregation/measurement.ts';
import { DataPointType } from '../data-types.ts';
import { Counter } from '../instrument/counter.ts';
import { type InstrumentState, recordUnbound } from '../instrument/target.ts';
import { UpDownCounter } from '../instrument/up-down-counter.ts';
import type { CallerAttributes } from './caller-attributes.ts';

type Record = (value: number, attributes?: Attributes, context?: Context) => void;

function sumsOnly({ integer, storages }: InstrumentState): boolean {
  return !integer && storages.every(({ aggregator }) => aggregator.dataPointType === DataPointType.SUM);
}

/** NaN and infinities go into sums of doubles, where they stay. */
function unguarded(add: Record, state: InstrumentState, lowest: number): Record {
  return (value, attributes, context) => {
    const isSpoiling = typeof value === 'number' && !Number.isFinite(value) && !(value < lowest);
    if (!isSpoiling || !sumsOnly(state)) {
      add(value, attributes, context);
      return;
    }
    MEASUREMENT[0] = value;
    recordUnbound(state, attributes, context);
  };
}

/** Gives an instrument the stock SDK's recording method: it keeps the caller's attributes, and sums what is no number. */
export function recordLikeStock<I extends object>(instrument: I, state: InstrumentState, callers: CallerAttributes): I {
  const known = instrument as { add?: Record; record?: Record };
  if (known.add !== undefined) {
    let add: Record = known.add.bind(instrument);
    if (instrument instanceof Counter) add = unguarded(add, state, 0);
    else if (instrument instanceof UpDownCounter) add = unguarded(add, state, -Infinity);
    known.add = (value, attributes, context) => {
      callers.during(attributes, () => {
        add(value, attributes, context);
      });
    };
  }
  if (known.record !== undefined) {
    const record: Record = known.record.bind(instrument);
    known.record = (value, attributes, context) => {
      callers.during(attributes, () => {
        record(value, attributes, context);
      });
    };
  }
  return instrument;
}
