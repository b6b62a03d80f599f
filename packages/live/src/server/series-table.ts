import { LiveError } from '../protocol/errors.ts';
import { SERIES_FIELDS, SERIES_KINDS } from '../protocol/series.ts';
import type { LiveSeries, SeriesAttributes, SeriesAttributeValue, SeriesDescriptor } from '../protocol/series.ts';

const DIRTY = 1;
const WRITTEN = 2;

/** Outcome of `SeriesTable.write`. */
export type WriteOutcome = 'unknown_series' | 'invalid_time' | 'already_dirty' | 'newly_dirty';

/** Latest value and time of every series, in columns indexed by series id, and which of them changed since the last drain. */
export class SeriesTable {
  readonly #capacity: number;
  readonly #idByIdentity = new Map<string, number>();
  readonly #series: LiveSeries[] = [];
  readonly #texts: (string | undefined)[] = [];
  readonly #rowTexts: (string | undefined)[] = [];
  #values: Float64Array = new Float64Array(256);
  #times: Float64Array = new Float64Array(256);
  #state: Uint8Array = new Uint8Array(256);
  #dirtyIds: Uint32Array = new Uint32Array(256);
  #dirtyCount = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#series.length;
  }

  /** Latest values by series id; the array is replaced when the table grows. */
  get values(): Float64Array {
    return this.#values;
  }

  /** Unix milliseconds of the latest values. */
  get times(): Float64Array {
    return this.#times;
  }

  /** Series that changed since `clearDirty`, in the order of their first change. */
  get dirtyIds(): Uint32Array {
    return this.#dirtyIds.subarray(0, this.#dirtyCount);
  }

  /**
   * The id of a series, the same for equal identities; -1 when the table is full.
   *
   * @throws LiveError `invalid_descriptor`.
   */
  register(descriptor: SeriesDescriptor): number {
    checkDescriptor(descriptor);
    const attributes = normalised(descriptor.attributes);
    const resource = normalised(descriptor.resource);
    const identity = JSON.stringify([
      descriptor.name,
      descriptor.field,
      Object.entries(attributes),
      Object.entries(resource),
    ]);
    const known = this.#idByIdentity.get(identity);
    if (known !== undefined) return known;
    const id = this.#series.length;
    if (id >= this.#capacity) return -1;
    if (id === this.#values.length) this.#grow();
    this.#idByIdentity.set(identity, id);
    const { name, kind, field, unit, description } = descriptor;
    this.#series.push({
      id,
      name,
      kind,
      field,
      unit,
      ...(description === undefined ? {} : { description }),
      attributes,
      resource,
    });
    this.#texts.push(undefined);
    return id;
  }

  series(id: number): LiveSeries {
    return this.#series[id]!;
  }

  /** The dictionary entry of a series as JSON, built once. */
  entryText(id: number): string {
    return (this.#texts[id] ??= JSON.stringify(this.#series[id]));
  }

  /** The beginning of a row in the JSON form: all that does not change, without the closing brace. Built once. */
  rowText(id: number): string {
    return (this.#rowTexts[id] ??= rowHead(this.#series[id]!));
  }

  hasValue(id: number): boolean {
    return (this.#state[id]! & WRITTEN) !== 0;
  }

  /** Keeps a value. Allocates nothing; any double is a value, only the time must be finite. */
  write(id: number, timeMs: number, value: number): WriteOutcome {
    // Compared this way round, NaN, a fraction and a negative id are unknown too.
    if (!(id < this.#series.length) || id >>> 0 !== id) return 'unknown_series';
    if (!(timeMs - timeMs === 0)) return 'invalid_time';
    this.#values[id] = value;
    this.#times[id] = timeMs;
    if ((this.#state[id]! & DIRTY) !== 0) return 'already_dirty';
    this.#state[id] = DIRTY | WRITTEN;
    this.#dirtyIds[this.#dirtyCount++] = id;
    return 'newly_dirty';
  }

  clearDirty(): void {
    for (let i = 0; i < this.#dirtyCount; i++) this.#state[this.#dirtyIds[i]!] = WRITTEN;
    this.#dirtyCount = 0;
  }

  #grow(): void {
    const size = 2 * this.#values.length;
    const values = new Float64Array(size);
    const times = new Float64Array(size);
    const state = new Uint8Array(size);
    const dirtyIds = new Uint32Array(size);
    values.set(this.#values);
    times.set(this.#times);
    state.set(this.#state);
    dirtyIds.set(this.#dirtyIds);
    this.#values = values;
    this.#times = times;
    this.#state = state;
    this.#dirtyIds = dirtyIds;
  }
}

function rowHead({ name, kind, field, unit, attributes, resource }: LiveSeries): string {
  return JSON.stringify({ name, kind, field, unit, attributes, resource }).slice(0, -1);
}

function checkDescriptor(descriptor: SeriesDescriptor): void {
  const { name, kind, field, unit } = descriptor;
  if (typeof name !== 'string' || name === '') {
    throw new LiveError('invalid_descriptor', `descriptor.name is ${show(name)}, expected a metric name`);
  }
  if (!SERIES_KINDS.includes(kind)) {
    throw new LiveError('invalid_descriptor', `kind of ${name} is ${show(kind)}, expected ${SERIES_KINDS.join(', ')}`);
  }
  if (!SERIES_FIELDS.includes(field)) {
    throw new LiveError(
      'invalid_descriptor',
      `field of ${name} is ${show(field)}, expected ${SERIES_FIELDS.join(', ')}`,
    );
  }
  if (typeof unit !== 'string') {
    throw new LiveError('invalid_descriptor', `unit of ${name} is ${show(unit)}, expected a string, '' for none`);
  }
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? String(value);
}

/** Sorted by key, so that the order in which a producer writes attributes is no part of their identity. */
function normalised(attributes: SeriesAttributes): SeriesAttributes {
  const sorted: Record<string, SeriesAttributeValue> = {};
  for (const key of Object.keys(attributes).sort()) {
    const value = attributes[key]!;
    // Through defineProperty because a key may be '__proto__'.
    Object.defineProperty(sorted, key, { value: jsonSafe(value), enumerable: true });
  }
  return sorted;
}

function jsonSafe(value: SeriesAttributeValue): SeriesAttributeValue {
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  return Array.isArray(value) ? value.map((item) => jsonSafe(item) as string | number | boolean) : value;
}
