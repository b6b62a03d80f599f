import { Worker } from 'node:worker_threads';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type {
  Grant,
  HistorySource,
  LiveServerStats,
  LiveTlsOptions,
  PublishOptions,
  SeriesDescriptor,
} from '@nanometer/live';
import { Backoff, bearerGrants } from '@nanometer/live/parts';
import { BridgeError } from '../errors.ts';
import { type Deferred, deferred } from './deferred.ts';
import type { FanOut, FanOutStats, RestartCause } from './fan-out.ts';
import { RingFeed } from './feed/ring-feed.ts';
import type { FanOutLiveOptions, FanOutOrder, FromWorker, ToWorker } from './messages.ts';
import { PrivateDoor } from './private-door.ts';
import { type RingMemory, ringMemory } from './ring/ring-memory.ts';
import { RingWriter } from './ring/ring-writer.ts';
import { countsMemory, SharedCounts } from './shared-counts.ts';
import { StallWatch } from './stall-watch.ts';
import { RETRY_AFTER, StandIn } from './stand-in.ts';

const BACKOFF_INITIAL_MS = 50;
/** Also how long a worker must have served for the next loss to be a first one. */
const BACKOFF_MOST_MS = 10_000;
/** Where the stream's server gives tickets. */
const TICKET_PATH = '/ticket';
/** How long the worker may take to say goodbye: two seconds of requests under way, one of clients that do not close. */
const CLOSE_WITHIN_MS = 5000;

/** Settings of a stream in a worker. */
export interface WorkerFanOutOptions {
  readonly host: string;
  readonly port: number;
  readonly tls: LiveTlsOptions | undefined;
  readonly requestTimeoutMillis: number;
  readonly live: FanOutLiveOptions;
  readonly history: HistorySource | undefined;
  /** Bytes of the ring. */
  readonly ringBytes: number;
  /** Bytes of rows, and of events, that may wait for room in it. */
  readonly queueBytes: number;
  /** Milliseconds without a sign of life after which the worker is given up. */
  readonly stallMillis: number;
  readonly onTrouble: (text: string) => void;
}

/**
 * The stream in a worker of its own, which has the public port and lets the page's server answer all that is not the stream. A
 * worker that is lost is replaced: subscribers come back to a new epoch with all series and their last values.
 */
export class WorkerFanOut implements FanOut {
  readonly #page: Server;
  readonly #start: (order: FanOutOrder) => Worker;
  readonly #options: WorkerFanOutOptions;
  readonly #feed: RingFeed;
  readonly #counts = new SharedCounts();
  readonly #watch: StallWatch;
  readonly #restarts: Record<RestartCause, number> = { ended: 0, stalled: 0, overflow: 0 };
  readonly #started: Deferred<number> = deferred();
  readonly grantOf: (authorization: string | undefined) => Grant | undefined;
  #door: PrivateDoor | undefined;
  #worker: Worker | undefined;
  /** Of the first worker, which the next ones take again. */
  #port: number | undefined;
  #isUp = false;
  #lostBy: RestartCause = 'ended';
  #why = '';
  readonly #backoff: Backoff;
  readonly #standIn: StandIn;
  /** When the present worker began to listen, milliseconds of `performance.now`. */
  #upSinceMs = 0;
  #restartTimer: NodeJS.Timeout | undefined;
  #ended: Deferred<void> | undefined;
  #closing: Promise<void> | undefined;

