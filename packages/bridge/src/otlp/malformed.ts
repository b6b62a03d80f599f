/** Bytes that are no OTLP metrics request. `offset` is where reading stopped. */
export class MalformedOtlp extends Error {
  override readonly name = 'MalformedOtlp';
  readonly offset: number;

  constructor(what: string, offset: number) {
    super(`malformed OTLP metrics: ${what} at byte ${offset}`);
    this.offset = offset;
  }
}
