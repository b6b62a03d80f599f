import { TOPIC_PATTERN } from '../protocol/event.ts';

/** Why an event is not published. */
export type EventRefusal = 'invalid_topic' | 'invalid_body' | 'too_large';

/** What an event says, as JSON; or why it is none. */
export type CheckedEvent =
  { readonly refusal: undefined; readonly bodyText: string } | { readonly refusal: EventRefusal };

/** Looks at an event whose body may have `bytesMost` bytes of JSON. Never throws. */
export function checkEvent(topic: unknown, body: unknown, bytesMost: number): CheckedEvent {
  if (typeof topic !== 'string' || !TOPIC_PATTERN.test(topic)) return { refusal: 'invalid_topic' };
  const bodyText = jsonText(body);
  if (bodyText === undefined) return { refusal: 'invalid_body' };
  return Buffer.byteLength(bodyText) > bytesMost ? { refusal: 'too_large' } : { refusal: undefined, bodyText };
}

/** `undefined` for what JSON cannot say: a cycle, a bigint, a function. */
function jsonText(body: unknown): string | undefined {
  try {
    return JSON.stringify(body);
  } catch {
    return undefined;
  }
}
