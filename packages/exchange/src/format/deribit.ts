import { CONTROL_CHANNEL, type MessageFormat } from './description.ts';
import { before, fieldsOf, firstOf, numberOf, textOf } from './fields.ts';

/** Deribit v2 over JSON-RPC: `book.BTC-PERPETUAL.raw` chains by `prev_change_id` → `change_id`. */
export const deribit: MessageFormat = () => (message, into) => {
  const fields = fieldsOf(message);
  const params = fieldsOf(fields['params']);
  const name = textOf(params['channel']);
  if (name === undefined || fields['method'] !== 'subscription') {
    into.channel = CONTROL_CHANNEL;
    return;
  }
  into.channel = before(name, '.');
  const rest = name.slice(into.channel.length + 1);
  into.symbol = textOf(before(rest, '.'));
  const data = Array.isArray(params['data']) ? firstOf(params['data']) : fieldsOf(params['data']);
  into.eventTimeMs = numberOf(data['timestamp']);
  if (into.channel !== 'book') return;
  into.restarts = data['type'] === 'snapshot';
  into.lastId = numberOf(data['change_id']);
  into.previousLastId = into.restarts ? undefined : numberOf(data['prev_change_id']);
};
