export { SYSTEM_CLOCK } from '../protocol/clock.ts';
export type { LiveClock } from '../protocol/clock.ts';
export { decodeFrame } from '../protocol/decode-frame.ts';
export { FrameError, LiveError } from '../protocol/errors.ts';
export type { FrameErrorCode, LiveErrorCode } from '../protocol/errors.ts';
export type { LiveEvent } from '../protocol/event.ts';
export type { FrameHeader, LiveFrame } from '../protocol/frame.ts';
export { compileFilter } from '../protocol/series-filter.ts';
export type { SeriesPredicate } from '../protocol/series-filter.ts';
export { inflateFrame } from '../protocol/inflate-frame.ts';
export type {
  AttributeFilter,
  HelloMessage,
  LiveDelivery,
  LiveLane,
  Recovery,
  SubscriptionFilter,
} from '../protocol/messages.ts';
export type {
  LiveSeries,
  SeriesAttributes,
  SeriesAttributeValue,
  SeriesDescriptor,
  SeriesField,
  SeriesKind,
} from '../protocol/series.ts';
export { LiveClient } from './live-client.ts';
export type { LiveClientOptions, LiveClientStats, LiveStatus, WebSocketConstructor, WebSocketLike } from './options.ts';
export type { LiveEventHandler, LiveListener } from './listeners.ts';
export { SeriesStore } from './series-store.ts';
export type { LiveSubscribeOptions, LiveSubscription } from './subscription.ts';
export type { LiveTotal } from './total.ts';
