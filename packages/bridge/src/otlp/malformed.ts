/** A request that is no OTLP metrics request. `where` is the offset at which reading stopped, or a path into the JSON. */
export class MalformedOtlp extends Error {
  override readonly name = 'MalformedOtlp';
  readonly where: number | string;

  constructor(what: string, where: number | string) {
    super(`malformed OTLP metrics: ${what} at ${typeof where === 'number' ? `byte ${where}` : where}`);
    this.where = where;
  }
}
