import type { RawData } from 'ws';
import { CLOSE_RATE_LIMITED } from '../protocol/close-codes.ts';
import { LiveError } from '../protocol/errors.ts';
import { PROTOCOL_VERSION } from '../protocol/frame.ts';
import type { ClientMessage } from '../protocol/messages.ts';
import type { Connection } from './connection.ts';
import type { EventHub } from './event-hub.ts';
import type { FanOut } from './fan-out.ts';
import type { ResolvedOptions } from './options.ts';
import { parseClientMessage } from './parse-message.ts';

/** Greets a new client with what it needs to know about this server. */
export function sendHello(connection: Connection, options: ResolvedOptions): void {
  const { seriesCapacity: _1, retainedTopics: _2, eventQueueBytes: _3, ...limits } = options.limits;
  connection.send({
    type: 'hello',
    protocol: PROTOCOL_VERSION,
    server: options.name,
    epoch: options.epoch,
    timeMs: options.clock.now(),
    tickMillis: options.tickMillis,
    heartbeatMillis: options.heartbeatMillis,
    limits,
  });
}

/**
 * Acts on one message of a client. Whatever it holds, the connection lives on with an error message; only a client
 * that sends too many is closed.
 */
export function handleMessage(
  connection: Connection,
  data: RawData,
  isBinary: boolean,
  options: ResolvedOptions,
  fanOut: FanOut,
  events: EventHub,
): void {
  let id: number | undefined;
  guarded(
    connection,
    () => {
      checkRate(connection, options);
      if (isBinary) {
        throw new LiveError('unexpected_binary', 'a client of this server sends text messages only, got a binary one');
      }
      const message = parseClientMessage(asText(data), options.limits);
      if ('id' in message) id = message.id;
      if (message.type === 'subscribe') subscribe(connection, message, options, fanOut);
      else if (message.type === 'unsubscribe') unsubscribe(connection, message.id, fanOut);
      else events[message.type](connection, message.topics);
    },
    () => id,
  );
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

function subscribe(
  connection: Connection,
  message: Extract<ClientMessage, { type: 'subscribe' }>,
  options: ResolvedOptions,
  fanOut: FanOut,
): void {
  const { type: _type, id, ...filter } = message;
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
  const { stream } = consumer;
  connection.send({ type: 'subscribed', id, stream: stream.number, matched: stream.members.size });
  fanOut.catchUp(consumer);
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
