import { OtlpError } from './errors.ts';

/** Not everything is delivered: code `UNDELIVERED`, with what is still held and what was dropped since the last answer. */
export class UndeliveredError extends OtlpError {
  /** Points that wait for the receiver. */
  readonly held: number;
  /** Points given up since the flush or shutdown before. */
  readonly dropped: number;

  constructor(message: string, held: number, dropped: number, options?: ErrorOptions) {
    super('UNDELIVERED', message, options);
    this.held = held;
    this.dropped = dropped;
  }
}
