import { binance } from './binance.ts';
import { bitfinex } from './bitfinex.ts';
import { bitstamp } from './bitstamp.ts';
import { bybit } from './bybit.ts';
import { coinbase } from './coinbase.ts';
import { deribit } from './deribit.ts';
import type { MessageFormat } from './description.ts';
import { gemini } from './gemini.ts';
import { kraken } from './kraken.ts';
import { okx } from './okx.ts';

/** Formats by the name an exchange's own name begins with: `binanceusdm` and `binance-spot` are Binance. */
export const MESSAGE_FORMATS: Readonly<Record<string, MessageFormat>> = {
  binance,
  bitfinex,
  bitstamp,
  bybit,
  coinbase,
  deribit,
  gemini,
  kraken,
  myokx: okx,
  okx,
};

/** The format of an exchange by its name in any case, or `undefined` where none is known. */
export function messageFormatOf(exchange: string): MessageFormat | undefined {
  const name = exchange.toLowerCase();
  const known = Object.keys(MESSAGE_FORMATS).find((prefix) => name.startsWith(prefix));
  return known === undefined ? undefined : MESSAGE_FORMATS[known];
}
