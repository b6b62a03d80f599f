import { RateMeter } from './rate-meter.ts';
import type { Attributes, Source } from './sources.ts';

/** What names a series: the part of a stream descriptor the page needs. */
export interface SeriesIdentity {
  readonly name: string;
  readonly field: string;
  readonly attributes: Attributes;
  readonly resource: Attributes;
}

/** One series: its newest value, and its rate where somebody asked for it. */
export class Series {
  readonly name: string;
  readonly field: string;
  readonly attributes: Attributes;
  readonly source: Source;
  /** Newest value; `NaN` before the first. */
  value: number = NaN;
  /** Time of the newest value, Unix milliseconds. */
  timeMs: number = 0;
  #rate: RateMeter | undefined;

  constructor(identity: SeriesIdentity, source: Source) {
    this.name = identity.name;
    this.field = identity.field;
    this.attributes = identity.attributes;
    this.source = source;
  }

  /** Keeps a rate from here on; idempotent. */
  trackRate(): void {
    this.#rate ??= new RateMeter();
  }

  /** Takes a value over; older ones and non-finite ones are refused. Returns whether it was taken. */
  set(timeMs: number, value: number): boolean {
    if (!Number.isFinite(value) || !(timeMs >= this.timeMs) || timeMs === Infinity) return false;
    this.timeMs = timeMs;
    this.value = value;
    this.#rate?.add(timeMs, value);
    return true;
  }

  /** Back to "no data", and ready to take any time: what comes next may be from another life of the server. */
  forget(): void {
    this.value = NaN;
    this.timeMs = 0;
  }

  /** Units per second up to the newest moment of its source; `NaN` while unknown or not tracked. */
  rate(): number {
    return this.#rate?.rate(this.source.newestMs) ?? NaN;
  }
}

/** Identity of a series: name, field, attributes in key order and the sending instance, unambiguously joined. */
export function seriesKey(identity: SeriesIdentity): string {
  const attributes = Object.entries(identity.attributes).sort(([a], [b]) => (a < b ? -1 : 1));
  const { resource } = identity;
  return JSON.stringify([
    identity.name,
    identity.field,
    attributes,
    resource['service.name'] ?? '',
    resource['service.instance.id'] ?? '',
  ]);
}
