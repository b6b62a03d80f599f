import type { FanOut } from './fan-out/fan-out.ts';
import type { Ingest, IngestResult } from './ingest.ts';
import type { Journal } from './journal/journal.ts';
import type { Transport } from './ledger.ts';
import { checkExport } from './otlp/check-export.ts';

/** Something to take in. */
export interface Intake {
  readonly transport: Transport;
  /** The request in protobuf form that stands for it in a journal. */
  readonly bytes: Uint8Array;
  /** Has it take effect; `timeMs` is when it came in, Unix milliseconds. */
  into(ingest: Ingest, timeMs: number): IngestResult;
}

/** Takes something in; resolves once it is kept and has taken effect. */
export type Take = (intake: Intake) => Promise<IngestResult>;

/** Takes a request in protobuf form. Rejects with `MalformedOtlp` before anything is kept. */
export type TakeRequest = (bytes: Uint8Array, transport: Transport) => Promise<IngestResult>;

/** Takes something in only once the live stream has room for what is in it: who sends waits, and nothing is lost. */
export function intakeWithRoom(take: Take, fanOut: Pick<FanOut, 'room'>): Take {
  const takeLater = async (room: Promise<void>, intake: Intake): Promise<IngestResult> => {
    for (let wait: Promise<void> | undefined = room; wait !== undefined; wait = fanOut.room()) await wait;
    return take(intake);
  };
  // The usual way is not made longer by a promise.
  return (intake) => {
    const room = fanOut.room();
    return room === undefined ? take(intake) : takeLater(room, intake);
  };
}

/**
 * Takes things in through a journal: what is acknowledged is kept. Rejects with `JournalUnavailable` when it could not be: the
 * sender should try again.
 */
export function journaledIntake(ingest: Ingest, journal: Journal, now: () => number): Take {
  return async (intake) => {
    const timeMs = now();
    let result: IngestResult | undefined;
    const entry = {
      kind: 'request',
      transport: intake.transport,
      timeMs,
      // Asked for by a journal that keeps them.
      get bytes() {
        return intake.bytes;
      },
    } as const;
    await journal.commit(entry, () => {
      result = intake.into(ingest, timeMs);
    });
    return result!;
  };
}

/** Takes requests in protobuf form, each checked as a whole before any of it is kept. */
export function requestIntake(take: Take): TakeRequest {
  return async (bytes, transport) => {
    const pointCount = checkExport(bytes);
    return take({ transport, bytes, into: (ingest, timeMs) => ingest.request(bytes, transport, timeMs, pointCount) });
  };
}
