// The worker's program: owns the file. SQLite waits for the disk where nobody else has to wait with it.
import { parentPort, workerData } from 'node:worker_threads';
import { HistoryError } from '../errors.ts';
import { MINUTE_MS } from '../rollup/rollup.ts';
import { Evictor } from '../store/evictor.ts';
import { openDatabase } from '../store/open-database.ts';
import { type KeptSeries, RollupReader } from '../store/rollup-reader.ts';
import { RollupWriter } from '../store/rollup-writer.ts';
import type { Committed, WorkerOrder, WorkerReply, WorkerRequest } from './messages.ts';
import { minuteColumns } from './minute-columns.ts';

/** Series of one message: taking it in keeps the main thread for less than a millisecond. */
const KEPT_PER_MESSAGE = 250;
/** Slices of eviction after one commit; what is left goes after the next. */
const EVICTION_SLICES = 20;
const SERIES_EVICTION_EVERY_MS = 3_600_000;

const port = parentPort!;
const order = workerData as WorkerOrder;
const encoder = new TextEncoder();
const tell = (reply: WorkerReply, moved: ArrayBuffer[] = []): void => port.postMessage(reply, moved);

function run(): void {
  const database = openDatabase(order.path, order.sizeLimitBytes);
  const writer = new RollupWriter(database);
  const reader = new RollupReader(database, order);
  const evictor = new Evictor(database, order);
  let seriesEvictedMs = order.nowMs;
  database
    .prepare("INSERT INTO mark VALUES ('began', ?) ON CONFLICT DO NOTHING")
    .run(Math.floor(order.nowMs / MINUTE_MS));

  const committed = (seriesGone: readonly number[] = []): Committed => ({
    sizeBytes: evictor.sizeBytes,
    evicted: { ...evictor.evicted },
    seriesGone,
    minutesFromMs: reader.markMs('minute_from'),
    beganMs: reader.markMs('began'),
  });

  function commit(nowMs: number): Committed {
    writer.commit();
    for (let slice = 0; slice < EVICTION_SLICES && evictor.slice(nowMs); slice++);
    if (nowMs - seriesEvictedMs < SERIES_EVICTION_EVERY_MS) return committed();
    seriesEvictedMs = nowMs;
    return committed(evictor.series(nowMs));
  }

  function answer(request: WorkerRequest): void {
    switch (request.kind) {
      case 'rows':
        writer.take(request.series, request.rows);
        return;
      case 'commit':
        tell({ kind: 'committed', committed: commit(request.nowMs) });
        return;
      case 'rollups':
        tellJson({ name: request.name, ...reader.rollups(request.question) });
        return;
      case 'series':
        tellJson(reader.series(request.question));
        return;
      case 'minutes': {
        const { wanted, afterMs, untilMs, rowsLimit } = request;
        tell({ kind: 'minutes', columns: minuteColumns(reader, wanted, afterMs, untilMs, rowsLimit) });
        return;
      }
      case 'close':
        database.close();
        tell({ kind: 'closed' });
        port.close();
    }
  }

  let batch: KeptSeries[] = [];
  for (const kept of reader.kept()) {
    batch.push(kept);
    if (batch.length < KEPT_PER_MESSAGE) continue;
    tell({ kind: 'kept', series: batch });
    batch = [];
  }
  tell({ kind: 'kept', series: batch });
  port.on('message', (request: WorkerRequest) => {
    try {
      answer(request);
    } catch (error) {
      tellFailure(error);
    }
  });
  tell({ kind: 'ready', committed: committed() });
}

function tellJson(document: object): void {
  const body = encoder.encode(JSON.stringify(document)) as Uint8Array<ArrayBuffer>;
  tell({ kind: 'body', body }, [body.buffer]);
}

function tellFailure(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  tell({ kind: 'failed', code: error instanceof HistoryError ? error.code : undefined, message });
}

try {
  run();
} catch (error) {
  tellFailure(error);
  port.close();
}
