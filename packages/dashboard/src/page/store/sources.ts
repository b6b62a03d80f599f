const GAPS = 8;
const DEFAULT_INTERVAL_MS = 1000;
const SHORTEST_STALE_LIMIT_MS = 1500;
const SUPERSEDED_AFTER_INTERVALS = 10;
/** Attribute of a resource that names its service. */
export const SERVICE_NAME = 'service.name';
/** Service name under which the bridge publishes its own metrics. */
const BRIDGE_SERVICE = 'nanometer-bridge';

/** Attributes of a series or a resource as the stream carries them. */
export type Attributes = Readonly<
  Record<string, string | number | boolean | readonly (string | number | boolean)[] | undefined>
>;

/**
 * One sender of series: a running instance of a service. Freshness is a property of the sender and not of a single
 * series, because the stream leaves out values that did not change.
 */
export class Source {
  readonly service: string;
  readonly instance: string;
  readonly resource: Attributes;
  /** Time of the newest value of any of its series, Unix milliseconds; 0 before the first. */
  newestMs = 0;
  /** A stopped instance of a service of which another instance is running: its gauges describe nothing any more. */
  superseded = false;
  /** Whether this is the bridge speaking of itself and not a service of the desk. */
  readonly bridge: boolean;
  readonly #gaps: Float64Array = new Float64Array(GAPS);
  #gapCount = 0;

  constructor(service: string, instance: string, resource: Attributes) {
    this.service = service;
    this.instance = instance;
    this.resource = resource;
    this.bridge = service === BRIDGE_SERVICE || resource[SERVICE_NAME] === undefined;
  }

  /** Takes note of a value's time; returns true when the source's clock moved on. */
  advance(timeMs: number): boolean {
    if (!(timeMs > this.newestMs) || timeMs === Infinity) return false;
    if (this.newestMs > 0) {
      this.#gaps[this.#gapCount % GAPS] = timeMs - this.newestMs;
      this.#gapCount += 1;
    }
    this.newestMs = timeMs;
    return true;
  }

  /**
   * Expected time between values in milliseconds: the second longest of the last eight gaps. One outage does not
   * stretch it, and several values within one export do not shrink it.
   */
  get intervalMs(): number {
    const known = Math.min(this.#gapCount, GAPS);
    if (known === 0) return DEFAULT_INTERVAL_MS;
    const sorted = [...this.#gaps.subarray(0, known)].sort((a, b) => b - a);
    return sorted[Math.min(1, known - 1)] as number;
  }

  /** Age beyond which values of this source are stale: twice the expected interval, at least 1.5 seconds. */
  get staleAfterMs(): number {
    return Math.max(SHORTEST_STALE_LIMIT_MS, 2 * this.intervalMs);
  }
}

/** All senders, by service name and instance. */
export class Sources {
  readonly #byKey: Map<string, Source> = new Map();

  /** The source a resource names, created on first sight. */
  get(resource: Attributes): Source {
    const service = String(resource[SERVICE_NAME] ?? 'unknown');
    const instance = String(resource['service.instance.id'] ?? '');
    const key = `${service}\u0000${instance}`;
    let source = this.#byKey.get(key);
    if (source === undefined) {
      source = new Source(service, instance, resource);
      this.#byKey.set(key, source);
    }
    return source;
  }

  list(): readonly Source[] {
    return [...this.#byKey.values()];
  }

  /** Newest time of any source, 0 when there is none. */
  get newestMs(): number {
    let newest = 0;
    for (const source of this.#byKey.values()) if (source.newestMs > newest) newest = source.newestMs;
    return newest;
  }

  /**
   * The running service that is most overdue, by age relative to what is expected of it. The bridge itself
   * counts only while there is nothing else: it goes on speaking when every desk has fallen silent.
   */
  mostOverdue(nowMs: number): Source | undefined {
    let found: Source | undefined;
    let worst = -Infinity;
    for (const source of this.#byKey.values()) {
      if (source.superseded || source.newestMs === 0) continue;
      const overdue = (nowMs - source.newestMs) / source.staleAfterMs;
      if (found !== undefined && (found.bridge === source.bridge ? overdue <= worst : source.bridge)) continue;
      found = source;
      worst = overdue;
    }
    return found;
  }

  /** Decides which sources are superseded; returns true when that changed for any. */
  review(): boolean {
    const newestByService = new Map<string, number>();
    for (const source of this.#byKey.values()) {
      newestByService.set(source.service, Math.max(newestByService.get(source.service) ?? 0, source.newestMs));
    }
    let changed = false;
    for (const source of this.#byKey.values()) {
      const behindMs = (newestByService.get(source.service) as number) - source.newestMs;
      const superseded = behindMs > SUPERSEDED_AFTER_INTERVALS * Math.max(DEFAULT_INTERVAL_MS, source.intervalMs);
      changed ||= superseded !== source.superseded;
      source.superseded = superseded;
    }
    return changed;
  }
}
