import { CONTROL_CHANNEL, type MessageDescription, type MessageFormat } from './description.ts';
import { type Fields, fieldsOf, numberOf, textOf } from './fields.ts';

/** Flags of `conf`: 32768 adds a time in milliseconds to every message, 65536 a number that counts the connection's messages. */
const TIMESTAMP = 32_768;
const SEQUENCE_ALL = 65_536;
/** A connection may subscribe to 30 channels; more than this is not Bitfinex. */
const CHANNELS_MAX = 256;

/**
 * Bitfinex v2: `[channelId, data, …]`, where the id was named by a confirmation before. With `conf` it adds a count of
 * the connection's messages, and a time.
 */
export const bitfinex: MessageFormat = () => {
  const channels = new Map<number, { readonly name: string; readonly symbol: string | undefined }>();
  let flags = 0;
  let lastSequence = Number.NaN;

  const control = (fields: Fields): void => {
    if (fields['event'] === 'conf') flags = numberOf(fields['flags']) ?? flags | SEQUENCE_ALL;
    const id = numberOf(fields['chanId']);
    if (id === undefined) return;
    if (fields['event'] === 'unsubscribed') channels.delete(id);
    const name = textOf(fields['channel']);
    const isNew = fields['event'] === 'subscribed' && name !== undefined && channels.size < CHANNELS_MAX;
    if (isNew) channels.set(id, { name, symbol: textOf(fields['symbol']) });
  };

  const stamp = (message: readonly unknown[], into: MessageDescription): void => {
    // `[id, data]` or `[id, "te", data]`, then the sequence, then the time, each where it was asked for.
    let end = message.length - 1;
    if ((flags & TIMESTAMP) !== 0) into.eventTimeMs = numberOf(message[end--]);
    const sequence = (flags & SEQUENCE_ALL) === 0 || end < 2 ? undefined : numberOf(message[end]);
    if (sequence === undefined) return;
    if (sequence > lastSequence + 1) into.missed = sequence - lastSequence - 1;
    lastSequence = sequence;
  };

  return (message, into) => {
    into.channel = CONTROL_CHANNEL;
    if (!Array.isArray(message)) {
      control(fieldsOf(message));
      return;
    }
    const known = channels.get(message[0] as number);
    if (known !== undefined && message[1] !== 'hb') {
      into.channel = known.name;
      into.symbol = known.symbol;
    }
    stamp(message, into);
  };
};
