import type { Attributes } from '@opentelemetry/api';
import type { IAttributesProcessor } from '../data-types.ts';
import type { KeyFilter } from './copy-attributes.ts';

/** A choice of keys, as data. */
export interface KeyRule {
  readonly mode: 'allow' | 'deny';
  readonly keys: readonly string[];
}

/** Marks processors that only choose keys; the index applies those without building an object. */
const RULE: unique symbol = Symbol.for('@nanometer/metrics.keyRule');

interface KeyProcessor extends IAttributesProcessor {
  readonly [RULE]: KeyRule;
}

function filterOf({ mode, keys }: KeyRule): KeyFilter {
  const listed = new Set(keys);
  return mode === 'allow' ? (key) => listed.has(key) : (key) => !listed.has(key);
}

/** Makes a processor of a choice of keys. */
export function processorOf(rule: KeyRule): IAttributesProcessor {
  const keeps = filterOf(rule);
  const processor: KeyProcessor = {
    [RULE]: rule,
    process: (incoming: Attributes): Attributes =>
      Object.fromEntries(Object.entries(incoming).filter(([key]) => keeps(key))),
  };
  return processor;
}

/** The choice of keys a processor makes; `undefined` for one that does anything else. */
export function keyRuleOf(processor: IAttributesProcessor): KeyRule | undefined {
  return (processor as Partial<KeyProcessor>)[RULE];
}

/** Keeps the attributes with these keys and drops all others. */
export function createAllowListAttributesProcessor(attributeAllowList: string[]): IAttributesProcessor {
  return processorOf({ mode: 'allow', keys: [...attributeAllowList] });
}

/** Drops the attributes with these keys and keeps all others. */
export function createDenyListAttributesProcessor(attributeDenyList: string[]): IAttributesProcessor {
  return processorOf({ mode: 'deny', keys: [...attributeDenyList] });
}

/** What a view does to attributes: choose keys, or run processors of unknown kind. */
export interface AttributeRules {
  readonly keeps?: KeyFilter;
  readonly processors?: readonly IAttributesProcessor[];
  /** In a worker thread: the view's processors stayed in the main thread, where they may merge this thread's series. */
  readonly isMergedLater?: boolean;
}

/** Stands for processors that stayed behind. */
export const STAYED_BEHIND: IAttributesProcessor = { process: (incoming) => incoming };

export const KEEP_ALL: AttributeRules = {};

export function attributeRules(processors: readonly IAttributesProcessor[] | undefined): AttributeRules {
  if (processors === undefined || processors.length === 0) return KEEP_ALL;
  if (processors.includes(STAYED_BEHIND)) return { isMergedLater: true };
  const rules = processors.map(keyRuleOf);
  if (rules.includes(undefined)) return { processors };
  const filters = rules.map((rule) => filterOf(rule!));
  return { keeps: (key) => filters.every((keeps) => keeps(key)) };
}
