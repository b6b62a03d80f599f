/** The processes that can be killed, stopped and restarted. */
export const TARGETS = ['desk', 'agent', 'collector', 'prometheus', 'bridge', 'statsd'] as const;
export type Target = (typeof TARGETS)[number];

/** The connections between them that have a fault proxy. */
export const HOPS = ['desk-agent', 'agent-collector', 'collector-prometheus', 'collector-bridge'] as const;
export type Hop = (typeof HOPS)[number];

/**
 * What a receiver does: three answers of HTTP, never answering, closing after half an answer, taking the request and losing
 * the answer, refusing the connection.
 */
export const TROUBLES = ['429', '503', '400', 'hang', 'half-close', 'lose-answer', 'refuse'] as const;
export type Trouble = (typeof TROUBLES)[number];

/**
 * What becomes of the connection between the bridge and its lossless subscriber: destroyed, closed in one direction only, or
 * open with nothing passing. Where in the stream of bytes, the fault's own random numbers say.
 */
export const LINK_TROUBLES = ['cut', 'half-close', 'stall'] as const;
export type LinkTrouble = (typeof LINK_TROUBLES)[number];

/** What the receiver of alerts does: fails, takes a message and never answers, goes away and comes back. */
export const RECEIVER_TROUBLES = ['500', 'hang', 'restart'] as const;
export type ReceiverTrouble = (typeof RECEIVER_TROUBLES)[number];

/** Whose files on disk are damaged while it is down. */
export const DAMAGED = ['desk', 'agent', 'collector'] as const;

/** One fault. */
export type Fault =
  | { readonly kind: 'kill'; readonly target: Target }
  | { readonly kind: 'stop'; readonly target: Target }
  | { readonly kind: 'restart'; readonly target: Target }
  | { readonly kind: 'network'; readonly hop: Hop; readonly trouble: Trouble }
  | {
      readonly kind: 'damage';
      readonly target: (typeof DAMAGED)[number];
      readonly how: 'flip' | 'truncate';
      /** Where in the file, in [0, 1). */
      readonly where: number;
    }
  | { readonly kind: 'link'; readonly trouble: LinkTrouble; readonly seed: number }
  | {
      readonly kind: 'receiver';
      readonly trouble: ReceiverTrouble;
      /** Also kills the bridge, once an alert waits for the receiver. */
      readonly killBridge: boolean;
    }
  | { readonly kind: 'disk-full' }
  | { readonly kind: 'clock'; readonly stepMillis: number };

/** A fault with its time: positions are counted in batches that the desk has recorded. */
export interface PlannedFault {
  readonly number: number;
  readonly fault: Fault;
  readonly begin: number;
  /** It is mended here; other faults may begin and end in between. */
  readonly end: number;
}

/** The fault in words. */
export function describeFault(fault: Fault): string {
  if (fault.kind === 'kill') return `kill -9 ${fault.target}`;
  if (fault.kind === 'stop') return `stop ${fault.target} (SIGSTOP)`;
  if (fault.kind === 'restart') return `restart ${fault.target} (SIGTERM)`;
  if (fault.kind === 'network') return `${fault.hop}: ${fault.trouble}`;
  if (fault.kind === 'link') return `live link: ${fault.trouble}`;
  if (fault.kind === 'receiver') {
    return `alert receiver: ${fault.trouble}${fault.killBridge ? ', and kill -9 bridge while alerts wait' : ''}`;
  }
  if (fault.kind === 'disk-full') return "fill the disk of the desk's log";
  if (fault.kind === 'clock') return `step the desk's clock by ${fault.stepMillis} ms`;
  return `${fault.how} bytes on disk of ${fault.target}, at ${(fault.where * 100).toFixed(0)} %`;
}

/** What a fault takes hold of; two faults of the same thing do not overlap. */
export function subjectsOf(fault: Fault): readonly string[] {
  if (fault.kind === 'network') return [fault.hop];
  if (fault.kind === 'link') return ['live link'];
  if (fault.kind === 'receiver') return fault.killBridge ? ['alert receiver', 'bridge'] : ['alert receiver'];
  if (fault.kind === 'disk-full' || fault.kind === 'clock') return ['desk'];
  return [fault.target];
}
