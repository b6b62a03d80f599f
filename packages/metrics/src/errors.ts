/** What was wrong with a configuration. */
export type MetricsErrorCode = 'invalid_option' | 'invalid_view' | 'invalid_aggregation';

/** Thrown while a provider is being built; recording never throws. */
export class MetricsError extends Error {
  override readonly name = 'MetricsError';
  readonly code: MetricsErrorCode;

  constructor(code: MetricsErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * Stands in `errors` of a collection, and rejects a flush, when something took longer than it was given. `instanceof` also
 * says yes to the SDK's class of that name, which its readers reject with.
 */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError';

  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.constructor.name === 'TimeoutError';
  }
}
