import type { LiveErrorCode } from '../protocol/errors.ts';

/** What a server has done since it started. */
export interface LiveServerStats {
  /** Open connections. */
  readonly clients: number;
  readonly subscriptions: number;
  /** Groups of equal subscriptions. */
  readonly streams: number;
  readonly series: number;
  /** Accepted calls of `update`. */
  readonly updatesReceived: number;
  /** Calls of `update` that had no effect. */
  readonly updatesDropped: { readonly unknown_series: number; readonly invalid_time: number };
  /** Frames made, whoever gets them; of those, snapshots compressed. */
  readonly framesEncoded: number;
  readonly framesCompressed: number;
  /** How lossless subscribers that came back went on. */
  readonly resumes: { readonly replayed: number; readonly backfilled: number; readonly reset: number };
  /** Most frames that a client which acknowledges has not acknowledged of one stream. */
  readonly framesUnackedMax: number;
  /** Frames and rows handed to connections, counted per connection. */
  readonly framesSent: number;
  readonly updatesSent: number;
  /** Frames that a slow connection did not get; their series went out later with the then latest value. */
  readonly framesConflated: number;
  /** Events published, and events handed to connections, replays included. */
  readonly eventsPublished: number;
  readonly eventsSent: number;
  /** Events that were not published, by cause. */
  readonly eventsDropped: { readonly invalid_topic: number; readonly invalid_body: number; readonly too_large: number };
  /** Payload bytes of frames and text. */
  readonly bytesSent: number;
  /** Refusals by code. */
  readonly rejected: Readonly<Partial<Record<LiveErrorCode, number>>>;
}

/** The counters behind `LiveServerStats`, shared by the parts of one server. */
export class ServerCounters {
  updatesReceived = 0;
  unknownSeries = 0;
  invalidTime = 0;
  framesEncoded = 0;
  framesCompressed = 0;
  readonly resumes: { replayed: number; backfilled: number; reset: number } = { replayed: 0, backfilled: 0, reset: 0 };
  framesSent = 0;
  updatesSent = 0;
  framesConflated = 0;
  bytesSent = 0;
  eventsPublished = 0;
  eventsSent = 0;
  readonly eventsDropped: { invalid_topic: number; invalid_body: number; too_large: number } = {
    invalid_topic: 0,
    invalid_body: 0,
    too_large: 0,
  };
  readonly rejected: Partial<Record<LiveErrorCode, number>> = {};

  reject(code: LiveErrorCode): void {
    this.rejected[code] = (this.rejected[code] ?? 0) + 1;
  }
}
