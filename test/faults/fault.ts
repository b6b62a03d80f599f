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
  if (fault.kind === 'disk-full') return "fill the disk of the desk's log";
  if (fault.kind === 'clock') return `step the desk's clock by ${fault.stepMillis} ms`;
  return `${fault.how} bytes on disk of ${fault.target}, at ${(fault.where * 100).toFixed(0)} %`;
}

/** What a fault takes hold of; two faults of the same thing do not overlap. */
export function subjectOf(fault: Fault): string {
  if (fault.kind === 'network') return fault.hop;
  if (fault.kind === 'disk-full' || fault.kind === 'clock') return 'desk';
  return fault.target;
}
