import { CONTROL_CHANNEL, type MessageFormat } from './description.ts';
import { fieldsOf, numberOf, textOf } from './fields.ts';

/** Gemini v2: messages by `type`; only trades and heartbeats carry a time, in milliseconds. */
export const gemini: MessageFormat = () => (message, into) => {
  const fields = fieldsOf(message);
  const type = textOf(fields['type']);
  into.channel = type === undefined || type === 'subscription_ack' ? CONTROL_CHANNEL : type;
  into.symbol = textOf(fields['symbol']);
  into.eventTimeMs = numberOf(fields['timestamp']);
};
