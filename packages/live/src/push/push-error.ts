import type { PushErrorCode } from './messages.ts';

/** Why a message of a producer is refused; `message` says what would be right. */
export class PushError extends Error {
  readonly code: PushErrorCode;
  readonly limit: number | undefined;

  constructor(code: PushErrorCode, message: string, limit?: number) {
    super(message);
    this.name = 'PushError';
    this.code = code;
    this.limit = limit;
  }
}