  /** `page` answers what is not the stream; it does not listen. Throws `LiveError` `invalid_option` for what is wrong in the tokens. */
  constructor(page: Server, options: WorkerFanOutOptions, start: (order: FanOutOrder) => Worker = startWorker) {
    this.#page = page;
    this.#start = start;
    this.#options = options;
    this.grantOf = bearerGrants(options.live.tokens);
    this.#backoff = new Backoff(BACKOFF_INITIAL_MS, BACKOFF_MOST_MS, Math.random);
    this.#standIn = new StandIn(page, options);
    this.#feed = new RingFeed(options.queueBytes, () =>
      this.#replace('overflow', `${options.queueBytes} bytes waited`),
    );
    this.#watch = new StallWatch(options.stallMillis, () =>
      this.#replace('stalled', `no sign of life for ${options.stallMillis} ms`),
    );
  }

  async listen(): Promise<number> {
    this.#door = await PrivateDoor.open(this.#page);
    this.#spawn();
    return this.#started.promise;
  }

  register(descriptor: SeriesDescriptor): number {
    return this.#feed.register(descriptor);
  }

  update(id: number, timeUnixMs: number, value: number): void {
    this.#feed.update(id, timeUnixMs, value);
  }

  publishEvent(topic: string, body: unknown, options?: PublishOptions): boolean {
    return this.#closing === undefined && this.#feed.publishEvent(topic, body, options);
  }

  /** Tickets are given by the worker, which redeems them: such a request comes here only while there is none. */
  handleRequest({ url }: IncomingMessage, response: ServerResponse): boolean {
    if (url?.split('?', 1)[0] !== TICKET_PATH) return false;
    response.writeHead(503, { ...RETRY_AFTER, 'content-type': 'text/plain; charset=utf-8' });
    response.end('the stream is being started anew\n');
    return true;
  }

  room(): Promise<void> | undefined {
    return this.#feed.room();
  }

  stats(): LiveServerStats {
    const { table, updatesReceived, unknownSeries, invalidTime, eventsPublished, eventsDropped } = this.#feed;
    const counts = this.#counts.read();
    const { seriesRefused } = this.#feed;
    return {
      ...counts,
      rejected: seriesRefused === 0 ? counts.rejected : { ...counts.rejected, series_capacity: seriesRefused },
      series: table.size,
      updatesReceived,
      updatesDropped: { unknown_series: unknownSeries, invalid_time: invalidTime },
      eventsPublished,
      eventsDropped: { ...eventsDropped },
    };
  }

  fanOutStats(): FanOutStats {
    const { rowsConflated, rowsWaiting, producerWaits, eventsRefused } = this.#feed;
    return {
      mode: 'worker',
      isUp: this.#isUp,
      restarts: { ...this.#restarts },
      rowsConflated,
      rowsWaiting,
      producerWaits,
      eventsRefused,
    };
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    clearTimeout(this.#restartTimer);
    this.#watch.stop();
    const worker = this.#worker;
    if (worker !== undefined) {
      this.#ended = deferred();
      const timer = setTimeout(() => void worker.terminate(), CLOSE_WITHIN_MS);
      await Promise.race([this.#feed.drained(), this.#ended.promise]);
      tell(worker, { kind: 'close' });
      await this.#ended.promise;
      clearTimeout(timer);
    }
    await Promise.all([this.#standIn.close(), this.#door?.close()]);
  }

  /** Ends the present worker, so that another one takes its place. */
  #replace(cause: RestartCause, why: string): void {
    if (this.#worker === undefined || this.#closing !== undefined) return;
    this.#lostBy = cause;
    this.#why = why;
    // At once: what is written from now on would be for nobody.
    this.#feed.detach();
    void this.#worker.terminate();
  }

  #spawn(): void {
    const { ringBytes, history, host, tls, requestTimeoutMillis, live } = this.#options;
    const ring = ringMemory(ringBytes);
    const counts = countsMemory();
    const order: FanOutOrder = {
      ring,
      counts,
      host,
      tls,
      requestTimeoutMillis,
      door: this.#door!.key,
      hasHistory: history !== undefined,
      live,
    };
    this.#lostBy = 'ended';
    this.#why = 'it ended';
    const worker = this.#start(order);
    this.#worker = worker;
    this.#counts.attach(counts);
    this.#feed.attach(new RingWriter(ring));
    worker.on('message', (message: FromWorker) => this.#take(message, worker, ring));
    worker.on('error', (error) => {
      if (this.#lostBy === 'ended') this.#why = String(error);
    });
    worker.on('exit', () => this.#lost());
  }

  #take(message: FromWorker, worker: Worker, ring: RingMemory): void {
    const { onTrouble } = this.#options;
    if (message.kind === 'ready') void this.#handOver(worker);
    else if (message.kind === 'listening') {
      this.#port = message.port;
      this.#isUp = true;
      this.#upSinceMs = performance.now();
      this.#watch.start(ring);
      this.#started.resolve(message.port);
    } else if (message.kind === 'trouble') onTrouble(message.text);
    else if (message.kind === 'history') void this.#answerHistory(message, worker);
    else if (this.#port === undefined) {
      this.#started.reject(new BridgeError(message.code, message.message, 'port'));
    } else this.#why = message.message;
  }

  /** Nothing listens from here until the worker does. */
  async #handOver(worker: Worker): Promise<void> {
    await this.#standIn.release();
    if (this.#worker === worker && this.#closing === undefined)
      tell(worker, { kind: 'listen', port: this.#port ?? this.#options.port });
  }

  async #answerHistory(
    { request, ids, ...rest }: Extract<FromWorker, { kind: 'history' }>,
    worker: Worker,
  ): Promise<void> {
    const series = Array.from(ids, (id) => this.#feed.table.series(id));
    // What cannot be read is answered, too: the stream then does without.
    const rows = await this.#options.history?.read({ series, ...rest }).catch(() => undefined);
    tell(worker, { kind: 'history', request, rows });
  }

  #lost(): void {
    this.#worker = undefined;
    if (this.#isUp && performance.now() - this.#upSinceMs >= BACKOFF_MOST_MS) this.#backoff.reset();
    this.#isUp = false;
    this.#watch.stop();
    this.#feed.detach();
    this.#counts.detach();
    this.#ended?.resolve();
    if (this.#closing !== undefined) return;
    if (this.#port === undefined) {
      this.#started.reject(new BridgeError('LISTEN_FAILED', `the worker of the stream did not start: ${this.#why}`));
      return;
    }
    this.#restarts[this.#lostBy] += 1;
    this.#standIn.take(this.#port);
    const waitMs = Math.round(this.#backoff.next());
    this.#options.onTrouble(
      `the worker of the stream was lost (${this.#why}); another one starts in ${waitMs} ms, until then port ${this.#port} is served without the stream`,
    );
    this.#restartTimer = setTimeout(() => this.#spawn(), waitMs);
  }
}

function tell(worker: Worker, message: ToWorker): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  worker.postMessage(message);
}

/** Starts the worker's program. */
export function startWorker(order: FanOutOrder): Worker {
  // Beside this file, with its ending: the sources run under type stripping, the build as JavaScript.
  const isSource = import.meta.url.endsWith('.ts');
  const program = new URL(isSource ? './worker/fan-out-worker.ts' : './worker/fan-out-worker.js', import.meta.url);
  return new Worker(program, {
    name: 'nanometer-fan-out',
    workerData: order,
    ...(isSource ? { execArgv: ['--conditions=@nanometer/source'] } : {}),
  });
}
