import type { Cursor } from '../otlp/cursor.ts';
import { type AttributeSet, readAttributes } from '../otlp/read-attributes.ts';
import { ByteTable } from './byte-table.ts';
import { Places } from './places.ts';
import {
  type MetricFields,
  type MetricInfo,
  type MetricKind,
  type ResourceInfo,
  type ScopeInfo,
  Series,
} from './series.ts';

/** Identifying fields of a metric as they stand in a request. */
export interface MetricHeader {
  readonly kind: MetricKind;
  readonly monotonic: boolean;
  readonly delta: boolean;
  readonly nameFrom: number;
  readonly nameTo: number;
  readonly unitFrom: number;
  readonly unitTo: number;
  readonly descriptionFrom: number;
  readonly descriptionTo: number;
}

const KINDS: readonly MetricKind[] = ['gauge', 'sum', 'histogram', 'exponential'];
/** Most bytes of a resource or a scope. */
const OWNER_BYTES_LIMIT = 64 * 1024;
/** Most bytes remembered of one kind of key. */
const TABLE_BYTES_LIMIT = 256 * 1024 * 1024;
const NO_ATTRIBUTES: AttributeSet = { entries: [], identity: '' };

/**
 * All series by proven identity: resource, scope, metric (name, unit, kind, temporality) and attributes. Bytes seen before lead
 * straight to their series; unseen bytes are decoded, and the decoded identity decides, so that the order in which a
 * producer writes attributes makes no difference.
 */
export class SeriesStore {
  readonly #limit: number;
  readonly #resourceBytes = new ByteTable();
  readonly #scopeBytes = new ByteTable();
  readonly #metricBytes = new ByteTable();
  readonly #seriesBytes = new ByteTable();
  readonly #resources = new Places<ResourceInfo>();
  readonly #scopes = new Places<ScopeInfo>();
  readonly #metrics = new Places<MetricInfo>();
  readonly #series = new Places<Series>();
  readonly #byIdentity = new Map<string, number>();
  #metricKey: Uint8Array = new Uint8Array(256);
  #nextOrder = 0;
  #removals = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** How many times series were removed: as long as it stays the same, what was found is what would be found. */
  get removals(): number {
    return this.#removals;
  }

  /** Series held. */
  get size(): number {
    return this.#series.size;
  }

  /** All resources. */
  get resources(): Iterable<ResourceInfo> {
    return this.#resources;
  }

  /** All series, in no order; {@link Series.order} tells which came first. */
  get series(): Iterable<Series> {
    return this.#series;
  }

  /** The resource whose message lies between two offsets; `undefined` when it is new and the limit is reached. */
  resource(cursor: Cursor, from: number, to: number): ResourceInfo | undefined {
    const known = this.#resourceBytes.find(0, cursor.bytes, from, to);
    if (known >= 0) return this.#resources.at(known);
    if (to - from > OWNER_BYTES_LIMIT) return undefined;
    const attributes = from === to ? NO_ATTRIBUTES : readAttributes(cursor, from, to, 10);
    const resource = this.resourceOf(attributes);
    if (resource) this.#remember(this.#resourceBytes, 0, cursor.bytes, from, to, resource.id);
    return resource;
  }

  /** The resource with these attributes. */
  resourceOf(attributes: AttributeSet): ResourceInfo | undefined {
    return this.#found(`r${attributes.identity}`, this.#resources, (id) => ({ id, attributes }));
  }

  /** The scope whose message lies between two offsets; `undefined` when it is new and the limit is reached. */
  scope(resource: ResourceInfo, cursor: Cursor, from: number, to: number): ScopeInfo | undefined {
    const known = this.#scopeBytes.find(resource.id, cursor.bytes, from, to);
    if (known >= 0) return this.#scopes.at(known);
    if (to - from > OWNER_BYTES_LIMIT) return undefined;
    const { name, version } = readScopeNames(cursor, from, to);
    const attributes = from === to ? NO_ATTRIBUTES : readAttributes(cursor, from, to, 26);
    const scope = this.scopeOf(resource, name, version, attributes);
    if (scope) this.#remember(this.#scopeBytes, resource.id, cursor.bytes, from, to, scope.id);
    return scope;
  }

  /** The scope of a resource with this name, version and attributes. */
  scopeOf(resource: ResourceInfo, name: string, version: string, attributes: AttributeSet): ScopeInfo | undefined {
    const identity = scopeIdentity(resource, name, version, attributes);
    return this.#found(identity, this.#scopes, (id) => ({ id, resource, name, version, attributes }));
  }

