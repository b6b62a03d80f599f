/**
 * What a feed message says of itself. One object per connection, filled anew for each message, so that describing
 * allocates nothing of its own. Whatever a format does not tell is `undefined`.
 */
export interface MessageDescription {
  /** Kind of the message with low cardinality, as `trade`; never a symbol. */
  channel: string;
  symbol: string | undefined;
  /** The exchange's own stamp, Unix milliseconds. */
  eventTimeMs: number | undefined;
  sequence: number | undefined;
  firstId: number | undefined;
  lastId: number | undefined;
  previousLastId: number | undefined;
  /** Whether the sequence of the symbol starts anew with this message. */
  restarts: boolean;
  /** Messages missed before this one, where the format counts per connection and not per channel. */
  missed: number;
}

/** Channel of what is no market data: confirmations, heartbeats, errors. */
export const CONTROL_CHANNEL = 'control';

/**
 * Fills `into` from a parsed message. It may rely on nothing about the message: a vendor may send anything. What it
 * throws is counted as `invalid_message` by the caller, and never reaches the service.
 */
export type Describe = (message: unknown, into: MessageDescription) => void;

/** Makes the describer of one connection; it may remember what that connection has confirmed. */
export type MessageFormat = () => Describe;

/** A description of nothing yet. */
export function emptyDescription(): MessageDescription {
  return {
    channel: CONTROL_CHANNEL,
    symbol: undefined,
    eventTimeMs: undefined,
    sequence: undefined,
    firstId: undefined,
    lastId: undefined,
    previousLastId: undefined,
    restarts: false,
    missed: 0,
  };
}

/** Forgets the message before. */
export function clearDescription(into: MessageDescription): void {
  into.channel = CONTROL_CHANNEL;
  into.symbol = undefined;
  into.eventTimeMs = undefined;
  into.sequence = undefined;
  into.firstId = undefined;
  into.lastId = undefined;
  into.previousLastId = undefined;
  into.restarts = false;
  into.missed = 0;
}
