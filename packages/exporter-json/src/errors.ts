/** What can be wrong; closed, so that a caller can switch over it. */
export type JsonErrorCode = 'INVALID_OPTION' | 'QUEUE_FULL' | 'WRITE_FAILED' | 'REFUSED' | 'CLOSED';

/** An error of this package; the message says what, where, why and what would be right. */
export class JsonError extends Error {
  override readonly name = 'JsonError';
  readonly code: JsonErrorCode;

  constructor(code: JsonErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
