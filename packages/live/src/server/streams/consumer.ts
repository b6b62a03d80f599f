import type { Connection } from '../connection.ts';
import { IdSet } from './id-set.ts';
import type { Stream } from './stream.ts';

/** One connection's place in a stream. */
export interface Consumer {
  readonly connection: Connection;
  readonly stream: Stream;
  /** Subscriptions of this connection with this filter. */
  subscriptions: number;
  /** How many of the stream's members the connection has been told about. */
  announced: number;
  /** Whether the snapshot is still to be sent. */
  needsSnapshot: boolean;
  /** Whether the snapshot may be compressed. */
  compressSnapshot: boolean;
  /** Conflated: series whose latest value this connection missed because it was slow. */
  readonly missed: IdSet;
  /** Lossless: number of the last frame sent. */
  cursor: number;
  /** Lossless: whether the history is being asked; nothing is sent meanwhile. */
  waitsForHistory: boolean;
  /** Number of the last frame that the client says it has; undefined as long as it says nothing. */
  acknowledged: number | undefined;
  toldOfLimit: boolean;
}

export function newConsumer(connection: Connection, stream: Stream): Consumer {
  return {
    connection,
    stream,
    subscriptions: 1,
    announced: 0,
    needsSnapshot: true,
    compressSnapshot: false,
    missed: new IdSet(),
    cursor: 0,
    waitsForHistory: false,
    acknowledged: undefined,
    toldOfLimit: false,
  };
}
