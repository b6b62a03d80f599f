/** What one hop says of the points that went through it. What it does not say is `undefined`. */
export interface Hop {
  /** Such as `desk` or `bridge → statsd`. */
  readonly name: string;
  readonly unit: 'points' | 'measurements';
  readonly received: number | undefined;
  readonly forwarded: number | undefined;
  readonly held: number | undefined;
  readonly dropped: Readonly<Record<string, number>>;
  /** Said beside the numbers. */
  readonly note?: string | undefined;
}

/** Sums by metric family: what a service has counted, or what an output holds of it. */
export type Updates = ReadonlyMap<string, number>;

/** What is read of a service. */
export interface ServiceReading {
  readonly url: string;
  /** `service.instance.id`, where the service tells it. */
  readonly instance: string | undefined;
  readonly hops: readonly Hop[];
  /** Points its OTLP exporter had acknowledged; `undefined` when it has no such account. */
  readonly forwarded: number | undefined;
  readonly updates: Updates;
}

/** What is read of a collector. */
export interface CollectorReading {
  readonly name: string;
  readonly accepted: number;
  readonly exporters: readonly ExporterReading[];
}

/** One exporter of a collector. */
export interface ExporterReading {
  readonly name: string;
  readonly sent: number;
  readonly dropped: Readonly<Record<string, number>>;
  /** In the collector's own unit, bytes or requests: that it is not 0 is what counts. */
  readonly queued: number;
}

/** What is read of a bridge. */
export interface BridgeReading {
  readonly received: number;
  readonly outputs: readonly Hop[];
  readonly note: string;
  readonly updates: Updates;
}

/** Everything that was read in one go, in the direction of the points. */
export interface Reading {
  readonly services: readonly ServiceReading[];
  /** In the order in which points pass them. */
  readonly collectors: readonly CollectorReading[];
  readonly prometheus: Updates | undefined;
  readonly bridge: BridgeReading | undefined;
}
