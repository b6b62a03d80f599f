import { LiveError } from '../protocol/errors.ts';
import { SERIES_FIELDS } from '../protocol/series.ts';
import type {
  AnnouncedLimits,
  AttributeFilter,
  ClientMessage,
  ResumePoint,
  SubscriptionFilter,
} from '../protocol/messages.ts';
import type { SeriesField } from '../protocol/series.ts';

const PATTERN_LENGTH_LIMIT = 256;
const TOPIC_GLOB = /^[A-Za-z0-9_.:/*?-]{1,128}$/;
const CLIENT_TYPES = '"subscribe", "unsubscribe", "listen", "unlisten" or "ack"';
const MIN_INTERVAL_LIMIT_MS = 3_600_000;
const SUBSCRIBE_KEYS: readonly string[] = [
  'type',
  'id',
  'names',
  'attributes',
  'fields',
  'minIntervalMs',
  'lane',
  'delivery',
  'compressSnapshot',
  'resume',
];

/**
 * Reads a message of a client. The filter comes back in canonical form: equal filters, however written, are equal
 * as JSON. `onId` is told the id of a subscription before anything else of it is looked at, for the error message.
 *
 * @throws LiveError with a code that travels to the client.
 */
export function parseClientMessage(
  text: string,
  limits: AnnouncedLimits,
  onId: (id: number) => void = () => undefined,
): ClientMessage {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch (error) {
    throw new LiveError('invalid_json', `the message is not JSON: ${(error as Error).message}`);
  }
  if (!isRecord(message)) throw new LiveError('invalid_json', 'a message is a JSON object with a "type"');
  switch (message['type']) {
    case 'subscribe':
      return parseSubscribe(message, limits, onId);
    case 'unsubscribe':
      return { type: 'unsubscribe', id: parseId(message['id'], onId) };
    case 'listen':
    case 'unlisten':
      return { type: message['type'], topics: parseTopics(message['topics'], limits) };
    case 'ack':
      return parseAck(message);
    default:
      throw new LiveError('unknown_type', `"type" is ${show(message['type'])}, expected ${CLIENT_TYPES}`);
  }
}

function parseTopics(topics: unknown, limits: AnnouncedLimits): string[] {
  if (!Array.isArray(topics) || topics.length === 0) {
    throw new LiveError('invalid_topics', `"topics" is ${show(topics)}, expected a list such as ["alerts"]`);
  }
  const limit = limits.topicsPerConnection;
  if (topics.length > limit) {
    throw new LiveError('too_many_topics', `"topics" has ${topics.length} entries, the limit is ${limit}`, limit);
  }
  topics.forEach((topic: unknown, index) => {
    if (typeof topic !== 'string' || !TOPIC_GLOB.test(topic)) {
      const rule = '1 to 128 letters, digits and _ . : / -, or a glob of those';
      throw new LiveError('invalid_topics', `"topics"[${index}] is ${show(topic)}, expected ${rule}`);
    }
  });
  return [...new Set(topics as string[])];
}

function parseSubscribe(
  message: Record<string, unknown>,
  limits: AnnouncedLimits,
  onId: (id: number) => void,
): ClientMessage {
  const id = parseId(message['id'], onId);
  for (const key of Object.keys(message)) {
    if (!SUBSCRIBE_KEYS.includes(key))
      throw invalid(`has an unknown key ${show(key)}, it knows ${SUBSCRIBE_KEYS.join(', ')}`);
  }
  const names = parseNames(message['names'], limits);
  const attributes = parseAttributes(message['attributes'], limits);
  const fields = parseFields(message['fields']);
  const minIntervalMs = parseInterval(message['minIntervalMs']);
  const lane = message['lane'] ?? 'bulk';
  if (lane !== 'bulk' && lane !== 'risk') throw invalid(`.lane is ${show(lane)}, expected "bulk" or "risk"`);
  if (lane === 'risk' && minIntervalMs > 0) {
    throw invalid(`.minIntervalMs is ${minIntervalMs}, expected 0 on the risk lane, which waits for nothing`);
  }
  const delivery = message['delivery'] ?? 'conflate';
  if (delivery !== 'conflate' && delivery !== 'lossless') {
    throw invalid(`.delivery is ${show(delivery)}, expected "conflate" or "lossless"`);
  }
  const compressSnapshot = message['compressSnapshot'] ?? false;
  if (typeof compressSnapshot !== 'boolean') {
    throw invalid(`.compressSnapshot is ${show(compressSnapshot)}, expected true or false`);
  }
  const resume = parseResume(message['resume']);
  if (resume !== undefined && delivery !== 'lossless') {
    throw invalid('.resume is for "lossless" delivery; a conflated subscription begins with a snapshot');
  }
  const filter: SubscriptionFilter = {
    names,
    ...(attributes === undefined ? {} : { attributes }),
    ...(fields === undefined ? {} : { fields }),
    minIntervalMs,
    lane,
    delivery,
  };
  return { type: 'subscribe', id, ...filter, compressSnapshot, ...(resume === undefined ? {} : { resume }) };
}

function parseResume(resume: unknown): ResumePoint | undefined {
  if (resume === undefined) return undefined;
  if (isRecord(resume)) {
    const { epoch, sequence, timeMs } = resume;
    const time = timeMs === undefined || (typeof timeMs === 'number' && Number.isFinite(timeMs));
    if (isCount(epoch) && isCount(sequence) && time) {
      return { epoch, sequence, ...(timeMs === undefined ? {} : { timeMs: timeMs as number }) };
    }
  }
  throw invalid(`.resume is ${show(resume)}, expected {"epoch": number, "sequence": number, "timeMs"?: number}`);
}

function parseAck({ bytes, streams }: Record<string, unknown>): ClientMessage {
  const isPair = (pair: unknown): pair is [number, number] =>
    Array.isArray(pair) && pair.length === 2 && pair.every(isCount);
  if (isCount(bytes) && Array.isArray(streams) && streams.every(isPair)) return { type: 'ack', bytes, streams };
  throw new LiveError('invalid_ack', 'an ack has "bytes" and "streams", a list of [stream, sequence]');
}

function parseId(id: unknown, onId: (id: number) => void): number {
  if (typeof id === 'number' && Number.isInteger(id) && id >= 0 && id <= 0xffff_ffff) {
    onId(id);
    return id;
  }
  throw new LiveError('invalid_subscription', `"id" is ${show(id)}, expected an integer from 0 to 4294967295`);
}

function parseNames(names: unknown, limits: AnnouncedLimits): string[] {
  if (!Array.isArray(names) || names.length === 0) {
    throw invalid(`.names is ${show(names)}, expected a list of metric names or globs, such as ["trading.*"]`);
  }
  if (names.length > limits.patternsPerSubscription) {
    throw new LiveError(
      'too_many_patterns',
      `subscribe.names has ${names.length} patterns, the limit is ${limits.patternsPerSubscription}`,
      limits.patternsPerSubscription,
    );
  }
  names.forEach((name: unknown, index) => {
    if (typeof name !== 'string' || name === '' || name.length > PATTERN_LENGTH_LIMIT) {
      throw invalid(
        `.names[${index}] is ${show(name)}, expected a name or glob of 1 to ${PATTERN_LENGTH_LIMIT} characters`,
      );
    }
  });
  return [...new Set(names as string[])].sort();
}

function parseAttributes(
  attributes: unknown,
  limits: AnnouncedLimits,
): Readonly<Record<string, AttributeFilter>> | undefined {
  if (attributes === undefined) return undefined;
  if (!isRecord(attributes)) throw invalid(`.attributes is ${show(attributes)}, expected an object`);
  const keys = Object.keys(attributes).sort();
  if (keys.length > limits.patternsPerSubscription) {
    throw new LiveError(
      'too_many_patterns',
      `subscribe.attributes has ${keys.length} keys, the limit is ${limits.patternsPerSubscription}`,
      limits.patternsPerSubscription,
    );
  }
  if (keys.length === 0) return undefined;
  return Object.fromEntries(keys.map((key) => [key, parseAttribute(key, attributes[key])]));
}

function parseAttribute(key: string, wanted: unknown): AttributeFilter {
  if (isScalar(wanted)) return wanted;
  if (Array.isArray(wanted) && wanted.every(isScalar)) {
    return [...new Set(wanted)].sort((a, b) => (show(a) < show(b) ? -1 : 1));
  }
  if (isRecord(wanted) && Object.keys(wanted).join() === 'prefix' && typeof wanted['prefix'] === 'string') {
    return { prefix: wanted['prefix'] };
  }
  throw invalid(
    `.attributes[${show(key)}] is ${show(wanted)}, expected a string, number or boolean, a list of those, or {"prefix": "..."}`,
  );
}

function parseFields(fields: unknown): SeriesField[] | undefined {
  if (fields === undefined) return undefined;
  if (
    Array.isArray(fields) &&
    fields.length > 0 &&
    fields.every((field): field is SeriesField => SERIES_FIELDS.includes(field as SeriesField))
  ) {
    return SERIES_FIELDS.filter((field) => fields.includes(field));
  }
  throw invalid(`.fields is ${show(fields)}, expected a list of ${SERIES_FIELDS.join(', ')}`);
}

function parseInterval(interval: unknown): number {
  if (interval === undefined) return 0;
  if (typeof interval === 'number' && interval >= 0 && interval <= MIN_INTERVAL_LIMIT_MS) return interval;
  throw invalid(`.minIntervalMs is ${show(interval)}, expected milliseconds from 0 to ${MIN_INTERVAL_LIMIT_MS}`);
}

function invalid(text: string): LiveError {
  return new LiveError('invalid_subscription', `subscribe${text.startsWith('.') ? '' : ' '}${text}`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

/** JSON of a stranger's value, short enough for an error message. */
function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'absent';
  return text.length <= 80 ? text : `${text.slice(0, 77)}...`;
}
