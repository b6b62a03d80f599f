import { InstrumentType } from '../data-types.ts';
import type { Selectors } from '../stream-plan.ts';
import type { ReaderWishes } from './messages.ts';

/** Asks a reader everything that planning streams asks, so that another thread can plan alike. */
export function wishesOf(selectors: Selectors): ReaderWishes {
  const types = Object.values(InstrumentType);
  const ask = <T>(select: (type: InstrumentType) => T): Record<InstrumentType, T> =>
    Object.fromEntries(types.map((type) => [type, select(type)])) as Record<InstrumentType, T>;
  return {
    exponentialAdvice: selectors.exponentialAdvice,
    aggregations: ask((type) => selectors.selectAggregation(type)),
    limits: ask((type) => selectors.selectCardinalityLimit(type)),
  };
}
