/** What a topic is made of: `alerts`, `correlation`, `risk.limits`. */
export const TOPIC_PATTERN: RegExp = /^[A-Za-z0-9_.:/-]{1,128}$/;

/** Something that happened, as told to those who listen to its topic. */
export interface LiveEvent<Body = unknown> {
  readonly topic: string;
  /** Number of the event within its topic and epoch, from 1; a jump says how many were missed. */
  readonly seq: number;
  /** Unix milliseconds at which the server published it. */
  readonly timeMs: number;
  /** Whether this is the retained last event, told because somebody began to listen, and not news. */
  readonly replayed: boolean;
  readonly body: Body;
}
