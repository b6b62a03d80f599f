import type { Attributes } from '@opentelemetry/api';
import type { InstrumentationScope } from '@opentelemetry/core';
import { type Label, labelsOf } from '../labels/label-set.ts';
import { escapeLabelName } from '../names/escaping.ts';
import type { RenderSettings } from './settings.ts';

/** Labels that the resource gives to every series. */
export function constantLabels(attributes: Attributes, settings: RenderSettings): Label[] {
  const pattern = settings.withResourceConstantLabels;
  if (pattern === undefined) return [];
  const chosen = Object.entries(attributes).filter(([key]) => {
    // A pattern with the flag g or y would start where it left off.
    pattern.lastIndex = 0;
    return pattern.test(key);
  });
  return labelsOf(Object.fromEntries(chosen), settings);
}

/** Labels that tell which instrumentation scope a series is of. */
export function scopeLabels(scope: InstrumentationScope, settings: RenderSettings): Label[] {
  if (settings.withoutScopeInfo) return [];
  const { name, version, schemaUrl } = scope;
  const own: Label[] = (
    [
      ['otel_scope_name', name],
      ['otel_scope_version', version],
      ['otel_scope_schema_url', schemaUrl],
    ] as const
  ).flatMap(([label, value]) =>
    value === undefined || value === '' ? [] : [[escapeLabelName(label, settings.escaping), value] as const],
  );
  // The SDK's scopes have no attributes yet; the specification's do.
  const attributes = (scope as { readonly attributes?: Attributes }).attributes ?? {};
  return [...own, ...labelsOf(attributes, settings, own, 'otel_scope_')];
}
