import { CONTROL_CHANNEL, type MessageFormat } from './description.ts';
import { before, fieldsOf, numberOf, textOf } from './fields.ts';

/** Bybit v5: `topic` is `orderbook.50.BTCUSDT`, `publicTrade.BTCUSDT`, `order`; `ts` is when the system made the message. */
export const bybit: MessageFormat = () => (message, into) => {
  const fields = fieldsOf(message);
  const topic = textOf(fields['topic']);
  into.channel = topic === undefined ? CONTROL_CHANNEL : before(topic, '.');
  if (topic === undefined) return;
  const symbolAt = topic.lastIndexOf('.');
  into.symbol = symbolAt < 0 ? undefined : topic.slice(symbolAt + 1);
  into.eventTimeMs = numberOf(fields['ts']) ?? numberOf(fields['creationTime']);
  into.restarts = into.channel === 'orderbook' && fields['type'] === 'snapshot';
};
