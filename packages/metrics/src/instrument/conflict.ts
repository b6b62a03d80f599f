import { diag } from '@opentelemetry/api';
import type { InstrumentDescriptor } from './descriptor.ts';

/** Says that two instruments of one name disagree, and how; both keep working and both are exported. */
export function warnOfConflict(first: InstrumentDescriptor, second: InstrumentDescriptor): void {
  const fields = ['type', 'unit', 'valueType', 'description'] as const;
  const differences = fields
    .filter((field) => first[field] !== second[field])
    .map((field) => `${field} "${first[field]}" and "${second[field]}"`);
  diag.warn(
    `metrics: two instruments of one meter are called "${first.name}" but differ in ${differences.join(', ')}; ` +
      'rename one of them, or give one stream another name with a view',
  );
}
