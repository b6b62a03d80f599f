import { Worker } from 'node:worker_threads';
import { HistoryError } from '../errors.ts';
import type { PartRows } from '../store/part-columns.ts';
import type { KeptSeries } from '../store/rollup-reader.ts';
import type { SeriesRow } from '../store/rollup-writer.ts';
import type { Committed, WorkerOrder, WorkerReply, WorkerRequest } from './messages.ts';

/** Questions that may wait for the worker; further ones are refused. */
const WAITING_LIMIT = 256;

interface Waiting {
  readonly resolve: (reply: WorkerReply) => void;
  readonly reject: (error: HistoryError) => void;
}

/** The main thread's end of the worker. Replies come in the order of the requests. */
export class WorkerClient {
  readonly #worker: Worker;
  readonly #waiting: Waiting[] = [];
  #ended: HistoryError | undefined;

  private constructor(worker: Worker) {
    this.#worker = worker;
    worker.on('message', (reply: WorkerReply) => this.#take(reply));
    worker.on('error', (error) => this.#end(`the history's worker failed: ${error.message}`));
    worker.on('exit', () => this.#end("the history's worker has ended"));
    worker.unref();
  }

  /** Starts the worker on its file; `kept` is called with what an earlier life had. Rejects with what the file is not. */
  static async start(
    order: WorkerOrder,
    kept: (series: readonly KeptSeries[]) => void,
  ): Promise<{ readonly client: WorkerClient; readonly committed: Committed }> {
    const client = new WorkerClient(startWorker(order));
    for (;;) {
      const reply = await client.#reply();
      if (reply.kind === 'kept') kept(reply.series);
      else if (reply.kind === 'ready') return { client, committed: reply.committed };
      else throw new HistoryError('FILE_UNUSABLE', `unexpected ${reply.kind} from the history's worker`);
    }
  }

  /** Hands rows over; they count with the next commit. */
  rows(series: readonly SeriesRow[], rows: PartRows): void {
    this.#post({ kind: 'rows', series, rows }, [rows.numbers.buffer, rows.buckets.buffer]);
  }

  /** Rejects with a `HistoryError`. */
  async ask(request: Exclude<WorkerRequest, { kind: 'rows' }>): Promise<WorkerReply> {
    if (this.#ended !== undefined) throw this.#ended;
    if (this.#waiting.length >= WAITING_LIMIT && request.kind !== 'commit' && request.kind !== 'close') {
      throw new HistoryError('READ_FAILED', `${WAITING_LIMIT} questions wait for the history already; ask again later`);
    }
    this.#post(request);
    return this.#reply();
  }

  async terminate(): Promise<void> {
    await this.#worker.terminate();
  }

  #post(request: WorkerRequest, moved: ArrayBuffer[] = []): void {
    if (this.#ended === undefined) this.#worker.postMessage(request, moved);
  }

  #reply(): Promise<WorkerReply> {
    // Held while an answer is due, so that the process does not end before it.
    if (this.#waiting.length === 0) this.#worker.ref();
    return new Promise((resolve, reject) => {
      if (this.#early.length > 0) this.#settle(this.#early.shift()!, { resolve, reject });
      else this.#waiting.push({ resolve, reject });
    });
  }

  /** Of the start, whose messages come unasked. */
  readonly #early: WorkerReply[] = [];

  #take(reply: WorkerReply): void {
    const waiting = this.#waiting.shift();
    if (waiting === undefined) this.#early.push(reply);
    else this.#settle(reply, waiting);
  }

  #settle(reply: WorkerReply, { resolve, reject }: Waiting): void {
    if (this.#waiting.length === 0) this.#worker.unref();
    if (reply.kind === 'failed') reject(new HistoryError(reply.code ?? 'READ_FAILED', reply.message));
    else resolve(reply);
  }

  #end(message: string): void {
    this.#ended ??= new HistoryError('CLOSED', message);
    for (const { reject } of this.#waiting.splice(0)) reject(this.#ended);
  }
}

function startWorker(order: WorkerOrder): Worker {
  // Beside this file, with its ending: the sources run under type stripping, the build as JavaScript.
  const isSource = import.meta.url.endsWith('.ts');
  const program = new URL(isSource ? './history-worker.ts' : './history-worker.js', import.meta.url);
  return new Worker(program, {
    name: 'nanometer-history',
    workerData: order,
    ...(isSource ? { execArgv: ['--conditions=@nanometer/source'] } : {}),
  });
}
