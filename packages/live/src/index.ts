export * from './client/index.ts';
export { encodeFrame } from './protocol/encode-frame.ts';
export { FRAME_HEADER_BYTES, PROTOCOL_VERSION, frameBytes } from './protocol/frame.ts';
export type { AnnouncedLimits, ClientMessage, ServerMessage } from './protocol/messages.ts';
export type { LiveAddress } from './server/endpoint.ts';
export { LiveServer } from './server/live-server.ts';
export { DEFAULT_LIMITS } from './server/options.ts';
export type { LiveLimits, LiveServerOptions } from './server/options.ts';
export type { LiveServerStats } from './server/stats.ts';
