import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  CLOSE_GOING_AWAY,
  CLOSE_SUBSCRIBE_TIMEOUT,
  CLOSE_TOO_MANY_CONNECTIONS,
  CLOSE_UNAUTHORIZED,
} from '../protocol/close-codes.ts';
import { LiveError } from '../protocol/errors.ts';
import type { SeriesDescriptor } from '../protocol/series.ts';
import type { Grant } from './access/grant.ts';
import { handleMessage, handlePing, handleQueryMessage, sendHello } from './client-session.ts';
import type { SessionContext } from './client-session.ts';
import { Connection } from './connection.ts';
import { Endpoint } from './endpoint.ts';
import type { Arrival, LiveAddress } from './endpoint.ts';
import { EventHub } from './event-hub.ts';
import type { PublishOptions } from './event-hub.ts';
import { resolveOptions } from './options.ts';
import type { LiveServerOptions, ResolvedOptions } from './options.ts';
import { queryMessages } from './query-messages.ts';
import { Recoveries } from './recovery.ts';
import { SeriesTable } from './series-table.ts';
import { SERVER_CLOCK } from './server-clock.ts';
import { ServerCounters } from './stats.ts';
import type { LiveServerStats } from './stats.ts';
import { FanOut } from './streams/fan-out.ts';
import { FrameTexts } from './streams/frame-texts.ts';

/** Upper bound of a heartbeat's bytes: enough to ask whether the connection takes one. */
const HEARTBEAT_BYTES = 80;
/** Connections that get a heartbeat in one turn of the event loop. */
const CHECKED_AT_ONCE = 16;

/**
 * Streams the latest value of registered series to WebSocket clients, as PROTOCOL.md describes.
 * Between two ticks only the last value of a series counts: feed it cumulative sums and levels, not differences.
 */
export class LiveServer {
  readonly #options: ResolvedOptions;
  readonly #table: SeriesTable;
  readonly #counters = new ServerCounters();
  readonly #fanOut: FanOut;
  readonly #connections = new Set<Connection>();
  readonly #events: EventHub;
  readonly #session: SessionContext;
  readonly #endpoint: Endpoint;
  #cancelTick: (() => void) | undefined;
  #cancelRisk: (() => void) | undefined;
  #cancelHeartbeat: (() => void) | undefined;
  /** Whether the armed tick is the next possible one, and not one that waits for a minimum interval. */
  #tickIsNext = false;
  #lastTickMs = -Infinity;
  #heartbeats = 0;
  #closing: Promise<void> | undefined;

