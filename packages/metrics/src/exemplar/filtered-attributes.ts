import type { Attributes } from '@opentelemetry/api';
import { NO_ATTRIBUTES } from '../attributes/attribute-index.ts';
import { copyAttributes, readPairs } from '../attributes/copy-attributes.ts';

/**
 * Copies what a measurement's attributes have beyond those of its point: together they are all there was (specification,
 * exemplar reservoir). Never throws.
 */
export function filteredAttributes(measured: Attributes | undefined, point: Attributes): Attributes {
  if (measured === undefined || measured === null) return NO_ATTRIBUTES;
  try {
    const pairs = readPairs(measured);
    return (pairs && copyAttributes(pairs, (key) => !Object.hasOwn(point, key))) ?? NO_ATTRIBUTES;
  } catch {
    // A getter of the caller answered before and throws now; the measurement counts, its exemplar lacks attributes.
    return NO_ATTRIBUTES;
  }
}
