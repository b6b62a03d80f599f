/** What can be wrong in alerting; closed, so that a caller can switch over it. */
export type AlertingErrorCode =
  | 'RULES_INVALID'
  | 'RULES_UNREADABLE'
  | 'RULE_TEST_INVALID'
  | 'TIER_UNABLE'
  | 'RECEIVER_INVALID'
  | 'OPTION_INVALID'
  | 'STATE_UNUSABLE';

/** An error of configuration; the message says what, where, why and what would be right. */
export class AlertingError extends Error {
  override readonly name = 'AlertingError';
  readonly code: AlertingErrorCode;

  constructor(code: AlertingErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
