/** The value OpenTelemetry names for "one that was not foreseen". */
const OTHER = '_OTHER';

/** Passes the first `limit` distinct attribute values through and turns every further one into `_OTHER`. */
export class BoundedValues {
  readonly #known = new Set<string>();
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Values that passed, in order. */
  get known(): readonly string[] {
    return [...this.#known];
  }

  pass(value: string): string {
    if (this.#known.has(value)) return value;
    if (this.#known.size >= this.#limit) return OTHER;
    this.#known.add(value);
    return value;
  }
}