  /** The metric of a scope with this header; `undefined` when there are as many metrics as there may be series. */
  metric(scope: ScopeInfo, cursor: Cursor, header: MetricHeader): MetricInfo | undefined {
    const length = this.#writeMetricKey(cursor.bytes, header);
    const known = this.#metricBytes.find(scope.id, this.#metricKey, 0, length);
    if (known >= 0) return this.#metrics.at(known);
    if (this.#metricBytes.byteCount > TABLE_BYTES_LIMIT) return undefined;
    const { kind, monotonic, delta } = header;
    const text = (from: number, to: number): string => {
      cursor.at = from;
      return cursor.text(to);
    };
    const key = Buffer.from(this.#metricKey.buffer, 0, length).toString('latin1');
    const metric = this.metricOf(scope, key, () => ({
      name: text(header.nameFrom, header.nameTo),
      unit: text(header.unitFrom, header.unitTo),
      description: text(header.descriptionFrom, header.descriptionTo),
      kind,
      monotonic,
      delta,
    }));
    if (metric) this.#metricBytes.add(scope.id, this.#metricKey, 0, length, metric.id);
    return metric;
  }

  /** The metric with a key that {@link MetricInfo.key} had; `rest` says what else it is when it is new. */
  metricOf(scope: ScopeInfo, key: string, rest: () => MetricFields): MetricInfo | undefined {
    return this.#found(metricIdentity(scope, key), this.#metrics, (id) => ({ id, scope, key, ...rest() }));
  }

  /**
   * The series of a metric whose attribute fields lie between two offsets; `undefined` when the limit is reached and it
   * is new.
   */
  find(metric: MetricInfo, cursor: Cursor, from: number, to: number, fieldTag: number): Series | undefined {
    const known = this.#seriesBytes.find(metric.id, cursor.bytes, from, to);
    if (known >= 0) return this.#series.at(known);
    const at = cursor.at;
    const attributes = from === to ? NO_ATTRIBUTES : readAttributes(cursor, from, to, fieldTag);
    cursor.at = at;
    const series = this.seriesOf(metric, attributes);
    if (series) this.#remember(this.#seriesBytes, metric.id, cursor.bytes, from, to, series.id);
    return series;
  }

  /** The series of a metric with these attributes. */
  seriesOf(metric: MetricInfo, attributes: AttributeSet): Series | undefined {
    const identity = seriesIdentity(metric, attributes);
    return this.#found(identity, this.#series, (id) => new Series(id, this.#nextOrder++, metric, attributes));
  }

  /** Removes series, and the metrics, scopes and resources that are left without any. */
  remove(expired: Iterable<Series>): void {
    this.#removals += 1;
    for (const { id, metric, attributes } of expired) {
      this.#series.release(id);
      this.#byIdentity.delete(seriesIdentity(metric, attributes));
    }
    const metrics = new Set<MetricInfo>();
    for (const { metric } of this.#series) metrics.add(metric);
    const scopes = new Set([...metrics].map(({ scope }) => scope));
    const resources = new Set([...scopes].map(({ resource }) => resource));
    this.#sweep(this.#metrics, metrics, ({ scope, key }) => metricIdentity(scope, key));
    this.#sweep(this.#scopes, scopes, ({ resource, name, version, attributes }) =>
      scopeIdentity(resource, name, version, attributes),
    );
    this.#sweep(this.#resources, resources, ({ attributes }) => `r${attributes.identity}`);
    // Their keys cannot be removed one by one, and the numbers they lead to will be given again.
    for (const table of [this.#resourceBytes, this.#scopeBytes, this.#metricBytes, this.#seriesBytes]) table.clear();
  }

  #sweep<T extends { readonly id: number }>(places: Places<T>, used: Set<T>, identityOf: (item: T) => string): void {
    for (const item of places) {
      if (used.has(item)) continue;
      places.release(item.id);
      this.#byIdentity.delete(identityOf(item));
    }
  }

  #found<T extends { readonly id: number }>(
    identity: string,
    places: Places<T>,
    make: (id: number) => T,
  ): T | undefined {
    const known = this.#byIdentity.get(identity);
    if (known !== undefined) return places.at(known);
    if (places.size >= this.#limit) return undefined;
    const made = places.add(make);
    this.#byIdentity.set(identity, made.id);
    return made;
  }

  // Producers that write the same attributes in ever new orders must not grow the table: it starts over instead.
  #remember(table: ByteTable, owner: number, bytes: Uint8Array, from: number, to: number, id: number): void {
    if (table.size >= 4 * this.#limit || table.byteCount > TABLE_BYTES_LIMIT) table.clear();
    table.add(owner, bytes, from, to, id);
  }

  #writeMetricKey(bytes: Uint8Array, header: MetricHeader): number {
    const { nameFrom, nameTo, unitFrom, unitTo } = header;
    const nameLength = nameTo - nameFrom;
    const length = 5 + nameLength + unitTo - unitFrom;
    if (length > this.#metricKey.length) this.#metricKey = new Uint8Array(length * 2);
    const key = this.#metricKey;
    key[0] = KINDS.indexOf(header.kind) | (header.monotonic ? 8 : 0) | (header.delta ? 16 : 0);
    for (let byte = 0; byte < 4; byte++) key[1 + byte] = nameLength >>> (8 * byte);
    let at = 5;
    for (let from = nameFrom; from < nameTo; from++) key[at++] = bytes[from]!;
    for (let from = unitFrom; from < unitTo; from++) key[at++] = bytes[from]!;
    return length;
  }
}

function scopeIdentity(resource: ResourceInfo, name: string, version: string, attributes: AttributeSet): string {
  return `s${resource.id}:${JSON.stringify([name, version])}${attributes.identity}`;
}

function metricIdentity(scope: ScopeInfo, key: string): string {
  return `k${scope.id}:${key}`;
}

function seriesIdentity(metric: MetricInfo, attributes: AttributeSet): string {
  return `m${metric.id}:${attributes.identity}`;
}

function readScopeNames(cursor: Cursor, from: number, to: number): { name: string; version: string } {
  let name = '';
  let version = '';
  cursor.at = from;
  while (cursor.at < to) {
    const tag = cursor.varint();
    if (tag === 10) name = cursor.text(cursor.end());
    else if (tag === 18) version = cursor.text(cursor.end());
    else cursor.skip(tag % 8);
  }
  return { name, version };
}
