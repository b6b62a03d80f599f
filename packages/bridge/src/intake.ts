import type { FanOut } from './fan-out/fan-out.ts';
import type { Ingest, IngestResult } from './ingest.ts';
import type { Journal } from './journal/journal.ts';
import type { Transport } from './ledger.ts';
import { checkExport } from './otlp/check-export.ts';

/** Takes a request in protobuf form; resolves once it is kept and has taken effect. */
export type TakeRequest = (bytes: Uint8Array, transport: Transport) => Promise<IngestResult>;

/** Takes a request only once the live stream has room for what is in it: who sends waits, and nothing is lost. */
export function intakeWithRoom(take: TakeRequest, fanOut: Pick<FanOut, 'room'>): TakeRequest {
  return async (bytes, transport) => {
    for (let room = fanOut.room(); room !== undefined; room = fanOut.room()) await room;
    return take(bytes, transport);
  };
}

/**
 * Takes requests through a journal: what is acknowledged is kept. Rejects with `MalformedOtlp` before anything is kept, and with
 * `JournalUnavailable` when it could not be: the sender should try again.
 */
export function journaledIntake(ingest: Ingest, journal: Journal, now: () => number): TakeRequest {
  return async (bytes, transport) => {
    const pointCount = checkExport(bytes);
    const timeMs = now();
    let result: IngestResult | undefined;
    await journal.commit({ kind: 'request', transport, timeMs, bytes }, () => {
      result = ingest.request(bytes, transport, timeMs, pointCount);
    });
    return result!;
  };
}
