/** What can be wrong with a history or a question to it; closed, so that a caller can switch over it. */
export type HistoryErrorCode =
  | 'INVALID_OPTION'
  | 'SQLITE_MISSING'
  | 'FILE_IN_USE'
  | 'FILE_UNUSABLE'
  | 'INVALID_QUERY'
  | 'TOO_MANY_POINTS'
  | 'CLOSED'
  | 'READ_FAILED';

/** An error of a history; the message says what, where, why and what would be right. */
export class HistoryError extends Error {
  override readonly name = 'HistoryError';
  readonly code: HistoryErrorCode;

  constructor(code: HistoryErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
