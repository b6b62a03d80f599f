import {
  type DropReason,
  ExchangeInstrumentation,
  type ExchangeInstrumentationOptions,
  type MessageEvent,
} from '@nanometer/exchange';
import {
  ATTR_EXCHANGE_CHANNEL,
  ATTR_EXCHANGE_DROP_REASON,
  ATTR_EXCHANGE_NAME,
  METRIC_EXCHANGE_EVENT_DROPPED,
} from '@nanometer/semconv';
import { Recording, SDKS } from '@nanometer/testing';

export const NAME = { [ATTR_EXCHANGE_NAME]: 'binance-spot' };
export const FEED = { ...NAME, [ATTR_EXCHANGE_CHANNEL]: 'bbo' };

/** A message of {@link FEED}, received at 1 s. */
export function message(changes: Partial<MessageEvent> = {}): MessageEvent {
  return { exchange: 'binance-spot', channel: 'bbo', bytes: 100, receiveTimeMs: 1_000, ...changes };
}

/** An instrumentation whose clock stands at 61 s, and what it has recorded. */
export function setUp(options: ExchangeInstrumentationOptions = {}, Provider = SDKS[0]![1]) {
  const { meterProvider, collect } = new Recording(Provider);
  const exchange = new ExchangeInstrumentation({ meterProvider, clock: () => 61_000, ...options });
  const droppedBy = async (reason: DropReason): Promise<unknown> =>
    (await collect()).valueOf(METRIC_EXCHANGE_EVENT_DROPPED, { [ATTR_EXCHANGE_DROP_REASON]: reason });
  return { exchange, collect, droppedBy };
}
