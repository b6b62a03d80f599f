import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Grant, LiveServerStats, PublishOptions, SeriesDescriptor } from '@nanometer/live';

/** Where the stream is encoded and sent: in the thread that takes requests, or in a worker of its own. */
export type FanOutMode = 'inline' | 'worker';

export const FAN_OUT_MODES: readonly FanOutMode[] = ['inline', 'worker'];

/** Why the worker was started anew. */
export type RestartCause = 'ended' | 'stalled' | 'overflow';

/** The hop between the thread that takes requests and the one that sends. */
export interface FanOutStats {
  readonly mode: FanOutMode;
  /** Whether subscribers are served; false while the worker starts. */
  readonly isUp: boolean;
  /** Workers started in place of one that was lost, by cause. */
  readonly restarts: Readonly<Record<RestartCause, number>>;
  /** Rows for which a later one of their series stood in, because the ring was full and nobody wanted every row. */
  readonly rowsConflated: number;
  /** Rows that wait for room in the ring. */
  readonly rowsWaiting: number;
  /** Requests that waited for room in the ring before they were taken. */
  readonly producerWaits: number;
  /** Events refused because too many bytes of them waited. */
  readonly eventsRefused: number;
}

/** Takes series and their values to the live stream. */
export interface SeriesFeed {
  /**
   * Makes a series known and returns its id: the same id for the same name, field, attributes and resource; -1 when there are
   * too many.
   *
   * @throws LiveError `invalid_descriptor`.
   */
  register(descriptor: SeriesDescriptor): number;
  /** Sets the value of a series; see `LiveServer.update`. Never throws. */
  update(id: number, timeUnixMs: number, value: number): void;
}

/** What the bridge gives the live stream. */
export interface LiveFeed extends SeriesFeed {
  /** Tells an event; false when it is refused, which is counted. Never throws. */
  publishEvent(topic: string, body: unknown, options?: PublishOptions): boolean;
}

/** The live stream as the bridge has it, wherever it is served. */
export interface FanOut extends LiveFeed {
  /** Serves page and stream; resolves with the port. Rejects with `BridgeError` `PORT_IN_USE`, `LISTEN_FAILED`. */
  listen(): Promise<number>;
  /** For the page's server: answers what the stream takes by HTTP; false when the request is for something else. */
  handleRequest(request: IncomingMessage, response: ServerResponse): boolean;
  /** What the bearer of an `Authorization` header may see; undefined when nothing. */
  grantOf(authorization: string | undefined): Grant | undefined;
  /** Resolves when the next request may be taken; undefined when it may at once. */
  room(): Promise<void> | undefined;
  stats(): LiveServerStats;
  fanOutStats(): FanOutStats;
  /** Sends what is pending, says goodbye, and ends. Idempotent. */
  close(): Promise<void>;
}
