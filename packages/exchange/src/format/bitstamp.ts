import { CONTROL_CHANNEL, type MessageFormat } from './description.ts';
import { fieldsOf, numberOf, textOf } from './fields.ts';

/** Bitstamp v2: `channel` is `diff_order_book_btcusd`, `event` what happened; `microtimestamp` is in microseconds. */
export const bitstamp: MessageFormat = () => (message, into) => {
  const fields = fieldsOf(message);
  const name = textOf(fields['channel']);
  const event = textOf(fields['event']);
  if (name === undefined || event === undefined || event.startsWith('bts:')) {
    into.channel = CONTROL_CHANNEL;
    return;
  }
  const symbolAt = name.lastIndexOf('_');
  into.channel = symbolAt < 0 ? name : name.slice(0, symbolAt);
  into.symbol = symbolAt < 0 ? undefined : name.slice(symbolAt + 1);
  const micros = numberOf(fieldsOf(fields['data'])['microtimestamp']);
  into.eventTimeMs = micros === undefined ? undefined : micros / 1000;
};
