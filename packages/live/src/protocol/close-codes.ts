/** WebSocket close codes of the protocol; the one table is in PROTOCOL.md. */
export const CLOSE_GOING_AWAY = 4000;
/** The client sent no valid subscription in time. */
export const CLOSE_SUBSCRIBE_TIMEOUT = 4001;
/** The server has as many connections as it allows. */
export const CLOSE_TOO_MANY_CONNECTIONS = 4002;
/** The client's ticket or token is missing, wrong, used or too old. */
export const CLOSE_UNAUTHORIZED = 4003;
/** The client sent more messages than the rate allows. */
export const CLOSE_RATE_LIMITED = 4004;
/** The client read too slowly for what must not be left out: events, or a lossless stream. */
export const CLOSE_SLOW_CONSUMER = 4008;