  /** @throws LiveError `invalid_option`. */
  constructor(options: LiveServerOptions) {
    this.#options = resolveOptions(options, options.clock ?? SERVER_CLOCK);
    this.#table = new SeriesTable(this.#options.limits.seriesCapacity);
    const table = this.#table;
    const shared = { options: this.#options, counters: this.#counters };
    this.#fanOut = new FanOut({ ...shared, table, texts: new FrameTexts(table) });
    this.#events = new EventHub(this.#options, this.#counters, this.#connections);
    const recoveries = new Recoveries(this.#options, this.#counters, this.#fanOut, () => this.#arm());
    this.#session = { options: this.#options, fanOut: this.#fanOut, events: this.#events, recoveries };
    this.#endpoint = new Endpoint(this.#options, this.#counters, (arrival) => this.#onArrival(arrival));
  }

  /**
   * Resolves with the address once the server listens.
   *
   * @throws LiveError `address_in_use`, `listen_failed`.
   */
  ready(): Promise<LiveAddress> {
    return this.#endpoint.ready();
  }

  /**
   * Makes a series known and returns its id: the same id for the same name, field, attributes and resource.
   * Returns -1 when `limits.seriesCapacity` is reached; `update` counts what is sent to -1.
   *
   * @throws LiveError `invalid_descriptor`.
   */
  register(descriptor: SeriesDescriptor): number {
    const size = this.#table.size;
    const id = this.#table.register(descriptor);
    if (id < 0) this.#counters.reject('series_capacity');
    else if (this.#table.size > size) this.#arm();
    return id;
  }

  /**
   * Sets the value of a series: an array write and a mark. Any double is a value; the last call wins, whatever its
   * time. An unknown id, or a time that is not finite, has no effect and is counted. Never throws.
   */
  update(id: number, timeUnixMs: number, value: number): void {
    const outcome = this.#table.write(id, timeUnixMs, value);
    if (outcome === 'unknown_series') this.#counters.unknownSeries += 1;
    else if (outcome === 'invalid_time') this.#counters.invalidTime += 1;
    else {
      this.#counters.updatesReceived += 1;
      if (this.#fanOut.wantsUpdates) this.#fanOut.note(id, timeUnixMs, value);
      if (outcome === 'newly_dirty') this.#arm();
    }
  }

  /**
   * Tells an event to everyone who listens to its topic, at once; with `retain`, also to those who begin to listen
   * later, as long as it is the last of its topic. `topic` is 1 to 128 letters, digits and `_ . : / -`, `body` anything
   * that JSON can say, up to `limits.eventBytes`. Returns the event's number within its topic, or `undefined` when it
   * was dropped, which is counted. Never throws.
   */
  publishEvent(topic: string, body: unknown, options: PublishOptions = {}): number | undefined {
    if (this.#closing !== undefined) return undefined;
    const seq = this.#events.publish(topic, body, options);
    if (this.#events.hasWaiting) this.#arm();
    return seq;
  }

  /**
   * For an attached HTTP server: answers a request for a ticket (`POST` of `ticketPath`). Returns false, and does
   * nothing, when the request is for something else.
   */
  handleRequest(request: IncomingMessage, response: ServerResponse): boolean {
    return this.#endpoint.handleRequest(request, response);
  }

  /**
   * For an attached HTTP server: what the bearer of an `Authorization` header may see, everything where no tokens are asked
   * for; undefined when nothing.
   */
  grantOf(authorization: string | undefined): Grant | undefined {
    return this.#endpoint.grantOf(authorization);
  }

  /** Whether a lossless subscriber is here, or expected back: of every series each update counts, and not only the last. */
  get wantsEveryUpdate(): boolean {
    return this.#fanOut.wantsUpdates;
  }

  stats(): LiveServerStats {
    const counters = this.#counters;
    let subscriptions = 0;
    for (const connection of this.#connections) subscriptions += connection.consumers.size;
    return {
      clients: this.#connections.size,
      subscriptions,
      streams: this.#fanOut.streams,
      series: this.#table.size,
      updatesReceived: counters.updatesReceived,
      updatesDropped: { unknown_series: counters.unknownSeries, invalid_time: counters.invalidTime },
      framesEncoded: counters.framesEncoded,
      framesCompressed: counters.framesCompressed,
      resumes: { ...counters.resumes },
      framesUnackedMax: this.#fanOut.framesUnackedMax,
      framesSent: counters.framesSent,
      updatesSent: counters.updatesSent,
      framesConflated: counters.framesConflated,
      bytesSent: counters.bytesSent,
      eventsPublished: counters.eventsPublished,
      eventsSent: counters.eventsSent,
      eventsDropped: { ...counters.eventsDropped },
      rejected: { ...counters.rejected },
    };
  }

  /**
   * Sends what is pending, says goodbye, and ends: clients that do not close in time are cut off. An attached HTTP
   * server stays open. Idempotent.
   */
  close(): Promise<void> {
    this.#closing ??= this.#shutDown();
    return this.#closing;
  }

  async #shutDown(): Promise<void> {
    this.#fanOut.flush('all', true);
    for (const cancel of [this.#cancelTick, this.#cancelRisk, this.#cancelHeartbeat]) cancel?.();
    const { retryAfterMs } = this.#options;
    for (const connection of this.#connections) {
      connection.send({ type: 'goaway', reason: 'the server is closing', retryAfterMs });
      connection.socket.close(CLOSE_GOING_AWAY, 'going_away');
      this.#forget(connection);
    }
    this.#fanOut.close();
    await this.#endpoint.close();
  }

  #onArrival({ socket, wire, format, grant, address, query }: Arrival): void {
    const options = this.#options;
    const connection = new Connection(
      socket,
      wire,
      format,
      grant ?? { name: 'nobody' },
      address,
      options,
      this.#counters,
    );
    const refusal = this.#refusal(grant !== undefined, address);
    if (refusal !== undefined) {
      connection.refuse(refusal);
      socket.close(refusal.code === 'unauthorized' ? CLOSE_UNAUTHORIZED : CLOSE_TOO_MANY_CONNECTIONS, refusal.code);
      return;
    }
    this.#connections.add(connection);
    socket.on('message', (data, isBinary) => {
      if (socket.readyState !== socket.OPEN) return;
      options.catchUp?.();
      handleMessage(connection, data, isBinary, this.#session);
      if (socket.readyState === socket.OPEN) this.#arm();
      else this.#forget(connection);
    });
    socket.on('ping', () => handlePing(connection, options));
    socket.on('pong', () => {
      connection.heardAtMs = options.clock.monotonic();
    });
    socket.on('close', () => this.#forget(connection));
    sendHello(connection, options);
    options.catchUp?.();
    for (const text of queryMessages(query)) handleQueryMessage(connection, text, this.#session);
    this.#arm();
    this.#cancelHeartbeat ??= options.clock.after(options.heartbeatMillis, this.#heartbeat);
  }

  /** Why a client may not stay. */
  #refusal(authorised: boolean, address: string): LiveError | undefined {
    if (!authorised) {
      const text = 'the ticket is unknown, used or older than 30 s; POST your token for a new one';
      return new LiveError('unauthorized', text);
    }
    const { connections, connectionsPerAddress } = this.#options.limits;
    if (this.#connections.size >= connections) {
      return new LiveError('too_many_connections', `the server has ${connections} connections, its limit`, connections);
    }
    let same = 0;
    for (const connection of this.#connections) if (connection.address === address) same += 1;
    if (same < connectionsPerAddress) return undefined;
    const text = `the server has ${connectionsPerAddress} connections of your address, its limit`;
    return new LiveError('too_many_connections', text, connectionsPerAddress);
  }

  #forget(connection: Connection): void {
    if (!this.#connections.delete(connection)) return;
    for (const consumer of connection.consumers.values()) this.#fanOut.leave(consumer);
    connection.consumers.clear();
  }

  /** Whether nobody is connected, nor expected back. */
  get #isIdle(): boolean {
    return this.#connections.size === 0 && !this.#fanOut.wantsUpdates;
  }

  /** Makes sure that a flush comes; called for each first change, so the usual case is a few comparisons. */
  #arm(): void {
    if (this.#isIdle || this.#closing !== undefined) return;
    const { clock, tickMillis } = this.#options;
    if (this.#cancelRisk === undefined && this.#fanOut.hasRiskStreams) {
      this.#cancelRisk = clock.after(0, () => {
        this.#cancelRisk = undefined;
        this.#fanOut.flush('risk');
      });
    }
    if (this.#cancelTick !== undefined && this.#tickIsNext) return;
    this.#cancelTick?.();
    this.#tickIsNext = true;
    this.#cancelTick = clock.after(Math.max(0, this.#lastTickMs + tickMillis - clock.monotonic()), this.#tick);
  }

  readonly #tick = (): void => {
    const { clock, tickMillis } = this.#options;
    this.#cancelTick = undefined;
    this.#lastTickMs = clock.monotonic();
    this.#events.flush();
    this.#fanOut.flush('all');
    const due = this.#events.hasWaiting ? -Infinity : this.#fanOut.dueAtMs();
    if (due === undefined || this.#isIdle) return;
    const wait = due - this.#lastTickMs;
    this.#tickIsNext = wait <= tickMillis;
    this.#cancelTick = clock.after(Math.max(tickMillis, wait), this.#tick);
  };

  readonly #heartbeat = (): void => {
    this.#heartbeats += 1;
    const timeMs = this.#options.clock.now();
    const text = JSON.stringify({ type: 'heartbeat', counter: this.#heartbeats, timeMs });
    // A Set may change while it is walked: who is gone is not met, who comes is.
    this.#checkSome(this.#connections.values(), text);
  };

  /** A heartbeat to a thousand clients is 20 ms of writes: between a few and the next ones the event loop turns. */
  #checkSome(connections: Iterator<Connection>, heartbeat: string): void {
    const { clock, heartbeatMillis } = this.#options;
    this.#cancelHeartbeat = undefined;
    const nowMs = clock.monotonic();
    for (let checked = 0; checked < CHECKED_AT_ONCE; checked++) {
      const { value, done } = connections.next();
      if (done === true) {
        if (this.#connections.size > 0) this.#cancelHeartbeat = clock.after(heartbeatMillis, this.#heartbeat);
        return;
      }
      this.#checkConnection(value, nowMs, heartbeat);
    }
    this.#cancelHeartbeat = clock.after(0, () => this.#checkSome(connections, heartbeat));
  }

  #checkConnection(connection: Connection, nowMs: number, heartbeat: string): void {
    const { idleMs, subscribeWithinMs } = this.#options.limits;
    const { socket } = connection;
    if (nowMs - connection.heardAtMs > idleMs) {
      this.#counters.reject('idle_timeout');
      // Not close(): that would first try to flush to a peer that is gone.
      socket.terminate();
      this.#forget(connection);
      return;
    }
    if (!connection.everSubscribed && nowMs - connection.connectedAtMs > subscribeWithinMs) {
      const text = `no subscription within ${subscribeWithinMs} ms of connecting; the connection is closed`;
      connection.refuse(new LiveError('subscribe_timeout', text, subscribeWithinMs));
      socket.close(CLOSE_SUBSCRIBE_TIMEOUT, 'subscribe_timeout');
      this.#forget(connection);
      return;
    }
    if (connection.acceptsText(HEARTBEAT_BYTES)) connection.sendText(heartbeat);
    if (nowMs - connection.pingedAtMs >= idleMs / 3) {
      connection.pingedAtMs = nowMs;
      socket.ping();
    }
  }
}
