import type { Attributes } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import { VERSION } from './version.ts';

/** What a provider without `resource` says about its process; the SDK's `defaultResource()` without that dependency. */
class PlainResource {
  readonly attributes: Attributes;

  constructor(attributes: Attributes) {
    this.attributes = Object.freeze({ ...attributes });
  }

  merge(other: { readonly attributes: Attributes } | null): PlainResource {
    return new PlainResource({ ...this.attributes, ...other?.attributes });
  }

  getRawAttributes(): [string, unknown][] {
    return Object.entries(this.attributes);
  }
}

/** Names the service after the program, as the specification asks when nobody named it. */
export function defaultResource(): Resource {
  return new PlainResource({
    'service.name': `unknown_service:${process.argv0}`,
    'telemetry.sdk.language': 'nodejs',
    'telemetry.sdk.name': 'nanometer',
    'telemetry.sdk.version': VERSION,
  }) as unknown as Resource;
}
