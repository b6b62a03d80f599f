import { CONTROL_CHANNEL, type MessageFormat } from './description.ts';
import { fieldsOf, isoMsOf, numberOf, textOf } from './fields.ts';

/**
 * Coinbase: the exchange feed by `type`, and Advanced Trade by `channel`. The exchange feed's `sequence` counts all events
 * of a product and skips those a subscription leaves out, so it says nothing of gaps; Advanced Trade's `sequence_num`
 * counts the messages of the connection.
 */
export const coinbase: MessageFormat = () => {
  let lastSequence = Number.NaN;
  return (message, into) => {
    const fields = fieldsOf(message);
    const advanced = textOf(fields['channel']);
    const channel = advanced ?? textOf(fields['type']) ?? CONTROL_CHANNEL;
    into.channel = channel === 'subscriptions' || channel === 'error' ? CONTROL_CHANNEL : channel;
    into.symbol = textOf(fields['product_id']);
    into.restarts = channel === 'snapshot';
    // The last match on subscribing is as old as it is.
    if (channel !== 'last_match') into.eventTimeMs = isoMsOf(fields['time'] ?? fields['timestamp']);
    const sequence = advanced === undefined ? undefined : numberOf(fields['sequence_num']);
    if (sequence === undefined) return;
    if (sequence > lastSequence + 1) into.missed = sequence - lastSequence - 1;
    lastSequence = sequence;
  };
};
