// The worker's program: takes grid steps or ticks out of the ring, computes, and sends results back until it is closed.
import { parentPort, workerData } from 'node:worker_threads';
import { CorrelationEngine } from './correlation-engine.ts';
import { COUNT, type CorrelationOrder, type CorrelationResult, PRICES, TIME } from './correlation-messages.ts';
import { RecordRing } from './record-ring.ts';

/** Results that may wait to be read; while there are as many, steps are computed and counted but not sent. */
const UNREAD_MOST = 4;
const RETRY_MS = 20;

const { settings, ring: memory, exposures: shared, wantsMatrix } = workerData as CorrelationOrder;
const ring = new RecordRing(memory);
const engine = new CorrelationEngine(settings);
const exposures = new Float64Array(shared);
let stepsSinceMatrix = 0;
/** Steps that were computed and not told yet; the latest stands for all of them. */
let stepsUnsent = 0;
const latest = { timeMs: 0, count: 0, durationMs: 0 };

function done(timeMs: number, count: number, durationMs: number): void {
  stepsSinceMatrix++;
  stepsUnsent++;
  latest.timeMs = timeMs;
  latest.count = count;
  latest.durationMs = durationMs;
  send();
}

/** Sends what is not told yet unless too much of it waits to be read. */
function send(): void {
  if (stepsUnsent === 0 || ring.unread >= UNREAD_MOST) return;
  const { average, largestEigenvalueShare } = engine.matrix;
  const isMatrixDue = wantsMatrix && stepsSinceMatrix >= settings.matrixEverySteps;
  const matrix = isMatrixDue ? square(latest.count) : undefined;
  const pairs = engine.pairs(exposures);
  const result: CorrelationResult = { ...latest, steps: stepsUnsent, average, largestEigenvalueShare, pairs, matrix };
  stepsUnsent = 0;
  if (isMatrixDue) stepsSinceMatrix = 0;
  ring.sent();
  parentPort?.postMessage(result, matrix === undefined ? [] : [matrix.buffer as ArrayBuffer]);
}

function square(count: number): Float32Array | Float64Array {
  const cells =
    settings.matrixPrecision === 'float32' ? new Float32Array(count * count) : new Float64Array(count * count);
  engine.matrix.squareInto(cells, count);
  return cells;
}

/** A step of the grid: a row of prices. */
function takeRow(at: number): void {
  const { body } = ring;
  const startMs = performance.now();
  engine.row(body, at + PRICES);
  const durationMs = performance.now() - startMs;
  const timeMs = body[at + TIME]!;
  const count = body[at + COUNT]!;
  ring.release();
  done(timeMs, count, durationMs);
}

/** A tick, or the end of a step of ticks. */
function takeTick(at: number): void {
  const { body } = ring;
  const first = body[at]!;
  const index = body[at + COUNT]!;
  ring.release();
  if (index >= 0) {
    engine.tick(index, first);
    return;
  }
  const startMs = performance.now();
  engine.step();
  done(first, -1 - index, performance.now() - startMs);
}

const take = settings.method === 'hayashi_yoshida' ? takeTick : takeRow;
while (!ring.isClosed) {
  const at = ring.peek();
  if (at >= 0) {
    take(at);
    continue;
  }
  send();
  // What could not be sent is tried again, also when no step comes.
  ring.sleep(stepsUnsent > 0 ? RETRY_MS : Infinity);
}
