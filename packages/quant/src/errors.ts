/** What was wrong with a definition or an option. Events never throw: they return a result instead. */
export type QuantErrorCode =
  | 'invalid_contract'
  | 'contract_conflict'
  | 'invalid_option'
  | 'invalid_snapshot'
  | 'snapshot_damaged'
  | 'snapshot_version'
  | 'snapshot_conflict';

/** Thrown for a contract, an option or a snapshot that cannot be used; `code` is stable, the message is for people. */
export class QuantError extends Error {
  readonly code: QuantErrorCode;

  constructor(code: QuantErrorCode, message: string) {
    super(message);
    this.name = 'QuantError';
    this.code = code;
  }
}

/** Checks that an option which limits a table is a positive integer and returns it. */
export function positiveInteger(name: string, value: number): number {
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new QuantError('invalid_option', `${name} is ${String(value)}; it must be an integer of 1 or more`);
  }
  return value;
}

/** Checks a reordering window in milliseconds and returns it. */
export function reorderWindow(value: number): number {
  if (value >= 0) return value;
  throw new QuantError('invalid_option', `reorderWindowMs is ${String(value)}; it must be 0 or more`);
}
