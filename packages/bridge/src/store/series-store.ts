import type { Cursor } from '../otlp/cursor.ts';
import { type AttributeSet, readAttributes } from '../otlp/read-attributes.ts';
import { ByteTable } from './byte-table.ts';
import { type MetricInfo, type MetricKind, type ResourceInfo, type ScopeInfo, Series } from './series.ts';

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
  readonly #resources: ResourceInfo[] = [];
  readonly #scopes: ScopeInfo[] = [];
  readonly #metrics: MetricInfo[] = [];
  readonly #series: Series[] = [];
  readonly #byIdentity = new Map<string, number>();
  #metricKey: Uint8Array = new Uint8Array(256);

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Series held. */
  get size(): number {
    return this.#series.length;
  }

  /** All resources in the order of their first request. */
  get resources(): readonly ResourceInfo[] {
    return this.#resources;
  }

  /** The resource whose message lies between two offsets; `undefined` when it is new and the limit is reached. */
  resource(cursor: Cursor, from: number, to: number): ResourceInfo | undefined {
    const known = this.#resourceBytes.find(0, cursor.bytes, from, to);
    if (known >= 0) return this.#resources[known]!;
    if (to - from > OWNER_BYTES_LIMIT) return undefined;
    const attributes = readAttributes(cursor, from, to, 10);
    const identity = `r${attributes.identity}`;
    const id = this.#byIdentity.get(identity) ?? this.#resources.length;
    if (id === this.#resources.length) {
      if (id >= this.#limit) return undefined;
      this.#byIdentity.set(identity, id);
      this.#resources.push({ id, attributes });
    }
    this.#remember(this.#resourceBytes, 0, cursor.bytes, from, to, id);
    return this.#resources[id]!;
  }

  /** The scope whose message lies between two offsets; `undefined` when it is new and the limit is reached. */
  scope(resource: ResourceInfo, cursor: Cursor, from: number, to: number): ScopeInfo | undefined {
    const known = this.#scopeBytes.find(resource.id, cursor.bytes, from, to);
    if (known >= 0) return this.#scopes[known]!;
    if (to - from > OWNER_BYTES_LIMIT) return undefined;
    const { name, version } = readScopeNames(cursor, from, to);
    const attributes = from === to ? NO_ATTRIBUTES : readAttributes(cursor, from, to, 26);
    const identity = `s${resource.id}:${JSON.stringify([name, version])}${attributes.identity}`;
    const id = this.#byIdentity.get(identity) ?? this.#scopes.length;
    if (id === this.#scopes.length) {
      if (id >= this.#limit) return undefined;
      this.#byIdentity.set(identity, id);
      this.#scopes.push({ id, resource, name, version, attributes });
    }
    this.#remember(this.#scopeBytes, resource.id, cursor.bytes, from, to, id);
    return this.#scopes[id]!;
  }

  /** The metric of a scope with this header; `undefined` when there are as many metrics as there may be series. */
  metric(scope: ScopeInfo, cursor: Cursor, header: MetricHeader): MetricInfo | undefined {
    const length = this.#writeMetricKey(cursor.bytes, header);
    const known = this.#metricBytes.find(scope.id, this.#metricKey, 0, length);
    if (known >= 0) return this.#metrics[known]!;
    if (this.#metrics.length >= this.#limit || this.#metricBytes.byteCount > TABLE_BYTES_LIMIT) return undefined;
    const { kind, monotonic, delta } = header;
    const text = (from: number, to: number): string => {
      cursor.at = from;
      return cursor.text(to);
    };
    const name = text(header.nameFrom, header.nameTo);
    const unit = text(header.unitFrom, header.unitTo);
    const description = text(header.descriptionFrom, header.descriptionTo);
    const id = this.#metrics.length;
    this.#metrics.push({ id, scope, name, unit, description, kind, monotonic, delta });
    this.#metricBytes.add(scope.id, this.#metricKey, 0, length, id);
    return this.#metrics[id]!;
  }

  /**
   * The series of a metric whose attribute fields lie between two offsets; `undefined` when the limit is reached and it
   * is new.
   */
  find(metric: MetricInfo, cursor: Cursor, from: number, to: number, fieldTag: number): Series | undefined {
    const known = this.#seriesBytes.find(metric.id, cursor.bytes, from, to);
    if (known >= 0) return this.#series[known]!;
    const at = cursor.at;
    const attributes = from === to ? NO_ATTRIBUTES : readAttributes(cursor, from, to, fieldTag);
    cursor.at = at;
    const identity = `m${metric.id}:${attributes.identity}`;
    let id = this.#byIdentity.get(identity);
    if (id === undefined) {
      if (this.#series.length >= this.#limit) return undefined;
      id = this.#series.length;
      this.#byIdentity.set(identity, id);
      this.#series.push(new Series(id, metric, attributes));
    }
    this.#remember(this.#seriesBytes, metric.id, cursor.bytes, from, to, id);
    return this.#series[id]!;
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
