import { TOPIC_PATTERN } from '../protocol/event.ts';
import type { SeriesAttributes } from '../protocol/series.ts';
import type { PushClientMessage, PushEntry, PushLimits, PushSeries } from './messages.ts';
import { PushError } from './push-error.ts';

const KINDS: readonly PushSeries['kind'][] = ['counter', 'updowncounter', 'gauge'];
const NANOS_LIMIT = 2n ** 63n;

/**
 * Reads a message of a producer.
 *
 * @throws PushError, and nothing else.
 */
export function parsePushMessage(text: string, limits: PushLimits): PushClientMessage {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch (error) {
    throw new PushError('invalid_json', `the message is not JSON: ${(error as Error).message}`);
  }
  if (!isRecord(message)) throw new PushError('invalid_json', 'a message is a JSON object with a "type"');
  if (message['type'] === 'dictionary') return { type: 'dictionary', entries: entriesOf(message['entries'], limits) };
  if (message['type'] === 'event') return eventOf(message);
  throw new PushError('unknown_type', `"type" is ${show(message['type'])}, expected "dictionary" or "event"`);
}

function eventOf({ topic, body, retain = false }: Record<string, unknown>): PushClientMessage {
  if (typeof topic !== 'string' || !TOPIC_PATTERN.test(topic)) {
    throw new PushError('invalid_event', `"topic" is ${show(topic)}, expected 1 to 128 letters, digits and _ . : / -`);
  }
  if (typeof retain !== 'boolean')
    throw new PushError('invalid_event', `"retain" is ${show(retain)}, expected true or false`);
  return { type: 'event', topic, body: body ?? null, retain };
}

function entriesOf(entries: unknown, limits: PushLimits): PushEntry[] {
  if (!Array.isArray(entries))
    throw new PushError('invalid_dictionary', `"entries" is ${show(entries)}, expected a list`);
  return entries.map((entry: unknown, index) => entryOf(entry, `"entries"[${index}]`, limits.seriesPerConnection));
}

function entryOf(entry: unknown, where: string, idLimit: number): PushEntry {
  if (!isRecord(entry)) throw invalid(where, entry, 'an object');
  const { id, name, kind, unit, description, attributes, resource, scope, startTimeUnixNano } = entry;
  if (!Number.isInteger(id) || (id as number) < 0) throw invalid(`${where}.id`, id, 'an integer from 0');
  if ((id as number) >= idLimit) {
    throw new PushError('too_many_series', `${where}.id is ${show(id)}, the limit is ${idLimit} series`, idLimit);
  }
  if (typeof name !== 'string' || name === '') throw invalid(`${where}.name`, name, 'the name of a metric');
  if (!KINDS.includes(kind as PushSeries['kind'])) throw invalid(`${where}.kind`, kind, KINDS.join(', '));
  if (typeof unit !== 'string') throw invalid(`${where}.unit`, unit, "a string, '' for none");
  if (description !== undefined && typeof description !== 'string') {
    throw invalid(`${where}.description`, description, 'a string, or none');
  }
  if (!isRecord(scope) || typeof scope['name'] !== 'string' || typeof scope['version'] !== 'string') {
    throw invalid(`${where}.scope`, scope, '{"name": "...", "version": "..."}');
  }
  return {
    id: id as number,
    name,
    kind: kind as PushSeries['kind'],
    unit,
    ...(description === undefined ? {} : { description }),
    attributes: attributesOf(attributes, `${where}.attributes`),
    resource: attributesOf(resource, `${where}.resource`),
    scope: { name: scope['name'], version: scope['version'] },
    startTimeUnixNano: nanosOf(startTimeUnixNano, `${where}.startTimeUnixNano`),
  };
}

function attributesOf(value: unknown, where: string): SeriesAttributes {
  if (isRecord(value) && Object.values(value).every((item) => isScalar(item) || isList(item))) {
    return value as SeriesAttributes;
  }
  throw invalid(where, value, 'an object of strings, numbers, booleans and lists of those');
}

function isList(value: unknown): boolean {
  return Array.isArray(value) && value.every(isScalar);
}

function isScalar(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number';
}

function nanosOf(value: unknown, where: string): string {
  if (typeof value === 'string' && /^\d{1,19}$/.test(value) && BigInt(value) < NANOS_LIMIT) return value;
  throw invalid(where, value, 'Unix nanoseconds as decimal text');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(where: string, value: unknown, expected: string): PushError {
  return new PushError('invalid_dictionary', `${where} is ${show(value)}, expected ${expected}`);
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
