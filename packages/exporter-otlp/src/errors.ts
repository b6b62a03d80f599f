/** What can be wrong; closed, so that a caller can switch over it. */
export type OtlpErrorCode =
  | 'INVALID_OPTION'
  | 'INVALID_ENVIRONMENT'
  | 'LOG_LOCKED'
  | 'LOG_UNUSABLE'
  | 'QUEUE_FULL'
  | 'WRITE_FAILED'
  | 'UNDELIVERED'
  | 'CLOSED';

/** An error of this package; the message says what, where, why and what would be right. */
export class OtlpError extends Error {
  override readonly name = 'OtlpError';
  readonly code: OtlpErrorCode;

  constructor(code: OtlpErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Checks a number within `[least, most]`; throws `INVALID_OPTION` with the option's name otherwise. */
export function checkedNumber(option: string, value: number, least: number, most: number): number {
  if (value >= least && value <= most) return value;
  throw new OtlpError('INVALID_OPTION', `${option} is ${value}; a number from ${least} to ${most} is needed`);
}

/** Checks a value against a closed set; throws `INVALID_OPTION` with what is allowed otherwise. */
export function checkedChoice<T extends string>(option: string, value: string, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === value);
  if (found !== undefined) return found;
  throw new OtlpError(
    'INVALID_OPTION',
    `${option} is ${JSON.stringify(value)}; one of ${choices.join(', ')} is needed`,
  );
}
