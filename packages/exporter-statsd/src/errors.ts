/** What can be wrong with a StatsD option or socket; closed, so that a caller can switch over it. */
export type StatsdErrorCode =
  'INVALID_OPTION' | 'SEND_FAILED' | 'CLOSED' | 'PORT_IN_USE' | 'UNSUPPORTED' | 'STATE_FAILED';

/** A configuration or sending error; the message says what, where, why and what would be right. */
export class StatsdError extends Error {
  override readonly name = 'StatsdError';
  readonly code: StatsdErrorCode;

  constructor(code: StatsdErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Checks a whole number within `[least, most]`; throws `INVALID_OPTION` with the option's name otherwise. */
export function checkedInteger(option: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new StatsdError('INVALID_OPTION', `${option} is ${value}; a whole number from ${least} to ${most} is needed`);
}
