import type { RawData } from 'ws';
import { CLOSE_RATE_LIMITED } from '../protocol/close-codes.ts';
import { LiveError } from '../protocol/errors.ts';
import { PROTOCOL_VERSION } from '../protocol/frame.ts';
import type { AnnouncedLimits, ClientMessage } from '../protocol/messages.ts';
import type { Connection } from './connection.ts';
import type { EventHub } from './event-hub.ts';
import type { LiveLimits, ResolvedOptions } from './options.ts';
import { parseClientMessage } from './parse-message.ts';
import type { Recoveries } from './recovery.ts';
import type { FanOut } from './streams/fan-out.ts';

/** What the messages of clients act on. */
export interface SessionContext {
  readonly options: ResolvedOptions;
  readonly fanOut: FanOut;
  readonly events: EventHub;
  readonly recoveries: Recoveries;
}

/** Greets a new client with what it needs to know about this server. */
export function sendHello(connection: Connection, options: ResolvedOptions): void {
  connection.send({
    type: 'hello',
    protocol: PROTOCOL_VERSION,
    server: options.name,
    epoch: options.epoch,
    timeMs: options.clock.now(),
    tickMillis: options.tickMillis,
    heartbeatMillis: options.heartbeatMillis,
    limits: announced(options.limits),
  });
}

/** Without the server's own memory, which is nobody's business. */
function announced({
  seriesCapacity: _series,
  retainedTopics: _topics,
  eventQueueBytes: _queue,
  resumableStreams: _streams,
  historyRows: _rows,
  tickets: _tickets,
  ...limits
}: LiveLimits): AnnouncedLimits {
  return limits;
}

/**
 * Acts on one message of a client. Whatever it holds, the connection lives on with an error message; only a client
 * that sends too many is closed.
 */
export function handleMessage(connection: Connection, data: RawData, isBinary: boolean, context: SessionContext): void {
  let id: number | undefined;
  guarded(
    connection,
    () => {
      checkRate(connection, context.options);
      if (isBinary) {
        throw new LiveError('unexpected_binary', 'a client of this server sends text messages only, got a binary one');
      }
      const seen = (seenId: number): void => {
        id = seenId;
      };
      act(connection, parseClientMessage(asText(data), context.options.limits, seen), context);
    },
    () => id,
  );
}

/** Acts on a message that a client's URL stands for. */
export function handleQueryMessage(connection: Connection, text: string, context: SessionContext): void {
  guarded(connection, () => act(connection, parseClientMessage(text, context.options.limits), context));
}

/** Counts a ping, which the socket answers by itself, like a message: answers cost as much as messages do. */
export function handlePing(connection: Connection, options: ResolvedOptions): void {
  guarded(connection, () => checkRate(connection, options));
}

function guarded(connection: Connection, action: () => void, id: () => number | undefined = () => undefined): void {
  try {
    action();
  } catch (error) {
    if (!(error instanceof LiveError)) throw error;
    connection.refuse(error, id());
    if (error.code === 'rate_limited') connection.socket.close(CLOSE_RATE_LIMITED, 'rate_limited');
  }
}

function checkRate(connection: Connection, options: ResolvedOptions): void {
  if (connection.heard(options.clock.monotonic())) return;
  const { messagesPerSecond, messageBurst } = options.limits;
  throw new LiveError(
    'rate_limited',
    `more than ${messagesPerSecond} messages per second (burst ${messageBurst}); the connection is closed`,
    messagesPerSecond,
  );
}

function act(connection: Connection, message: ClientMessage, context: SessionContext): void {
  switch (message.type) {
    case 'subscribe':
      return subscribe(connection, message, context);
    case 'unsubscribe':
      return unsubscribe(connection, message.id, context.fanOut);
    case 'listen':
    case 'unlisten':
      return context.events[message.type](connection, message.topics);
    case 'ack':
      connection.acknowledge(message.bytes, message.streams);
  }
}

function subscribe(
  connection: Connection,
  message: Extract<ClientMessage, { type: 'subscribe' }>,
  { options, fanOut, recoveries }: SessionContext,
): void {
  const { type: _type, id, compressSnapshot = false, resume, ...filter } = message;
  if (connection.consumers.has(id)) {
    throw new LiveError('duplicate_subscription', `subscription ${id} exists; unsubscribe it first or take another id`);
  }
  const limit = options.limits.subscriptionsPerConnection;
  if (connection.consumers.size >= limit) {
    throw new LiveError('too_many_subscriptions', `this connection has ${limit} subscriptions, the limit`, limit);
  }
  const consumer = fanOut.join(connection, filter);
  connection.consumers.set(id, consumer);
  connection.everSubscribed = true;
  // A second subscription with the same filter gets a snapshot too: its subscriber waits for one.
  consumer.needsSnapshot = true;
  consumer.compressSnapshot = compressSnapshot;
  const { stream } = consumer;
  recoveries.start(consumer, resume, (recovery) =>
    connection.send({ type: 'subscribed', id, stream: stream.number, matched: stream.members.size, recovery }),
  );
}

function unsubscribe(connection: Connection, id: number, fanOut: FanOut): void {
  const consumer = connection.consumers.get(id);
  if (consumer === undefined) throw new LiveError('unknown_subscription', `there is no subscription ${id}`);
  connection.consumers.delete(id);
  fanOut.leave(consumer);
  connection.send({ type: 'unsubscribed', id });
}

function asText(data: RawData): string {
  if (Buffer.isBuffer(data)) return data.toString('utf8');
  return Array.isArray(data) ? Buffer.concat(data).toString('utf8') : Buffer.from(data).toString('utf8');
}
