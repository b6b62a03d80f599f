import { CONTROL_CHANNEL, type MessageFormat } from './description.ts';
import { fieldsOf, numberOf, textOf } from './fields.ts';

/**
 * Binance spot, USD-M and COIN-M: raw and combined streams, user data. Diff depth carries `U`, `u` and on futures `pu`;
 * spot's bookTicker has neither event type nor time, and is known by its update id beside a bid.
 */
export const binance: MessageFormat = () => (message, into) => {
  const outer = fieldsOf(message);
  const data = outer['data'] === undefined ? outer : fieldsOf(outer['data']);
  const type = textOf(data['e']) ?? (data['u'] !== undefined && data['b'] !== undefined ? 'bookTicker' : undefined);
  into.channel = type ?? CONTROL_CHANNEL;
  into.symbol = textOf(data['s']);
  into.eventTimeMs = numberOf(data['E']);
  if (type !== 'depthUpdate') return;
  into.firstId = numberOf(data['U']);
  into.lastId = numberOf(data['u']);
  into.previousLastId = numberOf(data['pu']);
};
