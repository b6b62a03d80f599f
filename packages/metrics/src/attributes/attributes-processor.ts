import type { Attributes } from '@opentelemetry/api';
import type { IAttributesProcessor } from '../data-types.ts';
import type { KeyFilter } from './copy-attributes.ts';

/** Marks processors that only choose keys; the index applies those without building an object. */
const KEEPS: unique symbol = Symbol.for('@nanometer/metrics.keeps');

interface KeyProcessor extends IAttributesProcessor {
  readonly [KEEPS]: KeyFilter;
}

function keyProcessor(keeps: KeyFilter): KeyProcessor {
  return {
    [KEEPS]: keeps,
    process(incoming: Attributes): Attributes {
      return Object.fromEntries(Object.entries(incoming).filter(([key]) => keeps(key)));
    },
  };
}

/** Keeps the attributes with these keys and drops all others. */
export function createAllowListAttributesProcessor(attributeAllowList: string[]): IAttributesProcessor {
  const allowed = new Set(attributeAllowList);
  return keyProcessor((key) => allowed.has(key));
}

/** Drops the attributes with these keys and keeps all others. */
export function createDenyListAttributesProcessor(attributeDenyList: string[]): IAttributesProcessor {
  const denied = new Set(attributeDenyList);
  return keyProcessor((key) => !denied.has(key));
}

/** What a view does to attributes: choose keys, or run processors of unknown kind. */
export interface AttributeRules {
  readonly keeps?: KeyFilter;
  readonly processors?: readonly IAttributesProcessor[];
}

export const KEEP_ALL: AttributeRules = {};

export function attributeRules(processors: readonly IAttributesProcessor[] | undefined): AttributeRules {
  if (processors === undefined || processors.length === 0) return KEEP_ALL;
  const filters = processors.map((processor) => (processor as Partial<KeyProcessor>)[KEEPS]);
  if (filters.includes(undefined)) return { processors };
  return { keeps: (key) => filters.every((keeps) => keeps!(key)) };
}
