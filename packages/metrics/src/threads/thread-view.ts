import { type KeyRule, keyRuleOf, processorOf, STAYED_BEHIND } from '../attributes/attributes-processor.ts';
import type { IAttributesProcessor } from '../data-types.ts';
import type { ViewOptions } from '../view/view-options.ts';

/** A view as it travels to another thread: its processors become lists of keys, its exemplars stay behind. */
export interface ThreadView extends Omit<ViewOptions, 'attributesProcessors' | 'exemplarReservoir'> {
  /** None when there are other processors. */
  readonly keyRules: readonly KeyRule[] | undefined;
}

/**
 * Makes a view fit to travel. Processors that only choose keys apply in the thread already; any other one stays behind
 * and applies where the threads' series are joined.
 */
export function toThreadView(view: ViewOptions): ThreadView {
  const { attributesProcessors = [], exemplarReservoir: _staysBehind, ...rest } = view;
  const rules = attributesProcessors.map(keyRuleOf);
  return { ...rest, keyRules: rules.includes(undefined) ? undefined : (rules as KeyRule[]) };
}

export function fromThreadView(view: ThreadView): ViewOptions {
  const { keyRules, ...rest } = view;
  const attributesProcessors: IAttributesProcessor[] = keyRules?.map(processorOf) ?? [STAYED_BEHIND];
  return { ...rest, attributesProcessors };
}
