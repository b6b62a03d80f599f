import type { HistoryRows, LiveTlsOptions, LiveToken } from '@nanometer/live';
import type { DoorKey } from './private-door.ts';
import type { RingMemory } from './ring/ring-memory.ts';

/** What a worker is started with. */
export interface FanOutOrder {
  readonly ring: RingMemory;
  readonly counts: BigUint64Array<SharedArrayBuffer>;
  readonly host: string;
  readonly tls: LiveTlsOptions | undefined;
  readonly requestTimeoutMillis: number;
  readonly door: DoorKey;
  readonly hasHistory: boolean;
  readonly live: FanOutLiveOptions;
}

/** Of the stream's server, those that the bridge sets. */
export interface FanOutLiveOptions {
  readonly path: string;
  readonly name: string;
  readonly tokens?: readonly LiveToken[];
  readonly allowedHosts?: readonly string[];
  readonly allowedOrigins?: readonly string[];
}

/** To the worker. */
export type ToWorker =
  | { readonly kind: 'history'; readonly request: number; readonly rows: HistoryRows | undefined }
  /** The port is free for it; 0 for any free one. */
  | { readonly kind: 'listen'; readonly port: number }
  /** Sends what is pending, says goodbye and ends. */
  | { readonly kind: 'close' };

/** From the worker. */
export type FromWorker =
  /** It has all series with their last values, and wants the port. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'listening'; readonly port: number }
  /** It could not listen, and ends. */
  | { readonly kind: 'failed'; readonly code: 'PORT_IN_USE' | 'LISTEN_FAILED'; readonly message: string }
  | { readonly kind: 'trouble'; readonly text: string }
  /** A question to the history; `ids` are of series that the bridge has told. */
  | {
      readonly kind: 'history';
      readonly request: number;
      readonly ids: Uint32Array;
      readonly afterMs: number;
      readonly untilMs: number;
      readonly rowsLimit: number;
    };
