import { CONTROL_CHANNEL, type Describe, type MessageDescription, type MessageFormat } from './description.ts';
import { before, type Fields, fieldsOf, firstOf, isoMsOf, numberOf, textOf } from './fields.ts';

/**
 * Kraken spot v1 (`[id, data, …, "book-1000", "XBT/USD"]`) and v2 (`{channel, type, data}`), and Kraken Futures (`{feed}`).
 * v1 has no stamp of the message, only of the levels and trades in it: the last one of the last part stands for it. The levels of a
 * snapshot are as old as they are, so a snapshot has no time.
 */
export const kraken: MessageFormat = (): Describe => (message, into) => {
  if (Array.isArray(message)) first(message, into);
  else second(fieldsOf(message), into);
};

function first(message: readonly unknown[], into: MessageDescription): void {
  const name = textOf(message.at(-2));
  if (name === undefined) return;
  into.channel = before(name, '-');
  into.symbol = textOf(message.at(-1));
  const data = message.at(-3);
  if (Array.isArray(data)) {
    into.eventTimeMs = secondsOf(data.at(-1), 2);
    return;
  }
  const levels = fieldsOf(data);
  into.restarts = levels['as'] !== undefined || levels['bs'] !== undefined;
  if (!into.restarts) into.eventTimeMs = lastLevelMs(levels['b'] ?? levels['a']);
}

function lastLevelMs(levels: unknown): number | undefined {
  return Array.isArray(levels) ? secondsOf(levels.at(-1), 2) : undefined;
}

function secondsOf(entry: unknown, index: number): number | undefined {
  const seconds = Array.isArray(entry) ? numberOf(entry[index]) : undefined;
  return seconds === undefined ? undefined : seconds * 1000;
}

function second(fields: Fields, into: MessageDescription): void {
  const channel = textOf(fields['channel']) ?? textOf(fields['feed']);
  const isControl = channel === undefined || fields['event'] !== undefined || fields['method'] !== undefined;
  into.channel = isControl || channel === 'heartbeat' || channel === 'status' ? CONTROL_CHANNEL : channel;
  if (into.channel === CONTROL_CHANNEL) return;
  const data = firstOf(fields['data']);
  into.symbol = textOf(data['symbol']) ?? textOf(fields['product_id']);
  into.restarts = fields['type'] === 'snapshot' || into.channel.endsWith('_snapshot');
  into.eventTimeMs = into.restarts ? undefined : (isoMsOf(data['timestamp']) ?? numberOf(fields['timestamp']));
  // Kraken Futures counts the messages of a product's book.
  into.sequence = into.channel === 'book' ? numberOf(fields['seq']) : undefined;
}
