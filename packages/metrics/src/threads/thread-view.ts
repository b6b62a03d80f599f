import { type KeyRule, keyRuleOf, processorOf } from '../attributes/attributes-processor.ts';
import type { IAttributesProcessor, ViewOptions } from '../data-types.ts';

/** A view as it travels to another thread: its processors become lists of keys. */
export interface ThreadView extends Omit<ViewOptions, 'attributesProcessors'> {
  readonly keyRules: readonly KeyRule[];
}

/**
 * Makes a view fit to travel. Processors that only choose keys apply in the thread already; any other one stays behind
 * and applies where the threads' series are joined.
 */
export function toThreadView(view: ViewOptions): ThreadView {
  const { attributesProcessors = [], ...rest } = view;
  const rules = attributesProcessors.map(keyRuleOf);
  return { ...rest, keyRules: rules.includes(undefined) ? [] : (rules as KeyRule[]) };
}

export function fromThreadView(view: ThreadView): ViewOptions {
  const { keyRules, ...rest } = view;
  const attributesProcessors: IAttributesProcessor[] = keyRules.map(processorOf);
  return { ...rest, attributesProcessors };
}
