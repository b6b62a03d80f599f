import { LiveError } from '../protocol/errors.ts';
import type { ServerMessage } from '../protocol/messages.ts';
import { SERIES_FIELDS, SERIES_KINDS } from '../protocol/series.ts';
import type { LiveSeries } from '../protocol/series.ts';

type Json = Record<string, unknown>;

/**
 * Reads a text message of a server; `undefined` for a type this version does not know, which a client ignores.
 *
 * @throws LiveError `protocol_violation` when a known message lacks what it must have.
 */
export function parseServerMessage(text: string): ServerMessage | undefined {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch (error) {
    throw violation(`a text message is not JSON: ${(error as Error).message}`);
  }
  if (!isObject(message)) throw violation('a text message is not a JSON object');
  const check = CHECKS[String(message['type'])];
  if (check === undefined) return undefined;
  if (!check(message)) throw violation(`malformed "${String(message['type'])}" message: ${text.slice(0, 200)}`);
  return message as unknown as ServerMessage;
}

const CHECKS: Readonly<Record<string, (message: Json) => boolean>> = {
  hello: (m) =>
    isCount(m['protocol']) &&
    isCount(m['epoch']) &&
    isNumber(m['timeMs']) &&
    isNumber(m['heartbeatMillis']) &&
    isObject(m['limits']) &&
    isCount(m['limits']['messagesPerSecond']) &&
    isCount(m['limits']['messageBurst']) &&
    isCount(m['limits']['topicsPerConnection']) &&
    isCount(m['limits']['unackedBytes']),
  subscribed: (m) => isCount(m['id']) && isCount(m['stream']) && isCount(m['matched']) && isRecovery(m['recovery']),
  unsubscribed: (m) => isCount(m['id']),
  dictionary: (m) => isCount(m['epoch']) && Array.isArray(m['entries']) && m['entries'].every(isSeries),
  heartbeat: (m) => isCount(m['counter']) && isNumber(m['timeMs']),
  listening: (m) => Array.isArray(m['topics']),
  event: (m) =>
    typeof m['topic'] === 'string' && isCount(m['seq']) && isNumber(m['timeMs']) && typeof m['replayed'] === 'boolean',
  error: (m) => typeof m['code'] === 'string' && typeof m['message'] === 'string',
  goaway: (m) => isNumber(m['retryAfterMs']) && m['retryAfterMs'] >= 0,
};

function isRecovery(value: unknown): boolean {
  return value === 'snapshot' || value === 'replay' || value === 'backfill' || value === 'reset';
}

function isSeries(entry: unknown): entry is LiveSeries {
  return (
    isObject(entry) &&
    isCount(entry['id']) &&
    typeof entry['name'] === 'string' &&
    typeof entry['unit'] === 'string' &&
    SERIES_KINDS.includes(entry['kind'] as LiveSeries['kind']) &&
    SERIES_FIELDS.includes(entry['field'] as LiveSeries['field']) &&
    isObject(entry['attributes']) &&
    isObject(entry['resource'])
  );
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function violation(text: string): LiveError {
  return new LiveError('protocol_violation', text);
}
