/** Who made the instruments: the name and version of an instrumentation. */
export interface InstrumentationScope {
  readonly name: string;
  readonly version: string;
  readonly schemaUrl?: string;
}

export function scopeKey(scope: InstrumentationScope): string {
  return JSON.stringify([scope.name, scope.version, scope.schemaUrl ?? null]);
}
